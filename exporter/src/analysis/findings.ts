import type { Estimate, LevelResult } from './level-result.js';
import { sayLoad, sayLoads, sayNumber, sayShare, sayTime } from './in-words.js';
import { pointOf, throughputOf } from './level-reading.js';
import type { Finding, Knee, LevelJudgement, RunAnalysis, SloBoundary } from './run-analysis.js';
import { ALL } from './slo-boundary.js';

/** What the findings are made from. */
export interface FindingsInput extends Pick<
  RunAnalysis,
  'boundaries' | 'knee' | 'slotLimit' | 'serial' | 'firstSaturated' | 'opinions'
> {
  /** Usable levels by ascending load. */
  levels: readonly LevelResult[];
  /** Those among them whose times are not only those of survivors. */
  whole: readonly LevelResult[];
  judgements: readonly LevelJudgement[];
  closed: boolean;
}

/** A jump of p95 between neighbours is told from this factor on. */
const LEAST_JUMP = 1.1;
/** A p95 this many times the median, over a median that has not moved, is a tail. */
const TAIL_FACTOR = 5;
const STILL = 2;

/** The claims that a run's levels bear out, most important first. */
export function keyFindings(input: FindingsInput): Finding[] {
  const { levels, whole, closed } = input;
  const findings = [
    input.serial === null ? null : { kind: 'serial', text: input.serial.text },
    boundaryFinding(input),
    saturationFinding(input),
    input.knee === null ? null : kneeFinding(input.knee, input.slotLimit !== null, closed),
    slotFinding(input),
    errorsFinding(input),
    throughputFinding(levels, closed),
    goodputFinding(input),
    growthFinding(whole, 'TTFT', (level) => level.ttft.p50, closed),
    growthFinding(whole, 'TPOT', (level) => level.tpot.p50, closed),
    jumpFinding(whole, 'TPOT', (level) => level.tpot.p95, closed),
    jumpFinding(whole, 'E2E', (level) => level.latency.p95, closed),
    tailFinding(levels, closed),
    uslFinding(input),
  ];
  return findings.filter((finding) => finding !== null);
}

function boundaryFinding({ boundaries, closed, levels }: FindingsInput): Finding | null {
  const all = boundaries.find(({ slo }) => slo === ALL);
  if (all === undefined) return null;
  const { lastPass, firstFail } = all;
  if (firstFail === null) {
    if (lastPass === null) return null;
    const highest = levels.at(-1)?.load ?? lastPass;
    const beyond =
      highest === lastPass
        ? 'the highest usable level'
        : `the highest one that tells; levels go to ${sayNumber(highest)}`;
    return { kind: 'slo_boundary', text: `All objectives are met up to ${sayLoad(lastPass, closed)}, ${beyond}.` };
  }
  const first = boundaries.filter(({ slo, firstFail: fail }) => slo !== ALL && fail !== null && fail <= firstFail);
  const which = first.map(({ slo }) => slo).join(', ');
  const failing = which === '' ? 'objectives fail' : `${which} ${first.length > 1 ? 'fail' : 'fails'}`;
  if (lastPass === null) {
    return {
      kind: 'slo_boundary',
      text: `The lowest level that could be judged, ${sayLoad(firstFail, closed)}, already misses the SLO: ${failing}.`,
    };
  }
  return {
    kind: 'slo_boundary',
    text: `The SLO holds up to ${sayLoad(lastPass, closed)} and is missed from ${sayLoad(firstFail, closed)} on, where ${failing}${estimateWords(all)}.`,
  };
}

/** ` (estimate 77.6, 95 % interval 70 to 80)`, or nothing. */
export function estimateWords({ estimate, lower, upper }: Pick<SloBoundary, 'estimate' | 'lower' | 'upper'>): string {
  if (!Number.isFinite(estimate)) return '';
  const bound = (value: number): string => (Number.isFinite(value) ? sayNumber(value) : 'beyond the levels tested');
  return ` (estimate ${sayNumber(estimate)}, ${bound(lower)} to ${bound(upper)})`;
}

