import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LevelResult } from '../../src/analysis/level-result.js';
import { parseSpec } from '../../src/config/parse.js';
import { machineFacts } from '../../src/server/machine.js';
import { VirtualRun } from '../../src/virtual/virtual-run.js';
import { seedLevels } from '../support/seed-levels.js';

const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url));
/** As `npm run seeds` holds them over the whole sweeps. */
const TPOT_TOLERANCE = 0.1;
const TTFT_TOLERANCE = 0.25;

/** A few levels of an example's sweep, measured shortly. */
async function simulate(
  example: string,
  profile: string,
  levels: string,
  overrides: Record<string, string>,
): Promise<LevelResult[]> {
  const dir = mkdtempSync(join(tmpdir(), 'sweepscope-seeds-'));
  const all = { 'load.levels': levels, 'load.repetitions': '1', 'load.cooldown': '0', 'output.dir': dir, ...overrides };
  const parsed = parseSpec(readFileSync(join(EXAMPLES, example), 'utf8'), {
    overrides: Object.entries(all).map(([path, value]) => ({ path, value, origin: 'test' })),
  });
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  try {
    const { spec } = parsed;
    const { environment } = machineFacts();
    const warn = (message: string): never => {
      throw new Error(message);
    };
    const run = new VirtualRun({ spec, profile, seed: 1, startEpoch: 1_767_225_600, environment, warn });
    const active = await run.drive(run.sidecar.launch({ spec }));
    return (await run.drive(active.done)).levels;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const SHORT = { 'load.measure.duration': '60s', 'load.warmup': '30s', 'load.prime': '30s', 'load.ramp': '30s' };

function off(simulatedSeconds: number, publishedMilliseconds: number | undefined): number {
  return Math.abs((simulatedSeconds * 1000) / publishedMilliseconds! - 1);
}

function published(name: string, load: number): ReturnType<typeof seedLevels>[number] {
  return seedLevels(name).find(({ concurrency }) => concurrency === load)!;
}

/** Medians below saturation within the tolerances. */
function expectMedians(name: string, levels: readonly LevelResult[]): void {
  for (const { load, ttft, tpot, itl } of levels) {
    const wanted = published(name, load);
    const perToken = wanted.tpot_p50_ms === undefined ? itl : tpot;
    expect([load, off(perToken.p50.value, wanted.tpot_p50_ms ?? wanted.itl_p50_ms) <= TPOT_TOLERANCE]).toEqual([
      load,
      true,
    ]);
    expect([load, off(ttft.p50.value, wanted.ttft_p50_ms) <= TTFT_TOLERANCE]).toEqual([load, true]);
  }
}

describe('the published sweeps, simulated shortly', () => {
  it('000: TPOT and TTFT of one H200 below saturation; TPOT p95 crosses 60 ms from 70 to 80 users', async () => {
    const levels = await simulate('000-vllm-70b-50-120.yaml', 'h200-llama70b-fp8', '50,70,80', SHORT);
    expectMedians('000-vllm-70b', levels);
    expect(levels[1]!.tpot.p95.value).toBeLessThan(0.06);
    expect(levels[2]!.tpot.p95.value).toBeGreaterThan(0.06);
  }, 60_000);

  it('001: 64 slots hold 60 users, and let 70 wait for seconds', async () => {
    const levels = await simulate('001-eagle3-50-160.yaml', 'h200-llama70b-fp8-eagle3', '60,70', SHORT);
    expectMedians('001-eagle3', levels.slice(0, 1));
    expect(levels[1]!.ttft.p50.value).toBeGreaterThan(2);
    expect(levels[1]!.tpot.p50.value).toBeLessThan(0.085);
  }, 60_000);

  it('002: three workers behind a KV-aware router at 160 users', async () => {
    const levels = await simulate('002-dynamo-kv-160-200.yaml', '3xh200-trtllm-kv', '160', SHORT);
    expectMedians('002-dynamo-kv', levels);
    const [level] = levels;
    expect(off(level!.outputTokensPerSecond / 1000, published('002-dynamo-kv', 160).tops ?? undefined)).toBeLessThan(
      0.1,
    );
  }, 60_000);

  it('003: a small model on one L4 from 1 to 32 users', async () => {
    const short = {
      'load.measure.duration': '10s',
      'load.measure.minSamples': '10',
      'load.warmup': '3s',
      'load.prime': '2s',
    };
    const levels = await simulate('003-l4-qwen-1-32.yaml', 'l4-qwen0.5b', '1,8,32', short);
    expectMedians('003-l4-qwen', levels);
  }, 60_000);

  it('004: one request at a time, whatever the number of users', async () => {
    const short = { 'load.measure.requests': '60', 'load.warmup': '1s', 'load.prime': '1s' };
    const levels = await simulate('004-burst-serial.yaml', 'rtx4090-opt125m-serial', '5,10', short);
    for (const { load, requestsPerSecond, latency } of levels) {
      const { actual_rps: rate, latency_p50_ms: none } = published('004-serial', load);
      expect(none).toBeUndefined();
      expect(Math.abs(requestsPerSecond / rate! - 1)).toBeLessThan(0.1);
      expect(latency.p50.value).toBeCloseTo(load / rate!, 1);
    }
  }, 60_000);
});
