import type { GaugeFigures, TelemetryFigures } from '../measure/telemetry-figures.js';
import { sayNumber, sayShare, sayTime } from './in-words.js';
import type { LevelResult } from './level-result.js';
import type { Cause, NamedCause } from './run-analysis.js';
import { boundCauses, prefillCause } from './cause-of-time.js';
import { imbalanceCause } from './cause-of-workers.js';

/** Where the signals begin to mean something. Ratios 0–1. */
export const CAUSE_LIMITS = {
  /** Share of samples with waiting requests. */
  waiting: 0.5,
  /** Mean ÷ peak of running requests from which they stand at a limit. */
  pinned: 0.9,
  /** A peak of at least so many: one slot below it in the mean is standing, too, as answers that end together leave it. */
  pinnedButOne: 4,
  kvUsage: 0.9,
  preemptionsPerRequest: 0.01,
  acceptance: 0.2,
  /** Queue time ÷ TTFT, both as the server tells them. */
  queueShare: 0.25,
} as const;

/** Causes of a level's being slow; of a healthy level they are only how it works, and not told. */
const CAUSES_OF_LOAD: readonly Cause[] = [
  'admission_limit',
  'queue',
  'kv_pressure',
  'prefill',
  'memory_bound',
  'compute_bound',
];

/** Whether a cause is worth telling of a level that is neither degrading nor saturated. */
export const isCauseOfHealthy = ({ cause }: NamedCause): boolean => !CAUSES_OF_LOAD.includes(cause);

/** What the signals of one level are compared with. */
export interface CauseContext {
  /** The valid level of lowest load with telemetry; null: none. */
  lowest: LevelResult | null;
}

/**
 * Why a level is as it is, from the server's, the GPU's and our own signals, each with the numbers that decided, most
 * important first. Signals that are not there name nothing. Pure.
 */
export function causesOf(level: LevelResult, { lowest }: CauseContext): NamedCause[] {
  const figures = level.telemetry ?? null;
  const found = [...restart(level, figures), ...client(level, lowest), ...contamination(level)];
  if (figures === null) return found;
  const imbalance = imbalanceCause(figures);
  const pressure = kvPressure(figures);
  const limit = imbalance === null && pressure === null ? admissionLimit(level, figures) : null;
  const blocked = [imbalance, pressure, limit].filter((cause) => cause !== null);
  const waiting = blocked.length === 0 ? queue(figures) : [];
  const unblocked = blocked.length === 0 && waiting.length === 0;
  return [
    ...found,
    ...blocked,
    ...waiting,
    ...speculation(figures),
    ...(unblocked ? [...prefillCause(figures, lowest?.telemetry ?? null), ...boundCauses(figures)] : []),
  ];
}

/** The causes of each level by its index; levels of which nothing is known are left out. */
export function causesByLevel(levels: readonly LevelResult[]): Map<number, NamedCause[]> {
  const seen = levels.filter(({ valid, telemetry }) => valid && telemetry != null);
  const lowest = seen.reduce<LevelResult | null>((a, b) => (a === null || b.load < a.load ? b : a), null);
  const named = levels.map((level) => [level.level, causesOf(level, { lowest })] as const);
  return new Map(named.filter(([, causes]) => causes.length > 0));
}

function restart(level: LevelResult, figures: TelemetryFigures | null): NamedCause[] {
  const restarted = figures?.coverage.filter(({ restarts }) => restarts > 0) ?? [];
  if (restarted.length === 0) {
    return level.invalidReasons.includes('restart')
      ? [{ cause: 'restart', text: 'the server was restarted while it was measured' }]
      : [];
  }
  const times = restarted.map(
    ({ upstream, restarts }) => `${upstream} ${restarts === 1 ? 'once' : `${restarts} times`}`,
  );
  return [{ cause: 'restart', text: `the server was restarted while it was measured: ${times.join(', ')}` }];
}

const CLIENT_GATES: Readonly<Record<string, string>> = {
  stamp_delay: 'the load threads stamped answers late: give the load generator more CPU, then measure again',
  throttling: 'the kernel throttled this process',
  in_flight: 'users had no request under way that should have had one',
  started: 'arrivals were not sent when they were due',
};
/** TTFT that the client sees beyond the server's own, above what it sees at the lowest level. */
const GAP_SECONDS = 0.02;
const GAP_SHARE = 0.25;

