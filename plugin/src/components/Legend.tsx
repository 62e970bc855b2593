import React from 'react';
import { useStyles2 } from '@grafana/ui';
import { VERDICTS, type Verdict } from '../data/model.js';
import type { Palette } from '../draw/palette.js';
import type { LinePlan } from '../plan/chart-plan.js';
import { TEXT } from '../text.js';
import { legendStyles } from './styles.js';
import { BandSwatch, HatchSwatch, LineSwatch } from './Swatch.js';

interface Props {
  lines: readonly LinePlan[];
  hidden: ReadonlySet<string>;
  verdicts: ReadonlySet<Verdict>;
  hatched: boolean;
  palette: Palette;
  onToggle: (key: string) => void;
}

/** Lines, which can be switched off, and what the bands mean. */
export function Legend({ lines, hidden, verdicts, hatched, palette, onToggle }: Props) {
  const styles = useStyles2(legendStyles);
  const baseline = lines.filter(({ isBaseline }) => isBaseline);
  return (
    <ul className={styles.legend}>
      {lines
        .filter(({ isBaseline }) => !isBaseline)
        .map(({ key, label, color, dash }) => (
          <li key={key}>
            <button
              type="button"
              className={styles.legendButton}
              aria-pressed={!hidden.has(key)}
              onClick={() => onToggle(key)}
            >
              <LineSwatch color={color} dash={dash} />
              {label}
            </button>
          </li>
        ))}
      {baseline.length > 0 && (
        <li>
          <button
            type="button"
            className={styles.legendButton}
            aria-pressed={!baseline.every(({ key }) => hidden.has(key))}
            onClick={() => baseline.forEach(({ key }) => onToggle(key))}
          >
            <LineSwatch color={palette.baseline} dash={[]} width={1.25} />
            {TEXT.baseline}
          </button>
        </li>
      )}
      {VERDICTS.filter((verdict) => verdicts.has(verdict) && verdict !== 'unknown').map((verdict) => (
        <li key={verdict} className={styles.legendItem}>
          <BandSwatch verdict={verdict} palette={palette} />
          {TEXT.mark[verdict]} {TEXT.verdict[verdict]}
        </li>
      ))}
      {hatched && (
        <li className={styles.legendItem}>
          <HatchSwatch palette={palette} />
          {TEXT.warmup}
        </li>
      )}
    </ul>
  );
}
