import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseSpec } from '../../src/config/parse.js';
import type { SweepSpec } from '../../src/config/spec.js';
import { fixedLengthSearch, ourSearch, type BankPlan, type Found } from '../support/bank-search.js';
import { LevelBank } from '../support/level-bank.js';

/** Searches of each kind; fewer for a quick look. */
const SEEDS = Number(process.env['SWEEPSCOPE_SEARCH_SEEDS'] ?? 200);
/** Long runs are this many times their usual length, for a truth that is better known. */
const LENGTH = Number(process.env['SWEEPSCOPE_SEARCH_LENGTH'] ?? 1);

/** Long runs are made as they are asked for: minutes of computing each. */
const TWO_HOURS = 7_200_000;

interface Case {
  name: string;
  profile: string;
  example: string;
  longRunSeconds: number;
  plan: Omit<BankPlan, 'slo'>;
  /** Lengths of a level that the fixed-length search is tried with, ascending, seconds. */
  lengths: readonly number[];
  /** Between which the truth is looked for. */
  truthBetween: readonly [number, number];
  /** Lowest loads that searches begin at, in turn: from one alone, bisection falls on the same few levels. */
  starts: readonly number[];
}

const limits = {
  from: 1,
  to: 256,
  tolerance: { kind: 'relative', ratio: 0.05 },
  maxLevels: 100,
  maxSeconds: Infinity,
  whole: true,
} as const;

const CASES: readonly Case[] = [
  {
    name: '000 (Llama 70B on one H200, TPOT p95 ≤ 60 ms)',
    profile: 'h200-llama70b-fp8',
    example: '000-vllm-70b-50-120.yaml',
    longRunSeconds: 7200,
    plan: {
      limits,
      warmupSeconds: 120,
      least: { seconds: 60, samples: 60 },
      capSeconds: 1800,
    },
    lengths: [300, 600, 1200, 2400],
    truthBetween: [64, 84],
    starts: [16, 20],
  },
  {
    name: '003 (Qwen 0.5B on one L4, TTFT p95 ≤ 250 ms)',
    profile: 'l4-qwen0.5b',
    example: '003-l4-qwen-1-32.yaml',
    longRunSeconds: 3000,
    plan: { limits, warmupSeconds: 15, least: { seconds: 30, samples: 60 }, capSeconds: 600 },
    lengths: [60, 120, 240, 480, 960],
    truthBetween: [32, 48],
    starts: [8, 10],
  },
];

function specOf(example: string): SweepSpec {
  const url = new URL(`../../../examples/${example}`, import.meta.url);
  const parsed = parseSpec(readFileSync(url, 'utf8'));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.spec;
}

/** Room for the workload's conversations at any load that is tried. */
const withRoom = (spec: SweepSpec): SweepSpec => ({ ...spec, load: { ...spec.load, levels: [256], targetRate: null } });

/** Highest load of the range up to which every load meets its objectives over its long run. */
async function truthOf(bank: LevelBank, spec: SweepSpec, [low, high]: readonly [number, number]): Promise<number> {
  let [pass, fail] = [low, high];
  while (fail - pass > 1) {
    const middle = (pass + fail) >> 1;
    if (await bank.meets(middle, spec.slo)) pass = middle;
    else fail = middle;
  }
  return pass;
}

interface Tally {
  hits: number;
  falsePasses: number;
  seconds: number;
}

async function tally(truth: number, search: (seed: number) => Promise<Found>): Promise<Tally> {
  const sum = { hits: 0, falsePasses: 0, seconds: 0 };
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { pass, resolved, seconds } = await search(seed);
    if (resolved && pass !== null && Math.abs(pass - truth) <= Math.max(1, 0.05 * truth)) sum.hits += 1;
    if (pass !== null && pass > truth) sum.falsePasses += 1;
    sum.seconds += seconds;
  }
  return { hits: sum.hits / SEEDS, falsePasses: sum.falsePasses / SEEDS, seconds: sum.seconds / SEEDS };
}

const told = ({ hits, falsePasses, seconds }: Tally): string =>
  `within 5 % or one user ${(100 * hits).toFixed(1)} %, false passes ${(100 * falsePasses).toFixed(1)} %, ${Math.round(seconds)} s`;

/** The shortest fixed length that is as precise as is asked for; the longest, where none is: it would take even more. */
function asPrecise(tried: readonly Tally[]): Tally {
  return tried.find(({ hits, falsePasses }) => hits >= 0.95 && falsePasses <= 0.05) ?? tried.at(-1)!;
}

describe.each(CASES)('the SLO search on profile $name', (given) => {
  const { profile, example, longRunSeconds, lengths, starts } = given;
  const spec = withRoom(specOf(example));
  const bank = new LevelBank(spec, profile, LENGTH * longRunSeconds);
  const planOf = (seed: number): BankPlan => {
    const from = starts[seed % starts.length]!;
    return { ...given.plan, slo: spec.slo, limits: { ...given.plan.limits, from } };
  };

  it(
    'finds the boundary, claims no pass that is none, and takes half the time of fixed-length levels',
    async () => {
      const truth = await truthOf(bank, spec, given.truthBetween);
      const ours = await tally(truth, (seed) => ourSearch(bank, planOf(seed), seed));
      const tried: Tally[] = [];
      for (const length of lengths) {
        tried.push(await tally(truth, (seed) => fixedLengthSearch(bank, planOf(seed), length, seed)));
      }
      const lines = tried.map((found, index) => `levels of ${lengths[index]!} s: ${told(found)}`);
      process.stdout.write(
        `${profile}: truth ${truth}, ${SEEDS} seeds\n  ours: ${told(ours)}\n  ${lines.join('\n  ')}\n`,
      );
      expect(ours.hits).toBeGreaterThanOrEqual(0.95);
      expect(ours.falsePasses).toBeLessThanOrEqual(0.05);
      expect(ours.seconds).toBeLessThanOrEqual(asPrecise(tried).seconds / 2);
    },
    TWO_HOURS,
  );
});
