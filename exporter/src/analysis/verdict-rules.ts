import type { LevelResult } from './level-result.js';
import { sayGainValue, sayLoad, sayNumber, sayShare, sayTime } from './in-words.js';
import { littleReading, throughputOf } from './level-reading.js';
import type { Verdict, VerdictNumbers } from './run-analysis.js';
import { predictedTtft, type SlotLimit } from './slot-limit.js';
import { bindingSlo, ERRORS, type SloReading } from './slo-reading.js';
import type { AnalysisThresholds } from './thresholds.js';

/** What a level is judged against. */
export interface VerdictContext {
  closed: boolean;
  thresholds: AnalysisThresholds;
  /** The valid level of lowest load with a known TTFT; null: none. */
  lowest: LevelResult | null;
  /** Of the valid levels below, the one of highest throughput; null: none. */
  bestBelow: LevelResult | null;
  slotLimit: SlotLimit | null;
  /** Of this level. */
  readings: readonly SloReading[];
}

/** A verdict with its reason in words and the numbers behind it. */
export interface Judged {
  verdict: Verdict;
  reason: string;
  codes: string[];
  numbers: VerdictNumbers;
}

/** One reason: in words, and what it is about. */
interface Reason {
  text: string;
  codes: readonly string[];
}

/**
 * The verdict rules: *saturated* when TTFT p50 is more than `ttftFactor` times that of the lowest valid level and
 * throughput gains less than `gainPerUser`, or when `errorRatio` of the requests fail; else *degrading* when an SLO fails
 * or throughput gains less; else *clean*; *invalid* by the gate of its windows or by Little's law.
 */
export function judgeLevel(level: LevelResult, context: VerdictContext): Judged {
  const numbers = numbersOf(level, context);
  const because = (verdict: Verdict, reasons: readonly Reason[]): Judged => {
    const reason = reasons.map(({ text }) => text).join('; ');
    return { verdict, reason, codes: reasons.flatMap(({ codes }) => codes), numbers };
  };
  const invalid = invalidReason(level, context.closed);
  if (invalid !== null) return because('invalid', [invalid]);
  const saturated = saturatedReasons(level, context, numbers);
  if (saturated.length > 0) return because('saturated', saturated);
  const degrading = degradingReasons(context, numbers);
  if (degrading.length > 0) return because('degrading', degrading);
  const known = [throughputOf(level), level.ttft.p50.value, level.errorRatio].some(Number.isFinite);
  if (!known) return because('unknown', [{ text: 'neither throughput, TTFT nor errors are known', codes: [] }]);
  return because('clean', [{ text: cleanReason(level, context, numbers), codes: [] }]);
}

/** Throughput gained per load added, (ΔX/X)/(ΔN/N); NaN where one is not known. */
export function gainPerUser(level: LevelResult, below: LevelResult | null): number {
  if (below === null) return NaN;
  const [x, xBelow] = [throughputOf(level), throughputOf(below)];
  return (x / xBelow - 1) / (level.load / below.load - 1);
}

function numbersOf(level: LevelResult, { lowest, bestBelow, slotLimit }: VerdictContext): VerdictNumbers {
  const predicted = slotLimit === null ? NaN : predictedTtft(slotLimit, level.load, level.requestsPerSecond);
  return {
    ttftRatio: level.ttft.p50.value / (lowest?.ttft.p50.value ?? NaN),
    gainPerUser: gainPerUser(level, bestBelow),
    errorRatio: level.errorRatio,
    censoredRatio: level.completed > 0 ? level.censored / level.completed : NaN,
    predictedTtftSeconds: predicted,
  };
}