function client(level: LevelResult, lowest: LevelResult | null): NamedCause[] {
  const gates = level.invalidReasons.flatMap((reason) => CLIENT_GATES[reason] ?? []);
  if (gates.length > 0) return [{ cause: 'client', text: `the load generator, not the server: ${gates.join('; ')}` }];
  const [here, below] = [level.telemetry, lowest?.telemetry];
  if (here == null || below == null || lowest?.level === level.level) return [];
  const grown = here.ttftGapSeconds - below.ttftGapSeconds;
  if (!(grown > GAP_SECONDS && grown > GAP_SHARE * here.ttftSeconds)) return [];
  const text =
    `the client sees first tokens ${sayTime(here.ttftGapSeconds)} later than the server says it sent them, ` +
    `${sayTime(below.ttftGapSeconds)} at the lowest level: this client, the network or a proxy`;
  return [{ cause: 'client', text }];
}

function contamination({ cache, invalidReasons }: LevelResult): NamedCause[] {
  if (cache?.state !== 'contaminated' && !invalidReasons.includes('cache')) return [];
  const numbers =
    cache == null
      ? ''
      : `: ${sayShare(cache.observed)} of the prompt tokens were found, ${sayShare(cache.expected)} by this workload`;
  return [{ cause: 'cache_contaminated', text: `the prefix cache held prompts from before${numbers}` }];
}

function kvPressure({
  kvUsage,
  preemptions,
  preemptionsPerRequest,
  waitingShare,
}: TelemetryFigures): NamedCause | null {
  const full = kvUsage.peak >= CAUSE_LIMITS.kvUsage;
  const preempting = preemptionsPerRequest >= CAUSE_LIMITS.preemptionsPerRequest;
  if (!preempting && !(full && (preemptions >= 1 || waitingShare >= CAUSE_LIMITS.waiting))) return null;
  const parts = [
    Number.isNaN(kvUsage.peak) ? '' : `KV cache up to ${sayShare(kvUsage.peak)}`,
    preemptions >= 1
      ? `${sayNumber(Math.round(preemptions))} preemptions (${sayNumber(preemptionsPerRequest)} a request)`
      : '',
    waitingShare > 0 ? `requests waited in ${sayShare(waitingShare)} of the samples` : '',
  ];
  return { cause: 'kv_pressure', text: `the KV cache is full: ${parts.filter((part) => part !== '').join(', ')}` };
}

function admissionLimit({ load }: LevelResult, figures: TelemetryFigures): NamedCause | null {
  const { requestsRunning: running, requestsWaiting: waiting, waitingShare, maxNumSeqs, kvUsage } = figures;
  if (!(waitingShare >= CAUSE_LIMITS.waiting && stands(running))) return null;
  if (maxNumSeqs > 0 && running.peak < CAUSE_LIMITS.pinned * maxNumSeqs) return null;
  const slots = maxNumSeqs > 0 ? maxNumSeqs : Math.round(running.peak);
  const kv = Number.isNaN(kvUsage.peak) ? '' : `, KV cache up to ${sayShare(kvUsage.peak)} only`;
  const advertised = maxNumSeqs > 0 ? ', as the server advertises' : '';
  const text =
    `admission limit S = ${sayNumber(slots)}${advertised}: running stands at ${sayNumber(running.mean)} while ` +
    `${sayNumber(waiting.mean)} wait (of ${sayNumber(load)}), in ${sayShare(waitingShare)} of the samples${kv}`;
  return { cause: 'admission_limit', text };
}

function stands({ mean, peak }: GaugeFigures): boolean {
  return mean >= CAUSE_LIMITS.pinned * peak || (peak >= CAUSE_LIMITS.pinnedButOne && mean >= peak - 1);
}

function queue({ requestsWaiting, waitingShare, queueSeconds, ttftSeconds }: TelemetryFigures): NamedCause[] {
  const waits = waitingShare >= CAUSE_LIMITS.waiting;
  const slow = queueSeconds >= CAUSE_LIMITS.queueShare * ttftSeconds;
  if (!waits && !slow) return [];
  const parts = [
    waits ? `${sayNumber(requestsWaiting.mean)} requests wait, in ${sayShare(waitingShare)} of the samples` : '',
    Number.isNaN(queueSeconds) ? '' : `mean queue time ${sayTime(queueSeconds)} of a TTFT of ${sayTime(ttftSeconds)}`,
  ];
  return [{ cause: 'queue', text: `requests queue: ${parts.filter((part) => part !== '').join(', ')}` }];
}

function speculation(figures: TelemetryFigures): NamedCause[] {
  const { specAcceptanceRatio: rate, specDraftTokensPerSecond: drafted, specAcceptanceLength: length } = figures;
  if (!(drafted > 0 && rate < CAUSE_LIMITS.acceptance)) return [];
  const tokens = Number.isNaN(length) ? '' : `, ${sayNumber(length)} tokens a step`;
  const text = `speculative decoding is of no use: ${sayShare(rate)} of ${sayNumber(drafted)} draft tokens/s accepted${tokens}`;
  return [{ cause: 'speculation_useless', text }];
}
