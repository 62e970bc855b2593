import React from 'react';
import { createPortal } from 'react-dom';
import { cx } from '@emotion/css';
import type { LinkModel } from '@grafana/data';
import { getPortalContainer, useStyles2 } from '@grafana/ui';
import type { Palette } from '../draw/palette.js';
import { formatLoad } from '../format.js';
import type { Readout } from '../plan/readout.js';
import { TEXT } from '../text.js';
import { tooltipStyles } from './styles.js';
import { LineSwatch } from './Swatch.js';

interface Props {
  readout: Readout;
  palette: Palette;
  pinned: boolean;
  /** In the browser's window, pixels. */
  at: { left: number; top: number };
  links: readonly LinkModel[];
  onZoom?: (() => void) | undefined;
  onClose: () => void;
}

/**
 * Our own instead of Grafana's TooltipPlugin2, which closes a pinned tooltip whenever new data arrive: on a sweep that
 * refreshes each second nothing could be read.
 */
export function SweepTooltip({ readout, palette, pinned, at, links, onZoom, onClose }: Props) {
  const styles = useStyles2(tooltipStyles);
  const toLeft = at.left > window.innerWidth / 2;
  const upwards = at.top > window.innerHeight / 2;
  const place: React.CSSProperties = {
    ...(toLeft ? { right: window.innerWidth - at.left + 14 } : { left: at.left + 14 }),
    ...(upwards ? { bottom: window.innerHeight - at.top + 10 } : { top: at.top + 10 }),
  };
  const { level } = readout;
  return createPortal(
    <div
      className={cx(styles.tooltip, !pinned && styles.passive)}
      style={place}
      role={pinned ? 'dialog' : 'status'}
      aria-label={readout.title}
      data-sweep-tooltip={pinned ? 'pinned' : 'hover'}
    >
      <div className={styles.title}>
        {readout.title}
        {pinned && (
          <button type="button" className={styles.action} aria-label={TEXT.close} onClick={onClose}>
            ✕
          </button>
        )}
      </div>
      {level !== null && <TooltipLevel level={level} palette={palette} />}
      <TooltipRows readout={readout} palette={palette} />
      {pinned && <TooltipActions readout={readout} links={links} onZoom={onZoom} />}
    </div>,
    getPortalContainer(),
  );
}

function TooltipLevel({ level, palette }: { level: NonNullable<Readout['level']>; palette: Palette }) {
  const styles = useStyles2(tooltipStyles);
  return (
    <div className={styles.level} style={{ borderLeft: `4px solid ${palette.edge[level.verdict]}`, paddingLeft: 6 }}>
      {level.text}
      {level.detail !== '' && <div className={styles.detail}>{level.detail}</div>}
    </div>
  );
}

function TooltipRows({ readout, palette }: { readout: Readout; palette: Palette }) {
  const styles = useStyles2(tooltipStyles);
  const tone = { good: palette.edge.clean, bad: palette.slo, plain: palette.textWeak };
  return (
    <table className={styles.rows}>
      <tbody>
        {readout.rows.map(({ key, label, color, dash, value, delta, tone: kind }) => (
          <tr key={key}>
            <td>
              <LineSwatch color={color} dash={dash} /> {label}
            </td>
            <td className={styles.value}>{value}</td>
            <td style={{ color: kind === 'good' ? palette.textWeak : tone[kind] }}>{delta}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function TooltipActions({ readout, links, onZoom }: Pick<Props, 'readout' | 'links' | 'onZoom'>) {
  const styles = useStyles2(tooltipStyles);
  return (
    <div className={styles.actions}>
      {onZoom !== undefined && readout.window !== null && (
        <button type="button" className={styles.action} onClick={onZoom}>
          {TEXT.zoomTo(formatLoad(readout.window.load))}
        </button>
      )}
      {links.map(({ href, title, target, onClick }) => (
        <a key={href + title} className={styles.action} href={href} target={target} rel="noreferrer" onClick={onClick}>
          {title}
        </a>
      ))}
    </div>
  );
}
