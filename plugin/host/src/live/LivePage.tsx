import React, { useMemo, useState } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2, PanelPlugin } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { PanelBox } from '../PanelBox.js';
import { Controls } from './Controls.js';
import { feedFrames, liveValue, newestStart, type Feed } from './feed.js';
import { useFeed, useRuns } from './use-polled.js';

/** Shown before the first window, seconds. */
const LEAST_SPAN = 120;

interface Span {
  fromMs: number;
  toMs: number;
}

/** The sidecar's page: what runs now, and the newest run's pictures, without Grafana and Prometheus. */
export function LivePage({ plugin }: { plugin: PanelPlugin }) {
  const styles = useStyles2(pageStyles);
  const { feed, problem: feedProblem } = useFeed();
  const { runs, problem: runsProblem } = useRuns();
  const [zoom, setZoom] = useState<Span | null>(null);
  const run = runs.find(({ state }) => state === 'running') ?? runs[0] ?? null;
  const problem = feedProblem === '' ? runsProblem : feedProblem;
  return (
    <main className={styles.page}>
      <header className={styles.header}>
        <h1 className={styles.title}>Sweepscope</h1>
        <span role="status">{run === null ? 'no run yet' : `${run.name} · ${run.state}`}</span>
        <nav className={styles.nav} aria-label="Links">
          {zoom !== null && (
            <button type="button" onClick={() => setZoom(null)}>
              Back to now
            </button>
          )}
          <a href="/metrics">metrics</a>
        </nav>
      </header>
      <Controls run={run} level={feed === null ? NaN : liveValue(feed, 'loadgen_level')} />
      {problem !== '' && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      {feed !== null && <Panels plugin={plugin} feed={feed} zoom={zoom} onZoom={setZoom} />}
    </main>
  );
}

interface PanelsProps {
  plugin: PanelPlugin;
  feed: Feed;
  zoom: Span | null;
  onZoom: (span: Span) => void;
}

function Panels({ plugin, feed, zoom, onZoom }: PanelsProps) {
  const styles = useStyles2(pageStyles);
  const frames = useMemo(() => feedFrames(feed), [feed]);
  const span = zoom ?? spanOf(feed);
  const common = {
    plugin,
    frames,
    ...span,
    stepMs: feed.step * 1000,
    onChangeTimeRange: ({ from, to }: { from: number; to: number }) => onZoom({ fromMs: from, toMs: to }),
  };
  return (
    <>
      <PanelBox {...common} title="Sweep over time" options={TIMELINE} height={420} />
      <div className={styles.columns}>
        <PanelBox {...common} title="Latency over level" options={CURVE} height={440} />
        <PanelBox {...common} title="Levels" options={LEVELS} height={440} />
      </div>
    </>
  );
}

const TIMELINE = { view: 'timeline' } as const;
const CURVE = { view: 'curve' } as const;
const LEVELS = { view: 'levels', showSummary: false } as const;

/** From just before the newest run's start until now. */
function spanOf(feed: Feed): Span {
  const start = Math.min(newestStart(feed) ?? feed.now, feed.now - LEAST_SPAN);
  const margin = (feed.now - start) * 0.02;
  return { fromMs: (start - margin) * 1000, toMs: feed.now * 1000 };
}

function pageStyles({ colors, spacing, typography }: GrafanaTheme2) {
  return {
    page: css({ display: 'grid', gap: spacing(2), padding: spacing(2), maxWidth: 1800, margin: '0 auto' }),
    header: css({
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'baseline',
      gap: spacing(2),
      color: colors.text.secondary,
    }),
    title: css({ fontSize: typography.h3.fontSize, margin: 0, color: colors.text.primary }),
    nav: css({ marginLeft: 'auto', display: 'flex', gap: spacing(2), '& a': { color: colors.text.link } }),
    columns: css({
      display: 'grid',
      gap: spacing(2),
      gridTemplateColumns: 'repeat(auto-fit, minmax(min(560px, 100%), 1fr))',
    }),
    problem: css({ margin: 0, color: colors.error.text }),
  };
}
