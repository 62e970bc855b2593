import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { asPrecise } from './as-precise.js';
import { CASES } from './cases.js';
import type { CaseTally } from './tally.js';

/** Searches of each kind; fewer for a quick look. */
const SEEDS = process.env['SWEEPSCOPE_SEARCH_SEEDS'] ?? '200';
/** Whole searches. */
const WHOLE = process.env['SWEEPSCOPE_SEARCH_WHOLE'] ?? '24';
/** Long runs are this many times their usual length. */
const LENGTH = process.env['SWEEPSCOPE_SEARCH_LENGTH'] ?? '1';
const PROGRAM = 'bench/dist/slo-search/main.js';

const run = promisify(execFile);

/** In a process of its own, as compiled: within Jest's contexts the engine takes ten times as long. */
async function tallied(id: string): Promise<CaseTally> {
  const { stdout } = await run(process.execPath, [
    PROGRAM,
    '--json',
    '--only',
    id,
    '--seeds',
    SEEDS,
    '--length',
    LENGTH,
    '--whole',
    WHOLE,
  ]);
  return JSON.parse(stdout) as CaseTally;
}

let tallies: Map<string, CaseTally>;

beforeAll(async () => {
  await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'bench/tsconfig.json']);
  const found = await Promise.all(CASES.map(({ id }) => tallied(id)));
  tallies = new Map(found.map((tally) => [tally.id, tally]));
  process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
}, 7_200_000);

describe.each(CASES)('the SLO search on profile $id ($name)', ({ id }) => {
  it('finds the boundary and claims no pass that is none', () => {
    const tally = tallies.get(id)!;
    expect(tally.ours.hits).toBeGreaterThanOrEqual(0.95);
    expect(tally.ours.falsePasses).toBeLessThanOrEqual(0.05);
  });

  it('finds it from an empty server on, with warm-ups and all', () => {
    const { whole } = tallies.get(id)!;
    expect(whole!.hits).toBeGreaterThanOrEqual(0.9);
    expect(whole!.falsePasses).toBeLessThanOrEqual(0.05);
  });

  it.each([
    ['intervals as wide', 'effective'],
    ["GuideLLM's rule, unresolved counting as a miss", 'resolved'],
  ] as const)('takes at most half the time of fixed-length levels of the same precision, by %s', (_, rule) => {
    const tally = tallies.get(id)!;
    expect(tally.ours.seconds / asPrecise(tally, rule).seconds).toBeLessThanOrEqual(0.5);
  });

  // Known to be missed on 000: docs/slo-search.md tells by how much and why. This fails on the day that it is not.
  (id === '000' ? it.failing : it)(
    'takes at most half the time of the length that is best in hindsight, by intervals of independent requests',
    () => {
      const tally = tallies.get(id)!;
      expect(tally.ours.seconds / asPrecise(tally, 'independent').seconds).toBeLessThanOrEqual(0.5);
    },
  );
});
