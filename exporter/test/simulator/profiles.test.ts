import { describe, expect, it } from '@jest/globals';
import { deploymentOf } from '../../src/simulator/deployment.js';
import { createBatchingEngine } from '../../src/simulator/engine/batching.js';
import { createEngine } from '../../src/simulator/engine/create.js';
import { describeProfiles, profileNamed } from '../../src/simulator/profiles.js';
import { closedLoop, quantile, type LoopResult } from './closed-loop.js';
import { ask, drain, tokensOf } from './engine-harness.js';

/** The published sweep: vLLM on one L4, Qwen2.5-0.5B, 256 tokens in, 128 out. Milliseconds. */
const PUBLISHED = [
  { users: 1, tokensPerSecond: 168, ttft: 27.0, itl: 5.1, e2e: 679 },
  { users: 2, tokensPerSecond: 367, ttft: 37.8, itl: 5.2, e2e: 698 },
  { users: 4, tokensPerSecond: 698, ttft: 50.1, itl: 5.3, e2e: 722 },
  { users: 8, tokensPerSecond: 1312, ttft: 60.9, itl: 5.5, e2e: 772 },
  { users: 16, tokensPerSecond: 2277, ttft: 103.8, itl: 6.0, e2e: 880 },
  { users: 32, tokensPerSecond: 3773, ttft: 135.3, itl: 7.1, e2e: 1082 },
];

function sweepLevel(users: number): LoopResult {
  const { engine, maxModelLen } = profileNamed('l4-qwen0.5b');
  const plan = { users, promptTokens: 256, outputTokens: 128, rampSeconds: 0.8, seconds: 20, seed: 42 };
  return closedLoop(createBatchingEngine(engine, maxModelLen, 1), plan);
}

function ratio(measuredSeconds: number, publishedMilliseconds: number): number {
  return (measuredSeconds * 1000) / publishedMilliseconds;
}

describe('profile l4-qwen0.5b in virtual time', () => {
  const levels = PUBLISHED.map((published) => ({ ...published, measured: sweepLevel(published.users) }));

  it.each(levels)('has the published figures at $users users', ({ measured, tokensPerSecond, ttft, itl, e2e }) => {
    expect(Math.abs(ratio(quantile(measured.ttft, 0.5), ttft) - 1)).toBeLessThan(0.15);
    expect(Math.abs(ratio(quantile(measured.itl, 0.5), itl) - 1)).toBeLessThan(0.05);
    expect(Math.abs(ratio(quantile(measured.e2e, 0.5), e2e) - 1)).toBeLessThan(0.05);
    expect(Math.abs(measured.tokensPerSecond / tokensPerSecond - 1)).toBeLessThan(0.15);
  });

  it('has TTFT that rises with every level', () => {
    const medians = levels.map(({ measured }) => quantile(measured.ttft, 0.5));
    expect(medians).toEqual([...medians].sort((a, b) => a - b));
  });

  it('gains about twenty times the throughput from 1 to 32 users', () => {
    const gain = levels.at(-1)!.measured.tokensPerSecond / levels[0]!.measured.tokensPerSecond;
    expect(gain).toBeGreaterThan(18);
    expect(gain).toBeLessThan(24);
  });
});

describe('profile rtx4090-opt125m-serial in virtual time', () => {
  it.each([
    [5, 0.217],
    [10, 0.415],
    [50, 2.115],
  ])('answers a burst of %d requests of 50 tokens in about the published %d s', (users, seconds) => {
    const engine = createEngine(deploymentOf(profileNamed('rtx4090-opt125m-serial')), 1);
    for (let id = 0; id < users; id++) engine.submit(ask(id, 12, 50), 0);
    const total = drain(engine).at(-1)!.at;
    expect(Math.abs(total / seconds - 1)).toBeLessThan(0.1);
  });
});

describe('profiles', () => {
  it.each(describeProfiles())('$name serves a request to its end', ({ name }) => {
    const profile = profileNamed(name);
    const engine = createEngine(deploymentOf(profile), 1);
    engine.submit(ask(1, 1000, 20), 0);
    expect(tokensOf(drain(engine), 1).at(-1)).toBe(20);
  });

  it('are listed for help texts', () => {
    expect(describeProfiles().map(({ name }) => name)).toEqual([
      'l4-qwen0.5b',
      'h200-llama70b-fp8',
      'h200-llama70b-fp8-eagle3',
      '3xh200-trtllm-kv',
      'rtx4090-opt125m-serial',
      'bench',
    ]);
  });

  it('that are unknown are refused with the names of those there are', () => {
    expect(() => profileNamed('h100')).toThrow(
      'unknown simulator profile "h100"; there are: l4-qwen0.5b, h200-llama70b-fp8, ',
    );
  });
});
