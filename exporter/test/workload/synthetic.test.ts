import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { calibrate, wordsFor } from '../../src/workload/calibration.js';
import { calibrationPrompt } from '../../src/workload/synthetic.js';
import type { ConversationKey } from '../../src/workload/types.js';
import { WorkloadError } from '../../src/workload/workload-error.js';
import { build, promptText, syntheticSpec } from './specs.js';

const FIRST: ConversationKey = { repetition: 0, level: 0, slot: 0, ordinal: 0 };
const keys = fc.record({ repetition: fc.nat(9), level: fc.nat(19), slot: fc.nat(999), ordinal: fc.nat(99) });

function wordCount(text: string): number {
  return text.split(' ').length;
}

describe('synthetic prompts', () => {
  it('have as many words as tokens were asked for, and the fixed output', () => {
    const request = build(syntheticSpec()).conversation(FIRST).request(1);
    expect(request.messages).toHaveLength(1);
    expect(wordCount(promptText(request))).toBe(256);
    expect(request).toMatchObject({ maxTokens: 128, ignoreEos: true });
  });

  it('are byte for byte the same for the same key', () => {
    const spec = syntheticSpec({ inputTokens: { kind: 'uniform', min: 5, max: 500 } });
    const [one, other] = [build(spec), build(spec)];
    fc.assert(
      fc.property(keys, (key) => {
        const [a, b] = [one, other].map((workload) => JSON.stringify(workload.conversation(key).request(1)));
        expect(a).toBe(b);
      }),
    );
  });

  it('differ within their first 100 characters for different keys', () => {
    const workload = build(syntheticSpec());
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        const [one, other] = [a, b].map((key) => promptText(workload.conversation(key).request(1)).slice(0, 100));
        expect(one).not.toBe(other);
      }),
    );
  });

  it('use the calibration to reach the asked length', () => {
    const calibration = { tokensPerWord: 1.25, overheadTokens: 16 };
    const request = build(syntheticSpec(), { calibration }).conversation(FIRST).request(1);
    expect(wordCount(promptText(request))).toBe(192);
  });

  it('keep their drawn output lengths when the calibration changes', () => {
    const spec = syntheticSpec({ outputTokens: { kind: 'uniform', min: 1, max: 1000 } });
    const calibration = { tokensPerWord: 2, overheadTokens: 30 };
    const plain = build(spec).conversation(FIRST).request(1).maxTokens;
    expect(build(spec, { calibration }).conversation(FIRST).request(1).maxTokens).toBe(plain);
  });

  it('have drawn lengths with the mean of the distribution', () => {
    const spec = syntheticSpec({ inputTokens: { kind: 'uniform', min: 20, max: 60 } });
    const workload = build(spec);
    const lengths = Array.from({ length: 3000 }, (_, slot) =>
      wordCount(promptText(workload.conversation({ ...FIRST, slot }).request(1))),
    );
    expect(Math.min(...lengths)).toBe(20);
    expect(Math.max(...lengths)).toBe(60);
    expect(Math.abs(lengths.reduce((sum, value) => sum + value, 0) / 3000 - 40)).toBeLessThan(1);
  });

  it('are single turns that need no answers and are plain JSON', () => {
    const workload = build(syntheticSpec());
    const conversation = workload.conversation(FIRST);
    expect([workload.meanTurns, workload.needsAnswers, conversation.turns]).toEqual([1, false, 1]);
    expect(JSON.parse(JSON.stringify(conversation.request(1)))).toStrictEqual(conversation.request(1));
  });
});

describe('calibration', () => {
  it('finds tokens a word and the template from two samples', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 3, noNaN: true }), fc.nat(100), (slope, overhead) => {
        const samples = [64, 512].map((words) => ({ words, promptTokens: slope * words + overhead }));
        const found = calibrate(samples);
        expect(found.tokensPerWord).toBeCloseTo(slope, 6);
        expect(found.overheadTokens).toBeCloseTo(overhead, 3);
      }),
    );
  });

  it('takes a word as one token when there is one sample only', () => {
    expect(calibrate([{ words: 256, promptTokens: 284 }])).toEqual({ tokensPerWord: 1, overheadTokens: 28 });
  });

  it('lands on the asked length again', () => {
    const calibration = calibrate([
      { words: 100, promptTokens: 128 },
      { words: 400, promptTokens: 443 },
    ]);
    const words = wordsFor(256, calibration);
    expect(Math.abs(23 + 1.05 * words - 256)).toBeLessThan(1);
  });

  it('asks for one word at least', () => {
    expect(wordsFor(5, { tokensPerWord: 1, overheadTokens: 30 })).toBe(1);
  });

  it.each([
    ['no sample', []],
    ['a missing count', [{ words: 10, promptTokens: NaN }]],
    [
      'a longer prompt of fewer tokens',
      [
        { words: 10, promptTokens: 50 },
        { words: 100, promptTokens: 20 },
      ],
    ],
  ])('is refused for %s', (_, samples) => {
    expect(() => calibrate(samples)).toThrow(WorkloadError);
  });

  it('has prompts of its own, of the asked number of words', () => {
    expect(wordCount(calibrationPrompt(42, 64))).toBe(64);
    expect(calibrationPrompt(42, 64)).toBe(calibrationPrompt(42, 64));
    expect(calibrationPrompt(42, 512).startsWith(calibrationPrompt(42, 64).slice(0, 30))).toBe(false);
  });
});
