import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { useSize } from '../../src/panel/use-size.js';
import { PanelFrame, type PanelFrameProps } from './PanelFrame.js';

/** A panel in a frame with a title, as wide as there is room. */
export function PanelBox({ title, height, ...panel }: Omit<PanelFrameProps, 'width'> & { title: string }) {
  const styles = useStyles2(boxStyles);
  const [body, { width }] = useSize<HTMLDivElement>();
  return (
    <section className={styles.box} aria-label={title}>
      <h2 className={styles.title}>{title}</h2>
      <div ref={body} style={{ height }}>
        {width > 0 && <PanelFrame {...panel} width={width} height={height} />}
      </div>
    </section>
  );
}

function boxStyles({ colors, spacing, shape, typography }: GrafanaTheme2) {
  return {
    box: css({
      minWidth: 0,
      background: colors.background.primary,
      border: `1px solid ${colors.border.weak}`,
      borderRadius: shape.radius.default,
      padding: spacing(1),
    }),
    title: css({
      fontSize: typography.h6.fontSize,
      fontWeight: typography.fontWeightMedium,
      margin: spacing(0, 0, 1, 1),
    }),
  };
}
