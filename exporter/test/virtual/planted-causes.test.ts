import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineFacts } from '../../src/server/machine.js';
import { renderMarkdown } from '../../src/report/markdown.js';
import type { EngineOptions } from '../../src/simulator/start.js';
import type { FinishedRun } from '../../src/sweep/finish.js';
import { VirtualRun } from '../../src/virtual/virtual-run.js';
import { specOf } from '../support/virtual-sweep.js';

const SYNTHETIC = 'workload: { kind: synthetic, inputTokens: 256, outputTokens: 64, ignoreEos: true, seed: 42 }';
const LOAD = 'prime: 4s, warmup: 4s, measure: { duration: 16s, minSamples: 20 }, cooldown: 2s';
const DCGM = "telemetry: [{ url: 'http://127.0.0.1:8000' }, { url: 'http://127.0.0.1:8000/dcgm/metrics' }]";

interface Plan {
  levels: string;
  rest?: string;
  workload?: string;
  load?: string;
  telemetry?: string;
  options?: Partial<EngineOptions>;
  restartAfter?: number;
  /** Asks the same before the sweep, so that the cache is not what the workload takes it for. */
  before?: string;
}

async function sweep(plan: Plan): Promise<FinishedRun> {
  const dir = mkdtempSync(join(tmpdir(), 'sweepscope-causes-'));
  const { levels, rest = '', workload = SYNTHETIC, load = LOAD, telemetry = DCGM } = plan;
  const text = (loads: string): string =>
    `name: planted\ntarget: { url: 'http://127.0.0.1:8000' }\nload: { levels: ${loads}, ${load} }\n${workload}\n${telemetry}\n${rest}`;
  const withOutput = (loads: string): ReturnType<typeof specOf> => {
    const spec = specOf(text(loads));
    return { ...spec, output: { ...spec.output, dir } };
  };
  try {
    const spec = withOutput(levels);
    const run = new VirtualRun({
      ...{ spec, profile: 'l4-qwen0.5b', seed: 7, startEpoch: 1_767_225_600, ...plan.options },
      environment: machineFacts().environment,
      warn: (message) => {
        throw new Error(message);
      },
    });
    const go = async (asked: typeof spec): Promise<FinishedRun> =>
      run.drive((await run.drive(run.sidecar.launch({ spec: asked }))).done);
    if (plan.before !== undefined) await go(withOutput(plan.before));
    if (plan.restartAfter !== undefined) run.restartAfter(plan.restartAfter);
    return await go(spec);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

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

  it("has the server's rates within 1 % of the client's own counts", async () => {
    const { result } = await sweep({ levels: '[2, 8]' });
    for (const { telemetry, outputTokensPerSecond, requestsPerSecond } of result.levels) {
      expect(telemetry!.outputTokensPerSecond! / outputTokensPerSecond.value!).toBeCloseTo(1, 2);
      expect(Math.abs(telemetry!.requestsFinishedPerSecond! / requestsPerSecond.value! - 1)).toBeLessThan(0.02);
    }
  });
});

describe('upstreams that fail', () => {
  it("leave the sweep's own numbers as they are without them, and the report tells the gap", async () => {
    const failing = "telemetry: [{ url: 'http://127.0.0.1:8000' }, { url: 'http://127.0.0.1:8000/gone', name: gone }]";
    const [watched, alone] = [
      await sweep({ levels: '[1, 4]', telemetry: failing }),
      await sweep({ levels: '[1, 4]', telemetry: 'telemetry: none' }),
    ];
    const own = ({ result }: FinishedRun): object[] =>
      result.levels.map((level) => ({ ...level, telemetry: null, cache: null }));
    expect(own(watched)).toEqual(own(alone));
    const gone = watched.result.telemetry!.figures.coverage.find(({ upstream }) => upstream === 'gone')!;
    expect(gone).toMatchObject({ engine: null, problem: 'is not there in virtual time' });
    expect(gone.failed).toBe(gone.scrapes);
    expect(renderMarkdown(watched.result)).toContain(`gone: ${gone.failed} of ${gone.scrapes} scrapes failed`);
    expect(alone.result.telemetry).toBeUndefined();
  });
});

describe('a planted cause is named', () => {
  it('as an admission limit with its slots', async () => {
    const run = await sweep({ levels: '[4, 8, 16]', options: { overrides: { maxNumSeqs: 8 } } });
    expect(causes(run)).toMatchObject({ 4: [], 8: [] });
    expect(causes(run)[16]![0]).toBe('admission_limit');
    expect(words(run, 16)).toContain('S = 8');
  });

  it('as KV pressure, not as an admission limit', async () => {
    const run = await sweep({
      levels: '[1, 8, 24]',
      workload: 'workload: { kind: synthetic, inputTokens: 512, outputTokens: 256, ignoreEos: true, seed: 42 }',
      options: { overrides: { numBlocks: 400, maxModelLen: 1024 } },
    });
    expect(causes(run)[1]).toEqual([]);
    expect(causes(run)[24]![0]).toBe('kv_pressure');
  });

  it('as useless speculation, also where the level is healthy', async () => {
    const run = await sweep({
      levels: '[1, 2]',
      options: { overrides: { speculativeTokens: 3, speculativeAcceptance: [0.02, 0.01, 0.01] } },
    });
    expect(causes(run)).toEqual({ 1: ['speculation_useless'], 2: ['speculation_useless'] });
  });

  it('as imbalance when one worker is slow', async () => {
    const run = await sweep({ levels: '[2, 18]', options: { overrides: { workers: 3 }, slowWorker: 3 } });
    expect(causes(run)[18]).toContain('worker_imbalance');
    expect(words(run, 18)).toMatch(/worker 2 \d/);
  });

  it('as contamination when the prompts were asked before', async () => {
    const run = await sweep({ levels: '[1, 2]', before: '[1, 2]' });
    expect(causes(run)).toEqual({ 1: ['cache_contaminated'], 2: ['cache_contaminated'] });
    expect(run.result.windows.map(({ invalidReasons }) => invalidReasons)).toEqual([['cache'], ['cache']]);
  });

  it('as a restart in the level in which it happened, and in no other', async () => {
    const run = await sweep({ levels: '[1, 2, 4]', restartAfter: 40 });
    expect(causes(run)).toEqual({ 1: [], 2: ['restart'], 4: [] });
    expect(run.result.windows[1]!.invalidReasons).toContain('restart');
  });
});
