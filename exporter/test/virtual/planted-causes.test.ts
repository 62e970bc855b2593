import { describe, expect, it } from '@jest/globals';
import { renderMarkdown } from '../../src/report/markdown.js';
import type { FinishedRun } from '../../src/sweep/finish.js';
import { plantedSweep as sweep } from '../support/planted-sweep.js';

/** `load: cause, cause` of each level. */
function causes({ analysis }: FinishedRun): Record<number, string[]> {
  return Object.fromEntries(analysis.levels.map((level) => [level.load, level.causes.map(({ cause }) => cause)]));
}

function words({ analysis }: FinishedRun, load: number): string {
  return analysis.levels
    .find((level) => level.load === load)!
    .causes.map(({ text }) => text)
    .join('; ');
}

/** Every cause of every level stands in the report, in its own words; levels without one have none there. */
function expectToldInReport(run: FinishedRun): void {
  const report = renderMarkdown(run.result);
  for (const { causes: named } of run.analysis.levels) for (const { text } of named) expect(report).toContain(text);
}

describe('a healthy run', () => {
  it('names no cause at any level, and has both gates passed', async () => {
    const run = await sweep({ levels: '[1, 2, 4]' });
    expect(causes(run)).toEqual({ 1: [], 2: [], 4: [] });
    for (const { gates, invalidReasons } of run.result.windows) {
      expect(gates.filter(({ gate }) => gate === 'cache' || gate === 'restart')).toMatchObject([
        { gate: 'cache', pass: true },
        { gate: 'restart', value: 0, pass: true },
      ]);
      expect(invalidReasons).toEqual([]);
    }
  });
});

describe('a planted cause is named', () => {
  it('as an admission limit with its slots', async () => {
    const run = await sweep({ levels: '[4, 8, 16]', options: { overrides: { maxNumSeqs: 8 } } });
    expect(causes(run)).toMatchObject({ 4: [], 8: [] });
    expect(causes(run)[16]![0]).toBe('admission_limit');
    expect(words(run, 16)).toContain('S = 8');
    expectToldInReport(run);
  });

  it('as KV pressure, not as an admission limit', async () => {
    const run = await sweep({
      levels: '[1, 8, 24]',
      workload: 'workload: { kind: synthetic, inputTokens: 512, outputTokens: 256, ignoreEos: true, seed: 42 }',
      options: { overrides: { numBlocks: 400, maxModelLen: 1024 } },
    });
    expect(causes(run)[1]).toEqual([]);
    expect(causes(run)[24]![0]).toBe('kv_pressure');
    expectToldInReport(run);
  });

  it('as useless speculation, also where the level is healthy', async () => {
    const run = await sweep({
      levels: '[1, 2]',
      options: { overrides: { speculativeTokens: 3, speculativeAcceptance: [0.02, 0.01, 0.01] } },
    });
    expect(causes(run)).toEqual({ 1: ['speculation_useless'], 2: ['speculation_useless'] });
    expectToldInReport(run);
  });

  it('as imbalance when one worker is slow', async () => {
    const run = await sweep({ levels: '[2, 18]', options: { overrides: { workers: 3 }, slowWorker: 3 } });
    expect(causes(run)[18]).toContain('worker_imbalance');
    expect(words(run, 18)).toMatch(/worker 2 \d/);
    expectToldInReport(run);
  });

  it('as contamination when the prompts were asked before', async () => {
    const run = await sweep({ levels: '[1, 2]', before: '[1, 2]' });
    expect(causes(run)).toEqual({ 1: ['cache_contaminated'], 2: ['cache_contaminated'] });
    expect(run.result.windows.map(({ invalidReasons }) => invalidReasons)).toEqual([['cache'], ['cache']]);
    expectToldInReport(run);
  });

  it('as a restart in the level in which it happened, and in no other', async () => {
    const run = await sweep({ levels: '[1, 2, 4]', restartAfter: 40 });
    expect(causes(run)).toEqual({ 1: [], 2: ['restart'], 4: [] });
    expect(run.result.windows[1]!.invalidReasons).toContain('restart');
    expectToldInReport(run);
  });
});
