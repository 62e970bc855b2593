import type { LevelResult } from './level-result.js';
import { sayLoad, sayLoads, sayNumber, sayShare, sayShares, sayTime, sayTimes } from './in-words.js';
import { pointOf } from './level-reading.js';
import type { Finding, LevelJudgement, SloBoundary } from './run-analysis.js';
import type { AnalysisThresholds } from './thresholds.js';

/** What the warnings are made from. `levels` by ascending load, invalid ones included. */
export interface BiasInput {
  levels: readonly LevelResult[];
  /** Their verdicts. */
  judgements: readonly LevelJudgement[];
  boundaries: readonly SloBoundary[];
  /** Objectives that no level tells anything about. */
  unknownSlos: readonly string[];
  closed: boolean;
  totalTimeoutSeconds: number;
  thresholds: AnalysisThresholds;
}

/** What may mislead a reader of the figures: most important first, nothing where nothing does. */
export function biasWarnings(input: BiasInput): Finding[] {
  const warnings = [
    invalidLevels(input),
    censoring(input),
    survivors(input),
    failuresAsThroughput(input),
    fasterSurvivors(input),
    notMeasured(input),
    notProven(input),
    leftOut(input),
    unsteady(input),
    smallSamples(input),
  ];
  return warnings.filter((warning) => warning !== null);
}

function loadsOf(levels: readonly LevelResult[]): number[] {
  return levels.map(({ load }) => load);
}

function invalidLevels({ judgements, closed }: BiasInput): Finding | null {
  const invalid = judgements.filter(({ verdict }) => verdict === 'invalid');
  if (invalid.length === 0) return null;
  const each = invalid.map(({ load, reason }) => `${sayLoad(load, closed)} (${reason})`);
  return { kind: 'invalid_levels', text: `Kept out of boundary, knee and summary as invalid: ${each.join('; ')}.` };
}

/** The client's time-out ends requests that the server would have answered later. */
function censoring({ levels, closed, totalTimeoutSeconds, thresholds }: BiasInput): Finding | null {
  const limit = thresholds.timeoutShare * totalTimeoutSeconds;
  const cut = levels.filter((level) => level.censored > 0 || level.latency.p95.value >= limit);
  if (cut.length === 0) return null;
  const p95 = cut.map((level) => level.latency.p95.value).filter(Number.isFinite);
  const range = p95.length === 0 ? '' : ` (E2E p95 there ${sayTimes(p95)})`;
  return {
    kind: 'censoring',
    text:
      `The client's time-out of ${sayTime(totalTimeoutSeconds)} cuts off requests at ${sayLoads(loadsOf(cut), closed)}${range}: ` +
      `their times are only known to be longer, and such failures are ours, not the server's.`,
  };
}

function survivors({ levels, closed, thresholds }: BiasInput): Finding | null {
  const failing = levels.filter(({ errorRatio }) => errorRatio >= thresholds.errorRatio);
  if (failing.length === 0) return null;
  const shares = sayShares(failing.map(({ errorRatio }) => errorRatio));
  return {
    kind: 'survivors',
    text:
      `At ${sayLoads(loadsOf(failing), closed)} ${shares} of the ` +
      `requests failed: latencies and TPOT there are those of the survivors and must not be compared with other levels.`,
  };
}

/** Completions per second rise while what users got does not. */
function failuresAsThroughput({ levels, closed }: BiasInput): Finding | null {
  const points = levels.map(pointOf).filter((point) => Number.isFinite(point.requestsPerSecond - point.okPerSecond));
  const last = points.at(-1);
  const first = points[0];
  if (first === undefined || last === undefined || points.length < 2) return null;
  const rises = last.requestsPerSecond > 1.1 * first.requestsPerSecond;
  if (!rises || last.okPerSecond > 1.05 * first.okPerSecond || !(last.errorRatio > 0)) return null;
  return {
    kind: 'failures_as_throughput',
    text:
      `Completions rise from ${sayNumber(first.requestsPerSecond)} to ${sayNumber(last.requestsPerSecond)} per second between ` +
      `${sayNumber(first.load)} and ${sayLoad(last.load, closed)} only because failures count as completions: ` +
      `successful ones go from ${sayNumber(first.okPerSecond)} to ${sayNumber(last.okPerSecond)}.`,
  };
}

