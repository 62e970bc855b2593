import { LIVE_METRICS } from './catalogue/live-state.js';
import { RESULT_METRICS } from './catalogue/results.js';
import { RUN_METRICS } from './catalogue/run-record.js';
import { collectLiveState } from './collect/live-state.js';
import { collectResults } from './collect/results.js';
import { collectRunRecords } from './collect/run-record.js';
import { familiesOf } from './family.js';
import { labelSet, type MetricFamily } from './samples.js';
import type { LiveState, MetricSources, RetainedRun, WindowMark } from './sources.js';

export interface BackfillOptions {
  /** Seconds between two samples of a series. */
  stepSeconds: number;
  /** Added to every time, sample's and value's, seconds: 0 leaves the run where it was. */
  shiftSeconds: number;
  /** Labels as the scrape would have set them: `job`, `instance`, … */
  labels: Readonly<Record<string, string>>;
}

/** Live state that a finished run can still tell. */
const LIVE = ['loadgen_level', 'loadgen_phase', 'loadgen_repetition'];

/**
 * A run as Prometheus would have scraped it: OpenMetrics with timestamps, for `promtool tsdb create-blocks-from
 * openmetrics`. It has the run's record, its results as each level ended, level and phase. What a scrape adds up over the
 * life of a process (requests, histograms) is not in it. `startEpoch`, `endEpoch`: epoch seconds of the run.
 */
export function backfillText(run: RetainedRun, startEpoch: number, endEpoch: number, options: BackfillOptions): string {
  const { stepSeconds, shiftSeconds } = options;
  let now = startEpoch;
  const families = backfillFamilies(() => sourcesAt(run, now, shiftSeconds));
  const samples = families.map((): string[] => []);
  const steps = Math.ceil((endEpoch - startEpoch) / stepSeconds) + 1;
  const labels = labelSet(Object.keys(options.labels), options.labels).text;
  for (let step = 0; step <= steps; step++) {
    now = startEpoch + step * stepSeconds;
    const at = (now + shiftSeconds).toFixed(3);
    families.forEach((family, index) => {
      family.visit((suffix, { text }, value) => {
        const all = [labels, text].filter((part) => part !== '').join(',');
        samples[index]!.push(`${family.name}${suffix}${all === '' ? '' : `{${all}}`} ${value} ${at}`);
      }, false);
    });
  }
  const parts = families.flatMap((family, index) =>
    samples[index]!.length === 0 ? [] : [`# TYPE ${family.name} ${family.type}`, ...samples[index]!],
  );
  return `${[...parts, '# EOF'].join('\n')}\n`;
}

function backfillFamilies(at: () => Pick<MetricSources, 'runs' | 'live'>): MetricFamily[] {
  // The collectors used here read nothing but runs and live state.
  const sources = { runs: () => at().runs(), live: () => at().live() } as MetricSources;
  const live = familiesOf(LIVE_METRICS, collectLiveState, sources).filter(({ name }) => LIVE.includes(name));
  return [
    ...live,
    ...familiesOf(RUN_METRICS, collectRunRecords, sources),
    ...familiesOf(RESULT_METRICS, collectResults, sources),
  ];
}

function sourcesAt(run: RetainedRun, now: number, shift: number): Pick<MetricSources, 'runs' | 'live'> {
  return { runs: () => [knownAt(run, now, shift)], live: () => liveAt(run, now) };
}

/** The run as it was known at `now`: nothing that had yet to happen. */
function knownAt(run: RetainedRun, now: number, shift: number): RetainedRun {
  const over = (epoch: number): boolean => epoch <= now;
  const seen = (epoch: number): number => (over(epoch) ? epoch + shift : NaN);
  const begun = run.windows.filter(({ startedAt }) => over(startedAt));
  const openLoads = new Set(run.windows.filter(({ endedAt }) => !over(endedAt)).map(({ load }) => load));
  const ended = run.end === null || over(run.end.epochSeconds);
  const levelOver = ({ load }: { load: number }): boolean => !openLoads.has(load);
  const conclusions =
    run.conclusions === null
      ? null
      : {
          levels: run.conclusions.levels.filter(levelOver),
          boundary: ended ? run.conclusions.boundary : null,
          knee: ended ? run.conclusions.knee : null,
        };
  return {
    ...run,
    end: run.end !== null && ended ? { ...run.end, epochSeconds: run.end.epochSeconds + shift } : null,
    windows: begun.map((window) => ({
      ...window,
      startedAt: seen(window.startedAt),
      measureStartedAt: seen(window.measureStartedAt),
      measureEndedAt: seen(window.measureEndedAt),
      endedAt: seen(window.endedAt),
      ...(over(window.endedAt) ? {} : ({ verdict: 'unknown', cause: 'unknown', reasons: [] } as const)),
    })),
    levels: run.levels.filter(levelOver),
    conclusions,
  };
}

function liveAt(run: RetainedRun, now: number): LiveState {
  const window = run.windows.find(({ startedAt, endedAt }) => startedAt <= now && now < endedAt);
  return {
    run: run.run,
    phase: window === undefined ? 'idle' : phaseIn(window, now),
    level: window?.load ?? 0,
    snapshot: NaN,
    repetition: window?.repetition ?? 0,
    progressRatio: NaN,
    inFlight: NaN,
    backoffSlots: NaN,
    activeConversations: NaN,
    oldestUnansweredSeconds: NaN,
    alertsMuted: false,
  };
}

function phaseIn({ measureStartedAt, measureEndedAt }: WindowMark, now: number): LiveState['phase'] {
  if (now < measureStartedAt) return 'warmup';
  return now < measureEndedAt ? 'measure' : 'drain';
}
