import { seededRandom } from 'sweepscope/dist/analysis/bootstrap.js';
import { wilsonShare } from 'sweepscope/dist/analysis/share.js';
import { decideLevel, isHopeless, type LeastSample } from 'sweepscope/dist/analysis/slo-search/level-decision.js';
import { levelEvidence, type LevelEvidence } from 'sweepscope/dist/analysis/slo-search/level-evidence.js';
import { nextAction, type LevelAction } from 'sweepscope/dist/analysis/slo-search/next-level.js';
import { widestGap, type SearchLimits } from 'sweepscope/dist/analysis/slo-search/search-limits.js';
import { approachTo, bracketOf, type Visit } from 'sweepscope/dist/analysis/slo-search/visits.js';
import type { SloSpec } from 'sweepscope/dist/config/spec.js';
import type { RequestRecord } from 'sweepscope/dist/measure/records.js';
import type { LevelBank, LongRun } from './level-bank.js';

/** How levels are measured in a search over long runs. */
export interface BankPlan {
  limits: SearchLimits;
  slo: SloSpec;
  /** Each level's warm-up takes this long, whatever searches. */
  warmupSeconds: number;
  least: LeastSample;
  capSeconds: number;
}

/** What a search came to; `seconds` of simulated time, warm-ups included. */
export interface Found {
  pass: number | null;
  resolved: boolean;
  seconds: number;
}

/** Our search: the decisions are the product's, the measured windows random cuts of long runs. */
export async function ourSearch(bank: LevelBank, plan: BankPlan, seed: number): Promise<Found> {
  const random = seededRandom(seed);
  const visits: Visit[] = [];
  let [seconds, before] = [0, 0];
  for (;;) {
    const action = nextAction(plan.limits, visits, 0);
    if (action.kind === 'end') return { pass: bracketOf(visits).pass, resolved: action.end === 'found', seconds };
    const { load, role, via } = action;
    if (via !== null) seconds += plan.warmupSeconds;
    const { evidence, outcome, measuredSeconds } = sequentialLevel(plan, await bank.run(load), action, random);
    seconds += plan.warmupSeconds + measuredSeconds;
    const approach = approachTo(load, via ?? before, visits);
    const strains = evidence.objectives.map(({ strain }) => strain);
    visits.push({ role, approach, load, outcome, measuredSeconds, weight: Math.max(1, evidence.samples), strains });
    before = load;
  }
}

interface LevelEnd {
  evidence: LevelEvidence;
  outcome: Visit['outcome'];
  measuredSeconds: number;
}

/** Looks as the driver does: each second, later each 2 % of the time measured. */
function sequentialLevel(
  plan: BankPlan,
  run: LongRun,
  { mostSeconds, mayGiveUp }: LevelAction,
  random: () => number,
): LevelEnd {
  const cap = Math.min(plan.capSeconds, mostSeconds);
  const from = random() * (run.seconds - plan.capSeconds);
  for (let measured = plan.least.seconds; ; measured += Math.max(1, Math.floor(measured * 0.02))) {
    const length = Math.min(cap, measured);
    const evidence = evidenceOf(run, plan.slo, from, length);
    const decision = decideLevel(evidence, length, plan.least);
    const isGivenUp = mayGiveUp && isHopeless(decision, length, plan.capSeconds);
    const over = decision.claim !== 'open' || length >= cap || isGivenUp;
    if (over) return { evidence, outcome: decision.claim, measuredSeconds: length };
  }
}

/**
 * How a level of fixed length is decided. When the lower end of Wilson's 95 % interval reaches what is required, it passes:
 * `effective`, with the requests divided by their design effect, as in the sequential search; `independent`, all taken as
 * independent. As GuideLLM 0.8's goodput search does, it passes when the share observed reaches what is required, however
 * few the requests: `observed`; with `resolved`, a search counts as unresolved, as GuideLLM itself says in its warning,
 * when the interval of independent requests of any of its levels lies on both sides.
 */
export type PassRule = (typeof PASS_RULES)[number];
export const PASS_RULES = ['effective', 'independent', 'resolved', 'observed'] as const;

interface Decision {
  passes: boolean;
  resolved: boolean;
}

function decideBy(rule: PassRule, { objectives }: LevelEvidence): Decision {
  const decisions = objectives.map(({ good, bad, undecided, required, designEffect }): Decision => {
    if (rule === 'effective' || rule === 'independent') {
      const dependent = rule === 'effective' ? designEffect : 1;
      const { lower } = wilsonShare(good / dependent, (good + bad + undecided) / dependent);
      return { passes: lower >= required, resolved: true };
    }
    const { lower, upper } = wilsonShare(good, good + bad);
    const isOneSided = lower >= required || upper < required;
    return { passes: good / (good + bad) >= required, resolved: rule === 'observed' || isOneSided };
  });
  return { passes: decisions.every(({ passes }) => passes), resolved: decisions.every(({ resolved }) => resolved) };
}

/** What a search without sequential decisions does: doubles and bisects over levels of one fixed length. */
export async function fixedLengthSearch(
  bank: LevelBank,
  plan: BankPlan,
  { rule, length }: { rule: PassRule; length: number },
  seed: number,
): Promise<Found> {
  const random = seededRandom(seed);
  const { limits, slo, warmupSeconds } = plan;
  let seconds = 0;
  let isResolved = true;
  const passes = async (load: number): Promise<boolean> => {
    const run = await bank.run(load);
    seconds += warmupSeconds + length;
    const decision = decideBy(rule, evidenceOf(run, slo, random() * (run.seconds - length), length));
    if (!decision.resolved) isResolved = false;
    return decision.passes;
  };
  let pass: number | null = null;
  let fail: number | null = null;
  for (let load = limits.from; fail === null; load = Math.min(limits.to, 2 * load)) {
    if (!(await passes(load))) fail = load;
    else pass = load;
    if (load === limits.to) break;
  }
  while (pass !== null && fail !== null && fail - pass > widestGap(limits, pass)) {
    const middle: number = Math.round((pass + fail) / 2);
    if (await passes(middle)) pass = middle;
    else fail = middle;
  }
  return { pass: isResolved ? pass : null, resolved: isResolved && pass !== null && fail !== null, seconds };
}

function evidenceOf(run: LongRun, slo: SloSpec, from: number, length: number): LevelEvidence {
  const first = indexFrom(run.records, from);
  const records = run.records.slice(first, indexFrom(run.records, from + length));
  return levelEvidence(records, [{ from, to: from + length }], slo, from + length);
}

function indexFrom(records: readonly RequestRecord[], at: number): number {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (records[middle]!.startedAt < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
