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
}

const limits = {
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
      limits: { ...limits, from: 16 },
      warmupSeconds: 120,
      least: { seconds: 60, samples: 60 },
      capSeconds: 1800,
    },
    lengths: [300, 600, 1200, 2400],
    truthBetween: [64, 84],
  },
  {
    name: '003 (Qwen 0.5B on one L4, TTFT p95 ≤ 250 ms)',
    profile: 'l4-qwen0.5b',
    example: '003-l4-qwen-1-32.yaml',
    longRunSeconds: 3000,
    plan: { limits: { ...limits, from: 8 }, warmupSeconds: 15, least: { seconds: 30, samples: 60 }, capSeconds: 600 },
    lengths: [60, 120, 240, 480, 960],
    truthBetween: [32, 48],
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

describe.each(CASES)(
  'the SLO search on profile $name',
  ({ profile, example, longRunSeconds, plan, lengths, truthBetween }) => {
    const spec = withRoom(specOf(example));
    const bank = new LevelBank(spec, profile, LENGTH * longRunSeconds);
    const ours = { ...plan, slo: spec.slo };

    it('finds the boundary, claims no pass that is none, and takes half the time of fixed-length levels', async () => {
      const truth = await truthOf(bank, spec, truthBetween);
      const found = await tally(truth, (seed) => ourSearch(bank, ours, seed));
      const lines = [`truth ${truth}, ${SEEDS} seeds`, `sequential: ${told(found)}`];
      let fixed: Tally | null = null;
      for (const length of lengths) {
        const tried = await tally(truth, (seed) => fixedLengthSearch(bank, ours, length, seed));
        lines.push(`levels of ${length} s: ${told(tried)}`);
        if (fixed === null && tried.hits >= 0.95 && tried.falsePasses <= 0.05) fixed = tried;
      }
      process.stdout.write(`${profile}\n  ${lines.join('\n  ')}\n`);
      expect(found.hits).toBeGreaterThanOrEqual(0.95);
      expect(found.falsePasses).toBeLessThanOrEqual(0.05);
      // Where no length reaches the same precision, the longest is the least that it would take.
      const longest = await tally(truth, (seed) => fixedLengthSearch(bank, ours, lengths.at(-1)!, seed));
      expect(found.seconds).toBeLessThanOrEqual((fixed ?? longest).seconds / 2);
    });
  },
);