function invalidReason(level: LevelResult, closed: boolean): Reason | null {
  const { valid, invalidReasons, load } = level;
  if (!valid) {
    return {
      text: `failed the validity gate: ${invalidReasons.join(', ') || 'no reason given'}`,
      codes: invalidReasons,
    };
  }
  const little = littleReading(level, closed);
  if (little === null || little.plausible) return null;
  const cause = little.ratio > 1 ? 'load came from elsewhere or was left from before' : 'users were idle or were lost';
  const text =
    `Little's law: throughput × latency makes ${sayNumber(little.ratio * load)} requests at once for ` +
    `${sayLoad(load, closed)}, a ratio of ${little.ratio.toFixed(2)} (from ${little.from}): ${cause}`;
  return { text, codes: ['little'] };
}

function saturatedReasons(level: LevelResult, context: VerdictContext, numbers: VerdictNumbers): Reason[] {
  const { thresholds, lowest, closed, slotLimit } = context;
  const { ttftRatio, errorRatio, censoredRatio, predictedTtftSeconds } = numbers;
  const reasons: Reason[] = [];
  if (ttftRatio > thresholds.ttftFactor && numbers.gainPerUser < thresholds.gainPerUser) {
    const predicted =
      slotLimit !== null && predictedTtftSeconds > 0
        ? ` (${sayNumber(slotLimit.slots)} slots would make a TTFT of ${sayTime(predictedTtftSeconds)})`
        : '';
    const text =
      `TTFT p50 is ${sayNumber(ttftRatio)} × that at ${sayLoad(lowest!.load, closed)} ` +
      `(${sayTime(level.ttft.p50.value)} against ${sayTime(lowest!.ttft.p50.value)}) and ${sayGain(context, numbers)}${predicted}`;
    reasons.push({ text, codes: ['ttft', 'throughput'] });
  }
  if (errorRatio >= thresholds.errorRatio) {
    const censored = censoredRatio > 0 ? `, client time-outs ${sayShare(censoredRatio)}` : '';
    reasons.push({ text: `${sayShare(errorRatio)} of the requests failed${censored}`, codes: ['errors'] });
  }
  return reasons;
}

function degradingReasons(context: VerdictContext, numbers: VerdictNumbers): Reason[] {
  const missed = context.readings
    .filter(({ pass }) => pass === false)
    .map((reading) => ({ text: missedWords(reading), codes: [reading.slo] }));
  if (!(numbers.gainPerUser < context.thresholds.gainPerUser)) return missed;
  return [...missed, { text: sayGain(context, numbers), codes: ['throughput'] }];
}

function missedWords({ slo, share, required, ofLimit }: SloReading): string {
  if (slo === ERRORS)
    return `${sayShare(1 - share.value)} of the requests failed, ${sayShare(1 - required)} are allowed`;
  const shares = Number.isFinite(share.value)
    ? `met by ${sayShare(share.value)} of ${sayShare(required)} asked for`
    : '';
  const quantile = Number.isFinite(ofLimit.value) ? `${sayNumber(ofLimit.value)} × its limit` : '';
  return `misses ${slo} (${[shares, quantile].filter((part) => part !== '').join(', ') || 'by its failures'})`;
}

function cleanReason(level: LevelResult, context: VerdictContext, numbers: VerdictNumbers): string {
  const { lowest, closed } = context;
  const parts: string[] = [];
  if (Number.isFinite(numbers.gainPerUser)) parts.push(sayGain(context, numbers));
  if (lowest !== null && lowest.load !== level.load && Number.isFinite(numbers.ttftRatio)) {
    parts.push(`TTFT p50 is ${sayNumber(numbers.ttftRatio)} × that at ${sayLoad(lowest.load, closed)}`);
  }
  const binding = bindingSlo(context.readings);
  if (binding !== null) parts.push(`${binding.slo} has ${sayShare(binding.margin)} to spare`);
  return parts.length > 0 ? parts.join('; ') : `the lowest level: TTFT p50 ${sayTime(level.ttft.p50.value)}`;
}

function sayGain({ bestBelow, closed }: VerdictContext, { gainPerUser: gain }: VerdictNumbers): string {
  const unit = closed ? 'user added' : 'request/s added';
  return `throughput gains ${sayGainValue(gain)} per ${unit} against ${sayLoad(bestBelow?.load ?? NaN, closed)}`;
}
