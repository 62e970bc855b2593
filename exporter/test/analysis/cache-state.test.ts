import { describe, expect, it } from '@jest/globals';
import { cacheGate, cacheMode, cacheState } from '../../src/analysis/cache-state.js';
import type { WorkloadSpec } from '../../src/config/spec.js';
import type { RequestRecord } from '../../src/measure/records.js';
import { specOf } from '../support/virtual-sweep.js';
import { record } from './samples.js';

const workload = (text: string): WorkloadSpec =>
  specOf(`target: {url: 'http://x'}\nload: {levels: [1]}\nworkload: ${text}`).workload;
const CHAT = workload('{ kind: conversation }');
const SHARED = workload('{ kind: conversation, salt: none }');
const SYNTHETIC = workload('{ kind: synthetic, inputTokens: 256, outputTokens: 128 }');
const PROMPT = workload('{ kind: prompt, prompt: hello }');

const SPAN = [{ from: 0, to: 100 }];

/** Three turns of one conversation: 1,000 tokens asked, then 1,300 and 1,600, answers of 200. */
function conversation(cached: readonly number[]): RequestRecord[] {
  return [1000, 1300, 1600].map((inputTokens, index) =>
    record(10 + 10 * index, {
      ...{ conversation: 1, turn: index + 1, inputTokens, outputTokens: 200, cachedTokens: cached[index]! },
      firstTokenAt: 11 + 10 * index,
    }),
  );
}

describe('what a workload lets a prefix cache find', () => {
  it('is nothing of prompts that are all different', () => {
    expect(cacheMode(SYNTHETIC)).toBe('cold-unique');
    expect(cacheState(SYNTHETIC, conversation([0, 0, 0]), SPAN, NaN).expected).toBe(0);
  });

  it("is a salted conversation's own past: the prompt and answer of the turn before", () => {
    const state = cacheState(CHAT, conversation([0, 1184, 1488]), SPAN, NaN);
    expect(state.mode).toBe('multi-turn');
    expect(state.expected).toBeCloseTo((1200 + 1500) / 3900, 9);
    expect(state.state).toBe('as_designed');
  });

  it('counts the turn before also where it was asked before the window', () => {
    const { expected } = cacheState(CHAT, conversation([0, 0, 0]), [{ from: 20, to: 100 }], NaN);
    expect(expected).toBeCloseTo((1200 + 1500) / 2900, 9);
  });

  it('is first prompts too where conversations share them, and all of a fixed prompt', () => {
    expect(cacheState(SHARED, conversation([0, 0, 0]), SPAN, NaN).expected).toBeCloseTo(3700 / 3900, 9);
    expect(cacheState(PROMPT, conversation([0, 0, 0]), SPAN, NaN).expected).toBe(1);
  });

  it('is not known of a dataset whose entries may come again', () => {
    const dataset = workload('{ kind: dataset, path: a.json, salt: none }');
    expect(cacheState(dataset, conversation([0, 0, 0]), SPAN, 0.4).state).toBe('unknown');
  });
});

describe('the cache as found', () => {
  it('is contaminated where more is found than this run put there, which fails the gate', () => {
    const state = cacheState(SYNTHETIC, conversation([900, 1200, 1500]), SPAN, NaN);
    expect(state).toMatchObject({ state: 'contaminated', source: 'usage' });
    expect(cacheGate(state)).toMatchObject({ gate: 'cache', pass: false, limit: 'at most 10 %' });
  });

  it('tells nothing of prompts that are hardly longer than their template: no limit is above all of them', () => {
    const tiny = conversation([20, 20, 20]).map((request) => ({ ...request, inputTokens: 24 }));
    expect(cacheState(SYNTHETIC, tiny, SPAN, NaN)).toMatchObject({ limit: 1, state: 'as_designed' });
  });

  it("is told by the server's counters where answers tell nothing of it", () => {
    const state = cacheState(SYNTHETIC, conversation([NaN, NaN, NaN]), SPAN, 0.8);
    expect(state).toMatchObject({ state: 'contaminated', source: 'server', observed: 0.8 });
  });

  it('may hold the blocks of a template that all prompts share', () => {
    const short = conversation([32, 32, 32]).map((request) => ({ ...request, inputTokens: 256 }));
    expect(cacheState(SYNTHETIC, short, SPAN, NaN).state).toBe('as_designed');
  });

  it('is colder, but valid, where a server caches nothing', () => {
    const state = cacheState(CHAT, conversation([0, 0, 0]), SPAN, NaN);
    expect(state.state).toBe('colder');
    expect(cacheGate(state).pass).toBe(true);
  });

  it('is never too hot for a workload that repeats itself on purpose', () => {
    expect(cacheGate(cacheState(PROMPT, conversation([1000, 1300, 1600]), SPAN, NaN))).toMatchObject({
      pass: true,
      limit: 'any',
    });
  });

  it('is unknown where neither tells', () => {
    const state = cacheState(SYNTHETIC, conversation([NaN, NaN, NaN]), SPAN, NaN);
    expect(state).toMatchObject({ state: 'unknown', source: null });
    expect(cacheGate(state)).toMatchObject({ value: null, pass: true });
  });
});
