import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../src/analysis/bootstrap.js';
import { findKnee } from '../../src/analysis/knee.js';
import { orderStatisticInterval, quantileSet } from '../../src/analysis/quantiles.js';
import { Sample } from '../../src/analysis/sample.js';
import { DEFAULT_THRESHOLDS } from '../../src/analysis/thresholds.js';
import { seedLevels } from '../support/seed-levels.js';

const DRAWS = 2000;

/** Standard normal numbers from a seeded generator. */
function normals(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The standard normal's 95 % point. */
const Z95 = 1.6448536269514722;

describe('the order-statistic interval of p95', () => {
  it.each([60, 219, 2000])('covers it in at least 94 %% of samples of %d values', (n) => {
    const normal = normals(n);
    let covered = 0;
    for (let draw = 0; draw < DRAWS; draw++) {
      const sorted = Float64Array.from({ length: n }, () => Math.exp(normal())).sort();
      const { lower, upper } = orderStatisticInterval(sorted, 0.95);
      const truth = Math.exp(Z95);
      if (!(lower > truth) && !(upper < truth)) covered += 1;
    }
    expect(covered / DRAWS).toBeGreaterThanOrEqual(0.94);
  });
});

describe('the interval of p95 over conversations of 4 turns whose turns are alike (ICC 0.3)', () => {
  /** Share of samples whose interval holds the truth, and whether each said that its conversations are few. */
  function coverage(conversations: number): { covered: number; warned: boolean } {
    const normal = normals(conversations);
    let covered = 0;
    let warned = true;
    for (let draw = 0; draw < DRAWS; draw++) {
      const sample = new Sample();
      for (let block = 0; block < conversations; block++) {
        const own = Math.sqrt(0.3) * normal();
        for (let turn = 0; turn < 4; turn++) sample.add(own + Math.sqrt(0.7) * normal(), block);
      }
      const { lower, upper, warning } = quantileSet(sample).p95;
      if (!(lower > Z95) && !(upper < Z95)) covered += 1;
      warned &&= warning !== null;
    }
    return { covered: covered / DRAWS, warned };
  }

  it.each([150, 300])('covers it in 92 to 98 %% of samples of %d conversations', (conversations) => {
    const { covered, warned } = coverage(conversations);
    expect(covered).toBeGreaterThanOrEqual(0.92);
    expect(covered).toBeLessThanOrEqual(0.98);
    expect(warned).toBe(false);
  });

  it.each([
    [15, 0.76],
    [30, 0.87],
    [60, 0.9],
  ])('covers it too seldom with %d conversations, and warns', (conversations, known) => {
    const { covered, warned } = coverage(conversations);
    expect(Math.abs(covered - known)).toBeLessThan(0.04);
    expect(warned).toBe(true);
  });
});

describe('the knee', () => {
  const seed = seedLevels('001-eagle3').slice(0, 7);
  const loads = seed.map(({ concurrency }) => concurrency);
  const STEP = 10;
  /** Of the published sweep's fit: base 247 ms, 904 ms per user, residuals of 885 ms beyond the knee and 11 ms before. */
  const SCATTER = { before: 0.011, beyond: 0.885 };

  it('that was planted is found within one level in 95 % of sweeps with the published signal and noise, and its interval covers it', () => {
    const normal = normals(1);
    const random = seededRandom(2);
    let found = 0;
    let covered = 0;
    for (let draw = 0; draw < DRAWS; draw++) {
      const planted = 55 + 40 * random();
      const points = loads.map((load) => {
        const beyond = Math.max(0, load - planted);
        const scatter = beyond > 0 ? SCATTER.beyond : SCATTER.before;
        return { load, seconds: Math.max(0.05, 0.247 + 0.904 * beyond + scatter * normal()) };
      });
      const { knee } = findKnee(points, DEFAULT_THRESHOLDS, true);
      if (knee === null) continue;
      if (Math.abs(knee.load - planted) <= STEP) found += 1;
      if (knee.lower <= planted && knee.upper >= planted) covered += 1;
    }
    expect(found / DRAWS).toBeGreaterThanOrEqual(0.95);
    // Seven levels, and 80 times the scatter beyond the knee.
    expect(covered / found).toBeGreaterThanOrEqual(0.95);
  });

  it('is claimed in at most 2 % of sweeps whose TTFT rises in a straight line', () => {
    const normal = normals(3);
    let claimed = 0;
    for (let draw = 0; draw < DRAWS; draw++) {
      const points = loads.map((load) => ({ load, seconds: 0.2 * (1 + (load - 50) / 60) * (1 + 0.05 * normal()) }));
      if (findKnee(points, DEFAULT_THRESHOLDS, true).knee !== null) claimed += 1;
    }
    expect(claimed / DRAWS).toBeLessThanOrEqual(0.02);
  });
});
