import type { SeedClaims } from './plans.js';
import type { ComparedLevel, SeedRun } from './run-seed.js';

/** How far simulated figures may be from published ones, relative. */
export const TOLERANCE = { tpotP50: 0.1, ttftP50: 0.25, latencyP50: 0.1, requestsPerSecond: 0.1 } as const;
const TIMEOUT_RATIO = 0.05;

export interface Check {
  name: string;
  pass: boolean;
  /** What was found, with its numbers. */
  text: string;
}

/** Simulated ÷ published − 1; NaN where either is missing. */
export function deviation(simulated: number, published: number): number {
  return published === 0 ? NaN : simulated / published - 1;
}

/**
 * Whether a simulated sweep is the published one: medians below saturation, the first saturated level within one step,
 * and what else the plan claims. Pure.
 */
export function checkSeed(run: SeedRun, claims: SeedClaims): Check[] {
  const below = run.levels.filter(
    ({ load }) => load < Math.min(run.firstSaturated ?? Infinity, claims.firstSaturated ?? Infinity),
  );
  const loads = run.levels.map(({ load }) => load);
  const checks = [withinTolerance('TPOT p50', below, 'tpotP50'), withinTolerance('TTFT p50', below, 'ttftP50')];
  if (claims.firstSaturated !== undefined) {
    checks.push(nearLevel('first saturated level', run.firstSaturated, claims.firstSaturated, loads));
  }
  if (claims.serial === true) checks.push(...serialChecks(run));
  if (claims.boundary !== undefined) checks.push(boundaryCheck(run, claims.boundary));
  if (claims.timeoutsFrom !== undefined) {
    checks.push(nearLevel('sustained client time-outs from', timeoutsFrom(run.levels), claims.timeoutsFrom, loads));
  }
  for (const [cause, from] of Object.entries(claims.causes ?? {})) {
    const named = ({ causes }: ComparedLevel): boolean => causes.some((other) => other.cause === cause);
    checks.push(
      nearLevel(`cause ${cause} named from`, lowestOfAllAbove(run.levels, named), from, loads, 'by its design'),
    );
  }
  return checks.filter((check): check is Check => check !== null);
}

function withinTolerance(name: string, levels: readonly ComparedLevel[], figure: keyof typeof TOLERANCE): Check | null {
  const found = levels
    .map(({ load, simulated, published }) => ({ load, off: deviation(simulated[figure], published[figure]) }))
    .filter(({ off }) => !Number.isNaN(off));
  if (found.length === 0) return null;
  const worst = found.reduce((a, b) => (Math.abs(b.off) > Math.abs(a.off) ? b : a));
  const limit = TOLERANCE[figure];
  const text = `at most ${percent(worst.off)} off (at ${worst.load}), ${percent(limit)} allowed, ${found.length} levels`;
  return { name, pass: Math.abs(worst.off) <= limit, text };
}

function nearLevel(
  name: string,
  found: number | null,
  wanted: number | null,
  loads: readonly number[],
  by = 'published figures say',
): Check {
  const say = (load: number | null): string => (load === null ? 'none' : String(load));
  const steps = (load: number | null): number => (load === null ? loads.length : loads.indexOf(load));
  const allowed = wanted === null ? 0 : 1;
  const pass = Math.abs(steps(found) - steps(wanted)) <= allowed;
  const room = allowed === 0 ? '' : ' (one step either way)';
  return { name, pass, text: `${say(found)}, ${by} ${say(wanted)}${room}` };
}

function serialChecks(run: SeedRun): (Check | null)[] {
  return [
    withinTolerance('total time', run.levels, 'latencyP50'),
    withinTolerance('requests per second', run.levels, 'requestsPerSecond'),
    { name: 'serial service', pass: run.serial, text: run.serial ? 'found' : 'not found' },
  ];
}

function boundaryCheck({ boundary }: SeedRun, [lastPass, firstFail]: readonly [number, number]): Check {
  const pass = boundary !== null && boundary.lastPass === lastPass && boundary.firstFail === firstFail;
  const found = boundary === null ? 'none' : `${boundary.lastPass ?? 'none'} to ${boundary.firstFail ?? 'none'}`;
  return { name: 'SLO boundary', pass, text: `${found}, published figures say ${lastPass} to ${firstFail}` };
}

function timeoutsFrom(levels: readonly ComparedLevel[]): number | null {
  return lowestOfAllAbove(levels, ({ timeoutRatio }) => timeoutRatio >= TIMEOUT_RATIO);
}

/** The lowest load from which this holds of every level; null: not even of the highest. */
function lowestOfAllAbove(levels: readonly ComparedLevel[], holds: (level: ComparedLevel) => boolean): number | null {
  const last = levels.findLastIndex((level) => !holds(level));
  return levels[last + 1]?.load ?? null;
}

export function percent(ratio: number): string {
  return `${ratio < 0 ? '−' : '+'}${Math.abs(100 * ratio).toFixed(1)} %`;
}
