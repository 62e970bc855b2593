import type { ProblemCode, RunState, Verdict } from './data/model.js';
import type { Measure } from './data/roles.js';

/** Every word that the panel shows. */
export const TEXT = {
  verdict: {
    unknown: 'not judged',
    clean: 'clean',
    degrading: 'degrading',
    saturated: 'saturated',
    invalid: 'invalid',
  } satisfies Record<Verdict, string>,
  /** Stands beside a colour, so that no state is told by colour alone. */
  mark: { unknown: '·', clean: '✓', degrading: '▲', saturated: '✕', invalid: '⊘' } satisfies Record<Verdict, string>,
  state: {
    running: 'running',
    completed: 'completed',
    aborted: 'aborted',
    interrupted: 'interrupted',
    unknown: 'no end known',
  } satisfies Record<RunState, string>,
  ended: { interrupted: 'Interrupted: no end is known and no samples come any more', aborted: 'Aborted' },
  measure: {
    ttft: 'TTFT',
    tpot: 'TPOT',
    itl: 'ITL',
    latency: 'E2E latency',
    tokens: 'Output tokens/s',
    requests: 'Requests/s',
    errors: 'Errors',
    inflight: 'In flight',
    other: 'Other series',
  } satisfies Record<Measure, string>,
  phase: {
    idle: 'idle',
    prime: 'prime',
    warmup: 'warm-up',
    measure: 'measuring',
    cooldown: 'cool-down',
    drain: 'drain',
    probe: 'probe',
  } as Readonly<Record<string, string>>,
  cause: {
    admission_limit: 'slot limit',
    queue: 'queue',
    kv_pressure: 'KV cache full',
    prefill: 'prefill',
    memory_bound: 'memory-bound',
    compute_bound: 'compute-bound',
    speculation_useless: 'speculation useless',
    worker_imbalance: 'worker imbalance',
    client: 'client, network or proxy',
    cache_contaminated: 'cache not as designed',
    restart: 'server restarted',
  } as Readonly<Record<string, string>>,
  problem: {
    'no-number': (detail) => `query ${detail} has no numbers`,
    'not-finite': (detail) => `${detail} has infinite values or text, which are left out`,
    negative: (detail) => `negative ${detail} left out`,
    'out-of-order': (detail) => `query ${detail} was not in order of time and has been sorted`,
    'bad-level': (detail) => `not a level: ${detail}`,
    duplicate: (detail) => `${detail} was told twice with different values; the newer or larger one is shown`,
    'bad-edges': (detail) => `window ${detail} ends before it begins and is left out`,
    'sampled-edges': () => 'levels are taken from samples: add loadgen_window_timestamp_seconds for exact edges',
    'clock-skew': (detail) => `the exporter's clock is ${detail} ahead of the samples`,
    'too-many-series': (detail) => `too many series to draw (${detail})`,
    'unknown-level-field': (detail) => `no field is named "${detail}"`,
  } satisfies Record<ProblemCode, (detail: string) => string>,
  noData: {
    title: 'No sweep in this time range',
    failed: 'The queries failed',
    waiting: 'Waiting for the first level to end',
    noFigures: 'No figures of levels',
    timeline: 'Add queries for loadgen_window_timestamp_seconds, loadgen_window_info and loadgen_ttft_all_seconds.',
    curve: 'Add queries for loadgen_result_ttft_seconds and loadgen_level_verdict, as instant or range query.',
    foreign: 'Other data: name its level field under "Foreign data" in the options.',
  },
  warmup: 'warm-up',
  measuring: 'measured',
  slo: 'SLO',
  baseline: 'baseline',
  knee: (load: string) => `knee ${load}`,
  boundary: (lastPass: string, firstFail: string) => `SLO boundary ${lastPass}–${firstFail}`,
  users: (load: string) => `${load} users`,
  zoomTo: (load: string) => `Zoom to level ${load}`,
  close: 'Close',
  now: 'now',
  figuresToCome: 'figures to come',
};

/** A cause's name in words; several are joined by commas, and codes that are not known stay as they are. */
export function causeText(codes: string): string {
  return codes
    .split(/,\s*/)
    .filter((code) => code !== '')
    .map((code) => TEXT.cause[code] ?? code)
    .join(', ');
}
