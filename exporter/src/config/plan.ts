import { shuffle } from './shuffle.js';
import { searchPlan, type SearchPlan } from './search-plan.js';
import type { LoadSpec, SearchSpec, SweepSpec, WorkloadSpec } from './spec.js';

/** A prime that waits for a mean conversation does so for at most this many times its minimum. */
export const PRIME_CAP = 10;
/** A warm-up that does not get steady ends after this many times its minimum. */
export const WARMUP_CAP = 5;

/** Seconds from the shortest to the longest; `most` is Infinity where the plan sets no end. */
export interface Span {
  least: number;
  most: number;
}

/** One step of the plan. */
export type PlanStep =
  | { kind: 'prime' | 'cooldown'; repetition: number; load: number; seconds: Span }
  | {
      kind: 'level';
      repetition: number;
      /** Index into the spec's levels. */
      level: number;
      load: number;
      warmup: Span;
      measure: Span;
      /** Warm-up and measurement together. */
      seconds: Span;
      /** Requests of the measurement that the plan itself fixes or bounds; null: the server's speed decides. */
      requests: number | null;
    }
  | {
      /** Levels that a search chooses as it goes. */
      kind: 'search';
      repetition: number;
      /** The highest that it may try. */
      load: number;
      levels: SearchPlan['levels'];
      seconds: Span;
      expectedSeconds: number;
    };

export interface Plan {
  steps: PlanStep[];
  /** Of the whole sweep, without the last requests' way out. */
  seconds: Span;
  /** Measured requests over all levels, where the plan says them; null where any level depends on the server. */
  requests: number | null;
}

/**
 * The levels of one repetition (from 1) in the order they are run, as indices into `spec.load.levels`. `ascending`
 * sorts by load; `mirrored` does so in odd repetitions and goes down in even ones, so that drift cancels; `shuffled`
 * is drawn from the workload's seed, anew for each repetition.
 */
export function levelOrder(spec: SweepSpec, repetition: number): number[] {
  const { levels, order } = spec.load;
  const ascending = levels.map((_, index) => index).toSorted((a, b) => levels[a]! - levels[b]!);
  switch (order) {
    case 'ascending':
      return ascending;
    case 'mirrored':
      return repetition % 2 === 0 ? ascending.toReversed() : ascending;
    case 'shuffled':
      return shuffle(ascending, spec.workload.seed ^ Math.imul(repetition, 0x85ebca77));
  }
}

/** What a sweep will do, step by step, with how long it takes at least and at most. */
export function describePlan(spec: SweepSpec): Plan {
  const { load } = spec;
  const repetitions = load.levels.length === 0 ? 0 : load.repetitions;
  const swept = Array.from({ length: repetitions }, (_, index) => repetitionSteps(spec, index + 1)).flat();
  const steps = load.search === null ? swept : withSearch(spec, load.search, swept);
  const requests = steps.map((step) => (step.kind === 'level' ? step.requests : step.kind === 'search' ? null : 0));
  return {
    steps,
    seconds: steps.map((step) => step.seconds).reduce(addSpans, { least: 0, most: 0 }),
    requests: requests.includes(null) ? null : requests.reduce<number>((sum, count) => sum + (count ?? 0), 0),
  };
}

/** A search follows the last level without a pause; the cool-down comes after it. */
function withSearch({ load }: SweepSpec, search: SearchSpec, swept: readonly PlanStep[]): PlanStep[] {
  const plan = searchPlan(load);
  if (plan === null) return [...swept];
  const { levels, seconds } = plan;
  const step: PlanStep = {
    kind: 'search',
    repetition: 1,
    load: search.to,
    levels,
    seconds: { least: seconds.least, most: seconds.most },
    expectedSeconds: seconds.expected,
  };
  if (swept.length > 0) return [...swept.slice(0, -1), step, swept.at(-1)!];
  return [primeStep(load, 1, search.from), step, cooldownStep(load, 1, search.from)];
}

function primeStep({ primeSeconds }: LoadSpec, repetition: number, load: number): PlanStep {
  return { kind: 'prime', repetition, load, seconds: { least: primeSeconds, most: primeSeconds * PRIME_CAP } };
}

function cooldownStep({ cooldownSeconds }: LoadSpec, repetition: number, load: number): PlanStep {
  return { kind: 'cooldown', repetition, load, seconds: { least: cooldownSeconds, most: cooldownSeconds } };
}

function addSpans(a: Span, b: Span): Span {
  return { least: a.least + b.least, most: a.most + b.most };
}

function repetitionSteps(spec: SweepSpec, repetition: number): PlanStep[] {
  const { load } = spec;
  const order = levelOrder(spec, repetition);
  const first = load.levels[order[0]!]!;
  const last = load.levels[order.at(-1)!]!;
  return [
    primeStep(load, repetition, first),
    ...order.map((level) => levelStep(spec, repetition, level)),
    cooldownStep(load, repetition, last),
  ];
}

function levelStep(spec: SweepSpec, repetition: number, level: number): PlanStep {
  const load = spec.load.levels[level]!;
  const warmup = { least: spec.load.warmupSeconds, most: spec.load.warmupSeconds * WARMUP_CAP };
  const measure = measureSpan(spec.load, load);
  const requests = requestEstimate(spec, load);
  return { kind: 'level', repetition, level, load, warmup, measure, seconds: addSpans(warmup, measure), requests };
}

function measureSpan({ measure, arrival }: LoadSpec, load: number): Span {
  if (measure.kind === 'duration') {
    return { least: measure.seconds, most: measure.minSamples > 0 ? measure.maxSeconds : measure.seconds };
  }
  return { least: arrival === 'closed' ? 0 : measure.requests / load, most: Infinity };
}

/** Requests of one measurement: asked for by number, or by the rate in open loop (for single-turn workloads). */
function requestEstimate({ load: { measure, arrival }, workload }: SweepSpec, load: number): number | null {
  if (measure.kind === 'requests') return measure.requests;
  return arrival !== 'closed' && isSingleTurn(workload) ? Math.round(load * measure.seconds) : null;
}

function isSingleTurn(workload: WorkloadSpec): boolean {
  return workload.kind === 'synthetic' || workload.kind === 'prompt';
}