function saturationFinding({ judgements, firstSaturated, closed }: FindingsInput): Finding | null {
  if (firstSaturated === null) return null;
  const judged = judgements.find(({ load, verdict }) => load === firstSaturated && verdict === 'saturated');
  return {
    kind: 'saturation',
    text: `First saturated at ${sayLoad(firstSaturated, closed)}: ${judged?.reason ?? ''}.`,
  };
}

function kneeFinding(knee: Knee, queues: boolean, closed: boolean): Finding {
  const pace = queues ? `: ${sayNumber(1 / knee.slopeSecondsPerUser)} requests per second are served` : '';
  return {
    kind: 'knee',
    text:
      `TTFT p50 is flat at ${sayTime(knee.baseSeconds)} up to a knee at ${sayLoad(knee.load, closed)} ` +
      `(${sayNumber(knee.lower)} to ${sayNumber(knee.upper)}) and then rises by ${sayTime(knee.slopeSecondsPerUser)} per ` +
      `${closed ? 'user' : 'request/s'}${pace}.`,
  };
}

function slotFinding({ slotLimit }: FindingsInput): Finding | null {
  if (slotLimit === null) return null;
  const { slots, lower, upper, advertised } = slotLimit;
  const said = `The waiting times speak for ${sayNumber(slots)} requests served at once (${sayNumber(lower)} to ${sayNumber(upper)})`;
  if (advertised === null)
    return { kind: 'slot_limit', text: `${said}: others wait for a slot. The server's own limit is not known.` };
  const agrees = advertised >= Math.floor(lower) && advertised <= Math.ceil(upper);
  const meaning = agrees
    ? `the ${advertised} slots that the server advertises: its admission limit is what users wait for`
    : `not the ${advertised} slots that the server advertises: something else holds requests back`;
  return { kind: 'slot_limit', text: `${said}: ${meaning}.` };
}

/** Where most requests per second met every objective. */
function goodputFinding({ judgements, closed }: FindingsInput): Finding | null {
  const known = judgements.filter(({ verdict, outcomes }) => verdict !== 'invalid' && (outcomes?.good ?? 0) > 0);
  const best = known.reduce<LevelJudgement | null>(
    (a, b) => (a === null || b.outcomes!.goodputPerSecond > a.outcomes!.goodputPerSecond ? b : a),
    null,
  );
  if (best?.outcomes == null || known.length < 2) return null;
  const { goodputPerSecond, attainment } = best.outcomes;
  return {
    kind: 'goodput',
    text:
      `Goodput is highest at ${sayLoad(best.load, closed)}: ${sayNumber(goodputPerSecond)} requests per second met all ` +
      `objectives, ${sayShare(attainment.value)} of those started.`,
  };
}

function errorsFinding({ judgements, closed }: FindingsInput): Finding | null {
  const failing = judgements.filter(({ numbers, verdict }) => verdict !== 'invalid' && numbers.errorRatio > 0);
  const first = failing[0];
  if (first === undefined) return null;
  const worst = failing.reduce((a, b) => (b.numbers.errorRatio > a.numbers.errorRatio ? b : a));
  const most =
    worst === first ? '' : `, at most ${sayShare(worst.numbers.errorRatio)} at ${sayLoad(worst.load, closed)}`;
  return {
    kind: 'errors',
    text: `First failures at ${sayLoad(first.load, closed)} (${sayShare(first.numbers.errorRatio)})${most}.`,
  };
}

function throughputFinding(levels: readonly LevelResult[], closed: boolean): Finding | null {
  const known = levels.filter((level) => throughputOf(level) > 0);
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  const best = known.reduce((a, b) => (throughputOf(b) > throughputOf(a) ? b : a));
  const factor = throughputOf(best) / throughputOf(first);
  return {
    kind: 'throughput',
    text:
      `Throughput is highest at ${sayLoad(best.load, closed)}: ${sayThroughput(best)}, ${sayNumber(factor)} × that at ` +
      `${sayLoad(first.load, closed)} for ${sayNumber(best.load / first.load)} × the load.`,
  };
}

