import React, { useState } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { call, type RunSummary } from './api.js';

const MOST_USERS = 256;

interface Props {
  run: RunSummary | null;
  /** Users now; NaN: not known. */
  level: number;
}

/** Start and stop of the configured sweep, its levels, and load by hand. */
export function Controls({ run, level }: Props) {
  const styles = useStyles2(controlStyles);
  const [problem, setProblem] = useState('');
  const running = run?.state === 'running';
  const act = (method: string, path: string, body?: unknown): void => {
    call(method, path, body).then(
      () => setProblem(''),
      (error: unknown) => setProblem((error as Error).message),
    );
  };
  return (
    <section className={styles.bar} aria-label="Control">
      <button type="button" className={styles.primary} disabled={running} onClick={() => act('POST', '/api/v1/sweeps')}>
        Start sweep
      </button>
      <button
        type="button"
        className={styles.plain}
        disabled={!running}
        onClick={() => run !== null && act('POST', run.links.stop)}
      >
        Stop
      </button>
      {run !== null && run.levels.length > 0 && <LevelList levels={run.levels} current={running ? level : NaN} />}
      <UsersSlider
        disabled={running && run.kind === 'sweep'}
        users={run?.kind === 'load' && running ? level : 0}
        onSet={(users) => act('PATCH', '/api/v1/load', { users })}
      />
      {run !== null && !running && (
        <a className={styles.link} href={`${run.links.report}?format=md`}>
          Report
        </a>
      )}
      {problem !== '' && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}

function LevelList({ levels, current }: { levels: readonly number[]; current: number }) {
  const styles = useStyles2(controlStyles);
  return (
    <ol className={styles.levels} aria-label="Planned levels">
      {levels.map((level, index) => (
        <li key={`${index} ${level}`} className={styles.level} aria-current={level === current ? 'step' : undefined}>
          {level}
        </li>
      ))}
    </ol>
  );
}

/** Users by hand: sent when the handle is let go, so that the server is not asked for every step between. */
function UsersSlider({ disabled, users, onSet }: { disabled: boolean; users: number; onSet: (users: number) => void }) {
  const styles = useStyles2(controlStyles);
  const [wanted, setWanted] = useState<number | null>(null);
  const shown = wanted ?? (Number.isNaN(users) ? 0 : users);
  const send = (): void => {
    if (wanted !== null) onSet(wanted);
    setWanted(null);
  };
  return (
    <label className={styles.slider} title={disabled ? 'A sweep is under way' : 'Load by hand'}>
      Users by hand
      <input
        type="range"
        min={0}
        max={MOST_USERS}
        step={1}
        value={shown}
        disabled={disabled}
        onChange={(event) => setWanted(Number(event.currentTarget.value))}
        onPointerUp={send}
        onKeyUp={send}
        onBlur={send}
      />
      <output>{shown}</output>
    </label>
  );
}

function controlStyles({ colors, spacing, shape, typography }: GrafanaTheme2) {
  const button = {
    font: 'inherit',
    padding: spacing(0.5, 2),
    borderRadius: shape.radius.default,
    cursor: 'pointer',
    '&:disabled': { opacity: 0.5, cursor: 'default' },
  };
  return {
    bar: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: spacing(1, 2) }),
    primary: css({
      ...button,
      background: colors.primary.main,
      color: colors.primary.contrastText,
      border: '1px solid transparent',
    }),
    plain: css({
      ...button,
      background: 'transparent',
      color: colors.text.primary,
      border: `1px solid ${colors.border.medium}`,
    }),
    levels: css({ display: 'flex', flexWrap: 'wrap', gap: 4, margin: 0, padding: 0, listStyle: 'none' }),
    level: css({
      padding: spacing(0, 1),
      borderRadius: shape.radius.default,
      border: `1px solid ${colors.border.medium}`,
      color: colors.text.secondary,
      '&[aria-current]': {
        borderColor: colors.primary.border,
        color: colors.text.primary,
        fontWeight: typography.fontWeightMedium,
        boxShadow: `inset 0 -3px ${colors.primary.border}`,
      },
    }),
    slider: css({
      display: 'inline-flex',
      alignItems: 'center',
      gap: spacing(1),
      color: colors.text.secondary,
      '& output': { minWidth: '3ch', fontVariantNumeric: 'tabular-nums' },
    }),
    link: css({ color: colors.text.link }),
    problem: css({ flexBasis: '100%', margin: 0, color: colors.error.text }),
  };
}
