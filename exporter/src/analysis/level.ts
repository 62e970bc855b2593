import type { Arrival, SloSpec } from '../config/spec.js';
import type { RequestRecord, WindowRecord } from '../measure/records.js';
import { gapQuantiles, poolGaps } from './itl.js';
import { LevelSample } from './level-sample.js';
import type { LevelResult, QuantileSet } from './level-result.js';
import { inFlightRatio, windowLittleRatio } from './little.js';
import { quantileSet } from './quantiles.js';
import { blockSizes, type Sample } from './sample.js';
import { sloShare } from './slo-share.js';

/** What summarising has to know of a spec. */
export interface LevelSpec {
  load: { arrival: Arrival };
  slo: SloSpec;
}

/** The windows of a level whose observations are pooled: valid and not excluded; all of them when none is. */
export function usableWindows(windows: readonly WindowRecord[]): WindowRecord[] {
  const good = windows.filter((window) => window.invalidReasons.length === 0 && window.excluded === null);
  return good.length > 0 ? good : [...windows];
}

/**
 * A level's figures from the raw observations of its windows: pooled, never averaged over snapshots or repetitions.
 * `levelIndex` counts the plan's levels from 0; `windows` and `records` may be those of the whole run. Pure.
 * @throws RangeError when the level has no window.
 */
export function summariseLevel(
  spec: LevelSpec,
  levelIndex: number,
  windows: readonly WindowRecord[],
  records: readonly RequestRecord[],
): LevelResult {
  const own = windows.filter((window) => window.level === levelIndex);
  if (own.length === 0) throw new RangeError(`level ${levelIndex} has no measured window to summarise`);
  const used = usableWindows(own);
  const sample = new LevelSample(used, records);
  const seconds = used.reduce((sum, window) => sum + window.measureEndedAt - window.measureStartedAt, 0);
  const place = standing(levelIndex, own, used);
  return {
    ...place,
    seconds,
    ...counts(sample),
    ...times(sample, used),
    ...rates(sample, used, seconds),
    ...tokens(sample),
    ...ratios(spec, used, records),
    slo: spec.slo.latency.map((objective) =>
      sloShare(sample.started, objective, sample.asOf, sample.blocks, place.valid),
    ),
    errorSlo: errorObjective(spec, sample, place.valid),
  };
}

function standing(
  level: number,
  own: readonly WindowRecord[],
  used: readonly WindowRecord[],
): Pick<LevelResult, 'level' | 'load' | 'windows' | 'windowsUsed' | 'valid' | 'invalidReasons' | 'steady'> {
  const valid = used.some((window) => window.invalidReasons.length === 0 && window.excluded === null);
  const reasons = used.flatMap((window) => [
    ...window.invalidReasons,
    ...(window.excluded === null ? [] : ['excluded']),
  ]);
  return {
    level,
    load: own[0]!.load,
    windows: own.map((window) => window.id),
    windowsUsed: used.map((window) => window.id),
    valid,
    invalidReasons: valid ? [] : [...new Set(reasons)],
    steady: used.every((window) => window.warmup.steady),
  };
}

function counts(
  sample: LevelSample,
): Pick<LevelResult, 'started' | 'completed' | 'ok' | 'errors' | 'errorRatio' | 'censored' | 'tpotExcluded'> {
  const { completed, ok, errors, censored, tpotExcluded } = sample;
  const errorRatio = completed === 0 ? NaN : (completed - ok) / completed;
  return { started: sample.started.length, completed, ok, errors, errorRatio, censored, tpotExcluded };
}

type Times =
  | 'ttft'
  | 'ttftFirstChunk'
  | 'ttftFirstVisible'
  | 'ttftFromIntended'
  | 'tpot'
  | 'itl'
  | 'latency'
  | 'latencyFromIntended';

function times(sample: LevelSample, used: readonly WindowRecord[]): Pick<LevelResult, Times> {
  const ttft = quantileSet(sample.ttft);
  const latency = quantileSet(sample.latency);
  const orSame = (variant: Sample, headline: Sample, known: QuantileSet): QuantileSet =>
    sameValues(variant, headline) ? known : quantileSet(variant);
  return {
    ttft,
    ttftFirstChunk: orSame(sample.ttftFirstChunk, sample.ttft, ttft),
    ttftFirstVisible: orSame(sample.ttftFirstVisible, sample.ttft, ttft),
    ttftFromIntended: orSame(sample.ttftFromIntended, sample.ttft, ttft),
    tpot: quantileSet(sample.tpot),
    itl: gapQuantiles(poolGaps(used.map((window) => window.itlHistogram)), blockSizes(sample.ttft.blocks).blocks),
    latency,
    latencyFromIntended: orSame(sample.latencyFromIntended, sample.latency, latency),
  };
}

function sameValues(a: Sample, b: Sample): boolean {
  const other = b.data;
  return a.size === b.size && a.data.every((value, index) => value === other[index]);
}

function rates(
  sample: LevelSample,
  used: readonly WindowRecord[],
  seconds: number,
): Pick<
  LevelResult,
  'requestsPerSecond' | 'okPerSecond' | 'conversationsPerSecond' | 'outputTokensPerSecond' | 'inputTokensPerSecond'
> {
  const outputTokens = used.reduce((sum, window) => sum + window.outputTokens, 0);
  return {
    requestsPerSecond: sample.completed / seconds,
    okPerSecond: sample.ok / seconds,
    conversationsPerSecond: sample.conversationsBegun / seconds,
    outputTokensPerSecond: outputTokens / seconds,
    inputTokensPerSecond: sample.inputKnown === 0 ? NaN : sample.inputTokens / seconds,
  };
}

function tokens(
  sample: LevelSample,
): Pick<LevelResult, 'inputTokensMean' | 'outputTokensMean' | 'tokensSource' | 'tokensPerChunk'> {
  const { usage, chunks } = sample.bySource;
  const known = usage > 0 ? 'usage' : 'chunks';
  return {
    inputTokensMean: sample.inputTokens / sample.inputKnown,
    outputTokensMean: sample.outputTokens / sample.outputKnown,
    tokensSource: usage > 0 && chunks > 0 ? 'mixed' : known,
    tokensPerChunk: sample.outputTokens / sample.tokenChunks,
  };
}

/** Mean over the windows, weighted by their length; NaN in open loop, where there is no number of users. */
function ratios(
  spec: LevelSpec,
  used: readonly WindowRecord[],
  records: readonly RequestRecord[],
): Pick<LevelResult, 'littleRatio' | 'inFlightRatio'> {
  if (spec.load.arrival !== 'closed') return { littleRatio: NaN, inFlightRatio: NaN };
  const weighted = (ratio: (window: WindowRecord) => number): number => {
    let sum = 0;
    let seconds = 0;
    for (const window of used) {
      const length = window.measureEndedAt - window.measureStartedAt;
      sum += ratio(window) * length;
      seconds += length;
    }
    return sum / seconds;
  };
  return {
    littleRatio: weighted((window) => windowLittleRatio(window, records)),
    inFlightRatio: weighted((window) => inFlightRatio(window, records)),
  };
}

function errorObjective(spec: LevelSpec, sample: LevelSample, valid: boolean): LevelResult['errorSlo'] {
  const limit = spec.slo.errorRatio;
  if (limit === null) return null;
  const { completed, ok } = sample;
  return { limit, pass: !valid || completed === 0 ? null : (completed - ok) / completed <= limit };
}
