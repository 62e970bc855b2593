import { mser } from './mser.js';
import { hasTrend, isFlat, trend, type TimedValue } from './trend.js';

export type { TimedValue } from './trend.js';

/** What is known while a level warms up. All times are seconds on one clock. */
export interface WarmupProgress {
  /** The configured minimum. */
  minimumSeconds: number;
  /** The longest it may last; 5× the minimum. */
  capSeconds: number;
  elapsed: number;
  /** TTFT of each first token since the level began, in any order. */
  ttft: readonly TimedValue[];
  /** Requests in flight, sampled about once a second since the level began. */
  inFlight: readonly TimedValue[];
  /** Turn number of each request begun since the level began, in order of time. */
  turnMix: readonly { at: number; turn: number }[];
  /** Requests of an earlier level still in flight. */
  earlierInFlight: number;
}

export interface WarmupVerdict {
  /** True: go on to measure. */
  done: boolean;
  /** False while not done, and when the cap ended it. */
  steady: boolean;
  /** In words, with the numbers that decided. */
  reason: string;
}

/** With fewer first tokens nothing can be said about TTFT. */
const LEAST_FIRST_TOKENS = 8;
const LEAST_SAMPLES = 4;
/** A cut that MSER asks for is believed when the parts' means differ by more than this share. */
const MATERIAL_SHIFT = 0.1;

interface Check {
  pass: boolean;
  text: string;
}

/**
 * Whether a warm-up may end: the minimum has passed, no request of an earlier level is in flight, and TTFT, requests in
 * flight and turn mix are steady, which MSER-5 and a trend test on what it keeps decide (a series with a trend as a whole
 * must be shown to have become flat); or the cap is reached, which ends it unsteady. Needs 8 first tokens: slower
 * servers need a longer `warmup`. Made to be asked every 0.5–1 s.
 */
export function warmupVerdict(progress: WarmupProgress): WarmupVerdict {
  const { elapsed, minimumSeconds, capSeconds } = progress;
  if (elapsed < minimumSeconds) {
    return { done: false, steady: false, reason: `the minimum of ${seconds(minimumSeconds)} has not passed` };
  }
  const checks = [checkEarlier(progress.earlierInFlight), ...steadyChecks(progress)];
  const failed = checks.filter((check) => !check.pass);
  if (failed.length === 0) {
    return { done: true, steady: true, reason: `steady: ${checks.map((check) => check.text).join('; ')}` };
  }
  const why = failed.map((check) => check.text).join('; ');
  if (elapsed < capSeconds) return { done: false, steady: false, reason: `not steady yet: ${why}` };
  return { done: true, steady: false, reason: `not steady when the cap of ${seconds(capSeconds)} was reached: ${why}` };
}

function steadyChecks({ ttft, inFlight, turnMix }: WarmupProgress): Check[] {
  return [
    checkSeries('TTFT', 'first tokens', ttft, LEAST_FIRST_TOKENS),
    checkSeries('in-flight', 'samples', inFlight, LEAST_SAMPLES),
    checkTurnMix(turnMix),
  ];
}

function checkEarlier(count: number): Check {
  const text = count === 0 ? 'no earlier request in flight' : `${count} requests of an earlier level are in flight`;
  return { pass: count === 0, text };
}

function checkSeries(name: string, what: string, unordered: readonly TimedValue[], least: number): Check {
  const series = unordered.toSorted((a, b) => a.at - b.at);
  if (series.length < least) {
    return { pass: false, text: `${name}: ${series.length} ${what}, ${least} needed to tell` };
  }
  const cut = mser(series.map((point) => point.value));
  if (cut.late && Math.abs(cut.cutMean / cut.restMean - 1) > MATERIAL_SHIFT) {
    const shift = percent(cut.restMean / cut.cutMean - 1);
    return {
      pass: false,
      text: `${name}: the last ${cut.n - cut.cut} of ${cut.n} ${what} differ by ${shift} (MSER-5)`,
    };
  }
  const rest = trend(series.slice(cut.late ? 0 : cut.cut));
  const slope = `${percent(rest.change)} over the span`;
  if (hasTrend(rest)) return { pass: false, text: `${name}: trend of ${slope}` };
  const all = trend(series);
  if (hasTrend(all) && !isFlat(rest)) {
    const doubt = `the end changes by ${percent(rest.change)} ± ${(rest.uncertainty * 100).toFixed(1)} %`;
    return { pass: false, text: `${name}: trend of ${percent(all.change)} over the span, and ${doubt}` };
  }
  return { pass: true, text: `${name} steady over ${cut.n} ${what} (MSER-5 cuts ${cut.cut}, trend ${slope})` };
}

function checkTurnMix(turns: WarmupProgress['turnMix']): Check {
  if (turns.every(({ turn }) => turn === turns[0]?.turn)) return { pass: true, text: 'one kind of turn' };
  const found = trend(turns.map(({ at, turn }) => ({ at, value: turn })));
  if (hasTrend(found)) return { pass: false, text: `turn mix: mean turn drifts by ${percent(found.change)}` };
  return { pass: true, text: `turn mix steady (mean turn ${percent(found.change)} over the span)` };
}

function percent(ratio: number): string {
  if (!Number.isFinite(ratio)) return 'an unknown amount';
  const digits = (Math.abs(ratio) * 100).toFixed(1);
  if (digits === '0.0') return '0.0 %';
  return `${ratio < 0 ? '−' : '+'}${digits} %`;
}

function seconds(value: number): string {
  return `${Math.round(value * 10) / 10} s`;
}