/** TPOT falls as errors rise: fewer requests share the server, it has not become faster. */
function fasterSurvivors({ levels, closed, thresholds }: BiasInput): Finding | null {
  const whole = levels.filter(({ errorRatio, tpot }) => errorRatio < thresholds.errorRatio && tpot.p50.value > 0);
  const slowest = whole.reduce<LevelResult | null>(
    (a, b) => (a === null || b.tpot.p50.value > a.tpot.p50.value ? b : a),
    null,
  );
  if (slowest === null) return null;
  const faster = levels.filter(
    ({ load, errorRatio, tpot }) =>
      load > slowest.load && errorRatio >= thresholds.errorRatio && tpot.p50.value < 0.98 * slowest.tpot.p50.value,
  );
  const last = faster.at(-1);
  if (last === undefined) return null;
  return {
    kind: 'faster_survivors',
    text:
      `TPOT p50 is ${sayTime(last.tpot.p50.value)} at ${sayLoad(last.load, closed)} against ${sayTime(slowest.tpot.p50.value)} at ` +
      `${sayLoad(slowest.load, closed)} while ${sayShare(last.errorRatio)} of the requests fail: no gain, fewer requests share the server.`,
  };
}

function notMeasured({ unknownSlos }: BiasInput): Finding | null {
  if (unknownSlos.length === 0) return null;
  return {
    kind: 'not_measured',
    text: `No level tells whether ${unknownSlos.join(', ')} is met; the boundary is without.`,
  };
}

/** The highest passing level passes by what was seen, which is less than to have proven it. */
function notProven({ judgements, boundaries, closed }: BiasInput): Finding | null {
  const lastPass = boundaries[0]?.lastPass ?? null;
  const level = judgements.find(({ load, verdict }) => load === lastPass && verdict !== 'invalid');
  const open = level?.certificates.filter(({ certified }) => !certified) ?? [];
  if (level === undefined || open.length === 0) return null;
  const each = open.map(({ slo, requests, misses, requestsNeeded }) => {
    const needed = requestsNeeded === null ? 'at this share no number would' : `${requestsNeeded} would at this share`;
    return `${slo} (${misses} of ${requests} requests missed; ${needed})`;
  });
  return {
    kind: 'not_proven',
    text: `At ${sayLoad(level.load, closed)} the objectives are met by what was seen, but too few requests prove it at 99 % confidence: ${each.join(', ')}.`,
  };
}

function leftOut({ levels, closed }: BiasInput): Finding | null {
  const cut = levels.filter((level) => level.windowsUsed.length < level.windows.length);
  if (cut.length === 0) return null;
  const each = cut.map(({ load, windows, windowsUsed }) => {
    return `${windowsUsed.length} of ${windows.length} repetitions at ${sayLoad(load, closed)}`;
  });
  return { kind: 'left_out', text: `Figures are pooled from ${each.join(', ')}; the others were excluded or invalid.` };
}

function unsteady({ levels, closed }: BiasInput): Finding | null {
  const drifting = levels.filter(({ steady }) => !steady);
  if (drifting.length === 0) return null;
  return {
    kind: 'unsteady',
    text: `Measured before a steady state was reached at ${sayLoads(loadsOf(drifting), closed)}: figures there may still drift.`,
  };
}

const LEAST_P95 = 60;

function smallSamples({ levels, closed }: BiasInput): Finding | null {
  const few = levels.filter(({ ttft, latency }) => {
    const n = Math.max(ttft.p95.n, latency.p95.n);
    return n > 0 && n < LEAST_P95;
  });
  if (few.length === 0) return null;
  return {
    kind: 'small_samples',
    text: `Fewer than ${LEAST_P95} requests at ${sayLoads(loadsOf(few), closed)}: p95 there is close to the maximum.`,
  };
}
