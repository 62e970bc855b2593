import { describePlan } from './plan.js';
import type { PlanStep, Span } from './plan.js';
import { writeTolerance } from './search-schema.js';
import type { LoadSpec, SearchSpec, SweepSpec } from './spec.js';

/** Writes seconds as `45 s`, `12 min 30 s` or `1 h 05 min`. */
export function planTime(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${Math.round(seconds * 10) / 10} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min${whole % 60 === 0 ? '' : ` ${whole % 60} s`}`;
  const minutes = Math.floor((whole % 3600) / 60);
  return `${Math.floor(whole / 3600)} h ${String(minutes).padStart(2, '0')} min`;
}

function spanText({ least, most }: Span): string {
  if (most === Infinity) return `at least ${planTime(least)}`;
  return least === most ? planTime(least) : `${planTime(least)} to ${planTime(most)}`;
}

/** The plan for people, as `run --dry-run` prints it: one line a step, then the totals. */
export function planText(spec: SweepSpec): string[] {
  const plan = describePlan(spec);
  const unit = spec.load.arrival === 'closed' ? 'users' : 'req/s';
  const counts = countsText(spec.load);
  const requests = plan.requests === null ? 'as many as the server answers' : `about ${plan.requests}`;
  const steps = plan.steps.filter((step) => step.kind === 'level' || step.seconds.most > 0);
  return [
    `${spec.name}: ${spec.workload.kind} workload against ${spec.target.url}, ${counts}`,
    ...steps.map((step) => stepText(step, unit, spec.load)),
    `total     ${spanText(plan.seconds)}; measured requests: ${requests}`,
  ];
}

function countsText({ levels, repetitions, search }: LoadSpec): string {
  const swept = `${levels.length} ${levels.length === 1 ? 'level' : 'levels'} × ${repetitions} ${repetitions === 1 ? 'repetition' : 'repetitions'}`;
  if (search === null) return swept;
  return levels.length === 0 ? 'SLO search' : `${swept}, then SLO search`;
}

/** Which levels a run goes through, in a few words. */
export function describeLevels({ levels, search }: LoadSpec): string {
  const swept = levels.length === 0 ? [] : [`levels ${levels.join(', ')}`];
  return [...swept, ...(search === null ? [] : [`SLO search ${search.from} to ${search.to}`])].join(', then ');
}

function searchText(step: Extract<PlanStep, { kind: 'search' }>, unit: string, search: SearchSpec): string {
  const { from, to } = search;
  const about = `about ${step.levels.expected} levels and ${planTime(step.expectedSeconds)}`;
  const worst = `at most ${step.levels.most} levels and ${planTime(step.seconds.most)}`;
  return `search    ${from} to ${to} ${unit}, to within ${writeTolerance(search.tolerance)}: ${about}; ${worst}`;
}

function stepText(step: PlanStep, unit: string, load: LoadSpec): string {
  if (step.kind === 'search') return load.search === null ? '' : searchText(step, unit, load.search);
  const lead = `${step.kind.padEnd(8)}  r${step.repetition}  ${String(step.load).padStart(6)} ${unit}`;
  if (step.kind !== 'level') return `${lead}  ${spanText(step.seconds)}`;
  return `${lead}  warm-up ${spanText(step.warmup)}, measure ${measureText(step.measure, step.requests)}`;
}

function measureText(measure: Span, requests: number | null): string {
  if (requests === null) return spanText(measure);
  return measure.least === 0 ? `${requests} requests` : `${spanText(measure)}, ${requests} requests`;
}
