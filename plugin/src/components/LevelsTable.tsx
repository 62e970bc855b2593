import React, { useMemo } from 'react';
import { useStyles2, useTheme2 } from '@grafana/ui';
import type { SweepLevel, SweepRun } from '../data/model.js';
import { paletteOf, type Palette } from '../draw/palette.js';
import { formatLoad } from '../format.js';
import { levelColumns, type LevelColumn } from '../plan/level-columns.js';
import { causeText, TEXT } from '../text.js';
import { tableStyles } from './styles.js';

interface Props {
  run: SweepRun;
  baseline: SweepRun | null;
  className?: string | undefined;
}

/** One row a level: figures, whether they meet the objectives, and the change against the baseline's level. */
export const LevelsTable = React.memo(function LevelsTable({ run, baseline, className }: Props) {
  const styles = useStyles2(tableStyles);
  const theme = useTheme2();
  const palette = useMemo(() => paletteOf(theme), [theme]);
  const columns = levelColumns(run, baseline);
  return (
    <div
      className={className ?? styles.scroll}
      tabIndex={className === undefined ? 0 : undefined}
      role="region"
      aria-label={`Levels of ${run.name || run.id}`}
    >
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Level</th>
            <th scope="col">Verdict</th>
            {columns.map(({ key, title }) => (
              <th scope="col" key={key}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {run.levels.map((level) => (
            <LevelRow
              key={level.load}
              level={level}
              base={baseline?.levels.find(({ load }) => load === level.load)}
              columns={columns}
              palette={palette}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}, sameLevels);

/** The table is made anew only when a figure changes: at each refresh of a long sweep it would cost more than the chart. */
function sameLevels(a: Props, b: Props): boolean {
  return (
    a.run.levels === b.run.levels &&
    a.baseline?.levels === b.baseline?.levels &&
    a.className === b.className &&
    a.run.name === b.run.name
  );
}

function LevelRow({
  level,
  base,
  columns,
  palette,
}: {
  level: SweepLevel;
  base: SweepLevel | undefined;
  columns: readonly LevelColumn[];
  palette: Palette;
}) {
  const styles = useStyles2(tableStyles);
  const cause = causeText(level.cause);
  return (
    <tr style={{ background: palette.row[level.verdict] }}>
      <th scope="row">{formatLoad(level.load)}</th>
      <td style={{ boxShadow: `inset 4px 0 ${palette.edge[level.verdict]}` }}>
        {level.running ? `● ${TEXT.figuresToCome}` : `${TEXT.mark[level.verdict]} ${TEXT.verdict[level.verdict]}`}
        {cause !== '' && <span className={styles.small}>{cause}</span>}
      </td>
      {columns.map(({ key, cell }) => {
        const { text, pass, change } = cell(level, base);
        return (
          <td key={key}>
            {pass !== null && (
              <span className={pass ? styles.pass : styles.fail}>
                {pass ? `${TEXT.mark.clean} ` : `${TEXT.mark.saturated} `}
              </span>
            )}
            {text}
            {change !== '' && <span className={styles.small}>{change}</span>}
          </td>
        );
      })}
    </tr>
  );
}