function sayThroughput(level: LevelResult): string {
  const { okPerSecond } = pointOf(level);
  const tokens = level.outputTokensPerSecond;
  const parts = [
    okPerSecond > 0 ? `${sayNumber(okPerSecond)} requests per second` : '',
    tokens > 0 ? `${sayNumber(tokens)} output tokens per second` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

type Read = (level: LevelResult) => Estimate;

function growthFinding(levels: readonly LevelResult[], name: string, read: Read, closed: boolean): Finding | null {
  const known = levels.filter((level) => read(level).value > 0);
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  const [from, to] = [read(first).value, read(last).value];
  return {
    kind: `growth_${name.toLowerCase()}`,
    text:
      `${name} p50 goes from ${sayTime(from)} at ${sayLoad(first.load, closed)} to ${sayTime(to)} at ` +
      `${sayLoad(last.load, closed)}, ${sayNumber(to / from)} ×.`,
  };
}

function jumpFinding(levels: readonly LevelResult[], name: string, read: Read, closed: boolean): Finding | null {
  const known = levels.filter((level) => read(level).value > 0);
  let best: { from: LevelResult; to: LevelResult; factor: number } | null = null;
  for (let i = 1; i < known.length; i++) {
    const [from, to] = [known[i - 1]!, known[i]!];
    const factor = read(to).value / read(from).value;
    if (factor > (best?.factor ?? LEAST_JUMP)) best = { from, to, factor };
  }
  if (best === null || known.length < 3) return null;
  const { from, to, factor } = best;
  return {
    kind: `jump_${name.toLowerCase()}`,
    text:
      `${name} p95 jumps most between ${sayNumber(from.load)} and ${sayLoad(to.load, closed)}: ` +
      `${sayTime(read(from).value)} to ${sayTime(read(to).value)} (+${sayShare(factor - 1)}).`,
  };
}

/** TTFT p95 in another world than a median that still is where it was: some wait, most do not. */
function tailFinding(levels: readonly LevelResult[], closed: boolean): Finding | null {
  const base = levels[0]?.ttft.p50.value ?? NaN;
  const level = levels.find(
    ({ ttft }) => ttft.p50.value < STILL * base && ttft.p95.value > TAIL_FACTOR * ttft.p50.value,
  );
  if (level === undefined) return null;
  const { p50, p95 } = level.ttft;
  return {
    kind: 'ttft_tail',
    text:
      `TTFT p95 at ${sayLoad(level.load, closed)} is ${sayTime(p95.value)} while its p50 is still ${sayTime(p50.value)}: ` +
      `requests queue now and then, not always.`,
  };
}

function uslFinding({ opinions }: FindingsInput): Finding | null {
  const usl = opinions.find(({ method, refused }) => method === 'usl' && refused === null);
  return usl === undefined ? null : { kind: 'usl', text: `Universal Scalability Law: ${usl.text}.` };
}

/** One to three sentences on the whole run; what could not be measured is among them. */
export function summarise(input: FindingsInput): string {
  const invalid = input.judgements.filter(({ verdict }) => verdict === 'invalid').map(({ load }) => load);
  const unknown =
    invalid.length === 0 || input.levels.length === 0
      ? ''
      : ` Nothing is known of ${sayLoads(invalid, input.closed)}: invalid.`;
  return `${summaryOfUsable(input)}${unknown}`;
}

function summaryOfUsable(input: FindingsInput): string {
  const { levels, closed } = input;
  const [first, last] = [levels[0], levels.at(-1)];
  if (first === undefined || last === undefined) return 'No level could be used.';
  const range =
    first === last ? sayLoad(first.load, closed) : `${sayNumber(first.load)} to ${sayLoad(last.load, closed)}`;
  const told = keyFindings(input).find(({ kind }) => ['serial', 'slo_boundary', 'saturation'].includes(kind));
  const saturation =
    input.firstSaturated === null
      ? 'No level is saturated.'
      : `First saturated at ${sayLoad(input.firstSaturated, closed)}.`;
  if (told === undefined) return `${levels.length} usable levels from ${range}. ${saturation}`;
  return told.kind === 'saturation' ? told.text : `${told.text} ${saturation}`;
}
