import { seededRandom } from '../../src/analysis/bootstrap.js';
import { observationsOf } from '../../src/analysis/compare/observations.js';
import type { ComparedFigure, ComparedLevel, ComparedRun } from '../../src/analysis/compare/types.js';
import type { LevelResult } from '../../src/analysis/level-result.js';
import { quantile } from '../../src/analysis/quantiles.js';
import type { RequestRecord, WindowRecord } from '../../src/measure/records.js';
import { record, window } from '../analysis/samples.js';
import { bare, UNKNOWN_LEVEL } from './seed-levels.js';

const FIGURES = {
  ttft_p50: 'ttft',
  ttft_p95: 'ttft',
  tpot_p50: 'tpot',
  tpot_p95: 'tpot',
  itl_p50: 'itl',
  itl_p95: 'itl',
  latency_p50: 'latency',
  latency_p95: 'latency',
  output_tokens_per_second: 'output_tokens_per_second',
  ok_per_second: 'ok_per_second',
  error_ratio: 'error_ratio',
} as const satisfies Record<ComparedFigure, string>;

/** Definitions of our own. */
export const OWN_DEFINITIONS: Record<ComparedFigure, string> = FIGURES;

/** A run by us of which nothing differs from another unless told. */
export function comparedRun(levels: readonly ComparedLevel[], changes: Partial<ComparedRun> = {}): ComparedRun {
  return {
    id: 'run',
    name: 'a run',
    tool: null,
    model: 'tiny',
    url: 'http://127.0.0.1:8000',
    endpoint: 'chat',
    arrival: 'closed',
    workload: { kind: 'synthetic', description: '256 in, 128 out', seed: null },
    objectives: '',
    deployment: {},
    loadGenerator: '4 cores of a CPU',
    repetitions: 1,
    levels,
    ...changes,
  };
}

/** A level of which only figures are known. */
export function pointLevel(load: number, changes: Partial<LevelResult>): ComparedLevel {
  return { result: { ...UNKNOWN_LEVEL, load, ...changes }, definitions: OWN_DEFINITIONS, observations: null };
}

export interface SyntheticLevel {
  users: number;
  /** Conversations measured, of 4 turns each. */
  conversations: number;
  seed: number;
  ttft?: number;
  tpot?: number;
  errorShare?: number;
}

const TURNS = 4;
const TOKENS = 64;
/** Share of the variance of log TTFT that lies between conversations. */
const BETWEEN = 0.3;

/**
 * A closed-loop level of lognormal times: log TTFT has a standard deviation of 0.5, of which conversations share a part
 * (intraclass correlation 0.3), log TPOT one of 0.1.
 */
export function syntheticLevel(options: SyntheticLevel): ComparedLevel {
  const records = syntheticRecords(options);
  const end = Math.max(...records.map(({ endedAt }) => endedAt)) + 1e-6;
  const measured: WindowRecord = window({
    load: options.users,
    measureStartedAt: 0,
    measureEndedAt: end,
    endedAt: end,
  });
  const observations = observationsOf(0, [measured], records)!;
  const set = (values: Float64Array): LevelResult['ttft'] => {
    const sorted = values.slice().sort();
    const at = (q: number) => bare(quantile(sorted, q));
    return { mean: bare(NaN), p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
  };
  const ok = records.filter(({ outcome }) => outcome === 'ok').length;
  return {
    definitions: OWN_DEFINITIONS,
    observations,
    result: {
      ...UNKNOWN_LEVEL,
      load: options.users,
      completed: records.length,
      ok,
      errorRatio: 1 - ok / records.length,
      ttft: set(observations.ttft.data),
      tpot: set(observations.tpot.data),
      latency: set(observations.latency.data),
      okPerSecond: ok / end,
      requestsPerSecond: records.length / end,
      outputTokensPerSecond: (ok * TOKENS) / end,
    },
  };
}

function syntheticRecords({
  users,
  conversations,
  seed,
  ttft = 0.2,
  tpot = 0.02,
  errorShare = 0,
}: SyntheticLevel): RequestRecord[] {
  const random = seededRandom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const free = Array.from({ length: users }, () => 0);
  const records: RequestRecord[] = [];
  for (let conversation = 0; conversation < conversations; conversation++) {
    const user = free.indexOf(Math.min(...free));
    const shared = Math.sqrt(BETWEEN) * normal();
    for (let turn = 1; turn <= TURNS; turn++) {
      const startedAt = free[user]!;
      const first = startedAt + ttft * Math.exp(0.5 * (shared + Math.sqrt(1 - BETWEEN) * normal()));
      const end = first + (TOKENS - 1) * tpot * Math.exp(0.1 * normal());
      const fails = random() < errorShare;
      free[user] = end;
      records.push(
        record(startedAt, {
          id: `${conversation}-${turn}`,
          conversation,
          turn,
          firstTokenAt: first,
          completedAt: fails ? NaN : end,
          endedAt: end,
          outputTokens: TOKENS,
          outcome: fails ? 'http_5xx' : 'ok',
        }),
      );
      if (fails) break;
    }
  }
  return records;
}
