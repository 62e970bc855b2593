import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SpecOverride } from 'sweepscope/dist/config/overrides.js';
import { parseSpec } from 'sweepscope/dist/config/parse.js';
import type { SweepSpec } from 'sweepscope/dist/config/spec.js';
import { fixedLengthSearch, ourSearch, PASS_RULES, type BankPlan, type Found, type PassRule } from './bank-search.js';
import type { SearchCase } from './cases.js';
import { LevelBank } from './level-bank.js';
import { wholeSearch } from './whole-search.js';

const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url));

/** How many searches, over how long runs. */
export interface TallyOptions {
  /** Searches of each kind. */
  seeds: number;
  /** Long runs are this many times their usual length, for a truth that is better known. */
  length: number;
  /** Whole searches. */
  whole: number;
}

/** What many searches of one kind came to. */
export interface Tally {
  /** Share that ended resolved, within 5 % or one user of the truth. */
  hits: number;
  /** Share that claimed a pass above the truth. */
  falsePasses: number;
  /** Mean simulated seconds of a search, warm-ups included. */
  seconds: number;
}

/** All kinds of search over the same long runs. */
export interface CaseTally {
  id: string;
  seeds: number;
  /** Highest load that meets its objectives over its whole long run. */
  truth: number;
  ours: Tally;
  /** The fixed-length searches, by rule and the seconds of their levels, ascending. */
  fixed: FixedTally[];
  /** Whole searches, each against a server that begins empty; null: none were asked for. */
  whole: (Tally & { seeds: number }) | null;
}

export interface FixedTally extends Tally {
  rule: PassRule;
  levelSeconds: number;
}

/** Searches `seeds` times with each kind. Equal options give equal tallies. */
export async function tallyCase(given: SearchCase, { seeds, length, whole }: TallyOptions): Promise<CaseTally> {
  const spec = withRoom(specOf(given.example));
  const bank = new LevelBank(spec, given.profile, { ...given.longRun, seconds: length * given.longRun.seconds });
  const truth = await truthOf(bank, spec, given.truthBetween);
  const tally = (search: (plan: BankPlan, seed: number) => Promise<Found>): Promise<Tally> =>
    tallySeeds(truth, seeds, (seed) => search(planOf(given, spec, seed), seed));
  const ours = await tally((plan, seed) => ourSearch(bank, plan, seed));
  const fixed: CaseTally['fixed'] = [];
  for (const rule of PASS_RULES) {
    for (const length of given.lengths[rule]) {
      const found = await tally((plan, seed) => fixedLengthSearch(bank, plan, { rule, length }, seed));
      fixed.push({ rule, levelSeconds: length, ...found });
    }
  }
  return { id: given.id, seeds, truth, ours, fixed, whole: await tallyWhole(given, truth, whole) };
}

async function tallyWhole(given: SearchCase, truth: number, seeds: number): Promise<CaseTally['whole']> {
  if (seeds === 0) return null;
  const { example, load } = given.whole;
  const spec = specOf(example, load === undefined ? [] : [{ path: 'load', value: load, origin: 'the bench' }]);
  const tally = await tallySeeds(truth, seeds, (seed) => {
    const search = { ...spec.load.search!, from: startOf(given, seed) };
    return wholeSearch({ ...spec, load: { ...spec.load, search } }, given.profile, seed);
  });
  return { seeds, ...tally };
}

function specOf(example: string, overrides: readonly SpecOverride[] = []): SweepSpec {
  const parsed = parseSpec(readFileSync(EXAMPLES + example, 'utf8'), { overrides });
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.spec;
}

/** Room for the workload's conversations at any load that is tried. */
function withRoom(spec: SweepSpec): SweepSpec {
  return { ...spec, load: { ...spec.load, levels: [256], targetRate: null } };
}

function planOf(given: SearchCase, { slo }: SweepSpec, seed: number): BankPlan {
  return { ...given.plan, slo, limits: { ...given.plan.limits, from: startOf(given, seed) } };
}

const startOf = ({ starts }: SearchCase, seed: number): number => starts[seed % starts.length]!;

async function truthOf(bank: LevelBank, { slo }: SweepSpec, [low, high]: readonly [number, number]): Promise<number> {
  let [pass, fail] = [low, high];
  while (fail - pass > 1) {
    const middle = (pass + fail) >> 1;
    if (await bank.meets(middle, slo)) pass = middle;
    else fail = middle;
  }
  return pass;
}

async function tallySeeds(truth: number, seeds: number, search: (seed: number) => Promise<Found>): Promise<Tally> {
  const sum = { hits: 0, falsePasses: 0, seconds: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const { pass, resolved, seconds } = await search(seed);
    if (resolved && pass !== null && Math.abs(pass - truth) <= Math.max(1, 0.05 * truth)) sum.hits += 1;
    if (pass !== null && pass > truth) sum.falsePasses += 1;
    sum.seconds += seconds;
  }
  return { hits: sum.hits / seeds, falsePasses: sum.falsePasses / seeds, seconds: sum.seconds / seeds };
}
