import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LevelFigures, RunResult } from '../../src/report/result-schema.js';
import { cli } from '../support/cli.js';
import { seedLevels, type SeedLevel } from '../support/seed-levels.js';

/** As `npm run seeds` holds them over the whole sweeps. */
const TPOT_TOLERANCE = 0.1;
const TTFT_TOLERANCE = 0.25;
/** Users begin spread over a conversation: in step, their contexts would grow and shrink together. */
const SHORT = { 'load.measure.duration': '90s', 'load.warmup': '30s', 'load.prime': '30s', 'load.ramp': '200s' };

describe('the published sweeps, simulated shortly', () => {
  let dir = '';
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'sweepscope-seeds-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  /** A few levels of an example's sweep. */
  async function simulate(
    example: string,
    profile: string,
    levels: string,
    changes: Record<string, string>,
  ): Promise<LevelFigures[]> {
    const out = join(dir, profile);
    const all = { 'load.repetitions': '1', 'load.cooldown': '0', ...changes };
    const sets = Object.entries(all).flatMap(([path, value]) => ['--set', `${path}=${value}`]);
    const place = ['--profile', profile, '--levels', levels, '--out', out];
    const run = await cli(['simulate', '--virtual', `examples/${example}.yaml`, ...place, ...sets]);
    expect([run.code, run.stderr]).toEqual([0, '']);
    const [folder] = readdirSync(out);
    return (JSON.parse(readFileSync(join(out, folder!, 'result.json'), 'utf8')) as RunResult).levels;
  }

  it('000: TPOT and TTFT of one H200 below saturation; TPOT p95 meets 60 ms at 50 users and misses it at 80', async () => {
    const levels = await simulate('000-vllm-70b-50-120', 'h200-llama70b-fp8', '50,80', SHORT);
    expectMedians('000-vllm-70b', levels);
    expect(levels[0]!.tpot.p95.value).toBeLessThan(0.06);
    expect(levels[1]!.tpot.p95.value).toBeGreaterThan(0.06);
  }, 120_000);

  it('001: 64 slots hold 60 users, and let 70 wait for seconds', async () => {
    const levels = await simulate('001-eagle3-50-160', 'h200-llama70b-fp8-eagle3', '60,70', SHORT);
    expectMedians('001-eagle3', levels.slice(0, 1));
    expect(levels[1]!.ttft.p50.value).toBeGreaterThan(2);
  }, 120_000);

  it('002: three workers behind a KV-aware router at 160 users', async () => {
    const levels = await simulate('002-dynamo-kv-160-200', '3xh200-trtllm-kv', '160', SHORT);
    expectMedians('002-dynamo-kv', levels);
    const { outputTokensPerSecond } = levels[0]!;
    expect(Math.abs(outputTokensPerSecond.value! / published('002-dynamo-kv', 160).tops! - 1)).toBeLessThan(0.1);
  }, 120_000);

  it('003: a small model on one L4 from 1 to 32 users', async () => {
    const measure = { 'load.measure.duration': '10s', 'load.measure.minSamples': '10' };
    const short = { ...measure, 'load.warmup': '3s', 'load.prime': '2s' };
    expectMedians('003-l4-qwen', await simulate('003-l4-qwen-1-32', 'l4-qwen0.5b', '1,8,32', short));
  }, 120_000);

  it('004: one request at a time, whatever the number of users', async () => {
    const short = { 'load.measure.requests': '60', 'load.warmup': '1s', 'load.prime': '1s' };
    for (const level of await simulate('004-burst-serial', 'rtx4090-opt125m-serial', '5,10', short)) {
      const { actual_rps: rate } = published('004-serial', level.load);
      expect(Math.abs(level.requestsPerSecond.value! / rate! - 1)).toBeLessThan(0.1);
      expect(Math.abs((level.latency.p50.value! * rate!) / level.load - 1)).toBeLessThan(0.1);
    }
  }, 120_000);
});

function published(name: string, load: number): SeedLevel {
  return seedLevels(name).find(({ concurrency }) => concurrency === load)!;
}

/** Medians below saturation within the tolerances. */
function expectMedians(name: string, levels: readonly LevelFigures[]): void {
  for (const { load, ttft, tpot, itl } of levels) {
    const wanted = published(name, load);
    const perToken = wanted.tpot_p50_ms === undefined ? itl : tpot;
    const tpotOff = off(perToken.p50.value, wanted.tpot_p50_ms ?? wanted.itl_p50_ms);
    const ttftOff = off(ttft.p50.value, wanted.ttft_p50_ms);
    expect({ load, tpotOff }).toEqual({ load, tpotOff: within(tpotOff, TPOT_TOLERANCE) });
    expect({ load, ttftOff }).toEqual({ load, ttftOff: within(ttftOff, TTFT_TOLERANCE) });
  }
}

function off(simulatedSeconds: number | null, publishedMilliseconds: number | undefined): number {
  return ((simulatedSeconds ?? NaN) * 1000) / publishedMilliseconds! - 1;
}

/** The deviation itself where it is tolerated, else the tolerance: so that a failure shows both. */
function within(deviation: number, tolerance: number): number {
  return Math.abs(deviation) <= tolerance ? deviation : tolerance;
}
