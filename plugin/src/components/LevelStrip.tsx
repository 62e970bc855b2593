import React from 'react';
import { useStyles2 } from '@grafana/ui';
import type { StripItem } from '../draw/strip.js';
import { chartStyles } from './styles.js';

interface Props {
  items: readonly StripItem[];
  label: string;
  /** Makes the items buttons. */
  onPick?: ((index: number) => void) | undefined;
}

/** Labels of levels above the chart: what the bands are, in words, and the way to zoom to one. */
export function LevelStrip({ items, label, onPick }: Props) {
  const styles = useStyles2(chartStyles);
  return (
    <ul className={styles.strip} aria-label={label}>
      {items.map((item, index) => (
        <li key={item.key} className={styles.item} style={{ left: item.left, width: item.width }}>
          {onPick === undefined ? (
            <span title={item.spoken}>
              <span aria-hidden="true">{item.label}</span>
              <span className={styles.hidden}>{item.spoken}</span>
            </span>
          ) : (
            <button
              type="button"
              className={styles.button}
              aria-label={item.spoken}
              title={item.spoken}
              onClick={() => onPick(index)}
            >
              {item.label}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
