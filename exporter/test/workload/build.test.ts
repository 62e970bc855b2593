import { describe, expect, it } from '@jest/globals';

import type { WorkloadSpec } from '../../src/config/spec.js';
import { buildWorkload, loadWorkloadData, meanConversationTurns } from '../../src/workload/build.js';
import type { WorkloadData, WorkloadPlan } from '../../src/workload/build.js';
import { describeWorkload } from '../../src/workload/describe.js';
import { largestPromptTokens, largestRequest } from '../../src/workload/largest.js';
import type { ConversationKey } from '../../src/workload/types.js';
import { build, conversationSpec, datasetSpec, hold, promptText, syntheticSpec } from './specs.js';

const FIRST: ConversationKey = { repetition: 0, level: 0, slot: 0, ordinal: 0 };
const PROMPT: WorkloadSpec = {
  kind: 'prompt',
  seed: 0,
  prompt: 'Explain quantum computing in simple terms',
  outputTokens: 50,
};
const DATASET: WorkloadData = {
  kind: 'dataset',
  dataset: {
    path: 'recordings.json',
    format: 'sharegpt',
    sha256: 'abc123',
    skipped: 3,
    entries: [
      { system: null, questions: ['a'.repeat(400), 'b'.repeat(40)], answerCharacters: [4000, 40] },
      { system: null, questions: ['c'.repeat(800)], answerCharacters: [null] },
    ],
  },
};

describe('the fixed prompt', () => {
  it('is the same in every request, one turn, with the given output', () => {
    const workload = build(PROMPT);
    for (const slot of [0, 1, 50]) {
      const conversation = workload.conversation({ ...FIRST, slot });
      expect(conversation.turns).toBe(1);
      expect(conversation.request(1)).toEqual({
        messages: [{ role: 'user', content: 'Explain quantum computing in simple terms' }],
        maxTokens: 50,
        ignoreEos: false,
      });
    }
    expect([workload.meanTurns, workload.needsAnswers]).toEqual([1, false]);
  });
});

describe('building a workload', () => {
  it.each<[string, WorkloadSpec, WorkloadData | null]>([
    ['conversation', conversationSpec(), null],
    ['synthetic', syntheticSpec(), null],
    ['prompt', PROMPT, null],
    ['dataset', datasetSpec(), DATASET],
  ])('gives the same %s from a plan that went to another thread', (_, spec, given) => {
    const plan: WorkloadPlan = {
      data: given ?? loadWorkloadData(spec),
      calibration: { tokensPerWord: 1.1, overheadTokens: 9 },
      charactersPerToken: 4,
      layout: { repetitions: 1, slots: [2] },
    };
    const [here, there] = [plan, structuredClone(plan)].map((one) => buildWorkload(structuredClone(spec), one));
    expect(hold(here!.conversation(FIRST))).toEqual(hold(there!.conversation(FIRST)));
    expect(here!.meanTurns).toBe(meanConversationTurns(spec, plan.data));
  });

  it('refuses the data of another kind of workload', () => {
    const plan = { data: { kind: 'prompt' }, calibration: null, charactersPerToken: null, layout: null } as const;
    expect(() => buildWorkload(conversationSpec(), plan)).toThrow(
      "a conversation workload can't be built from the data of a prompt workload",
    );
  });
});

describe('the description', () => {
  it('of a salted conversation', () => {
    expect(describeWorkload(conversationSpec())).toMatchInlineSnapshot(
      `"Multi-turn conversation, 3–5 turns, real history resent; starters: 10 passages of about 3,500 tokens; one fixed follow-up question; no think time; up to 1,024 output tokens a turn; seed 7; prefix sharing: every conversation begins with words of its own, so that a prefix cache holds only its own past"`,
    );
  });

  it('of the conversations of the published sweeps, with what prefix caches find', () => {
    expect(describeWorkload(conversationSpec({ salt: 'none' }))).toMatch(/prefix sharing: none of the .* 10 starters/);
  });

  it('tells think time and follow-ups', () => {
    const spec = conversationSpec({
      turns: { min: 5, max: 5 },
      thinkTime: { kind: 'uniform', min: 1, max: 3 },
      followUp: { kind: 'template', templates: ['a', 'b'] },
    });
    expect(describeWorkload(spec)).toMatch(/, 5 turns,.*from 2 templates; think time uniform 1 to 3 s/);
  });

  it('of synthetic prompts', () => {
    expect(describeWorkload(syntheticSpec())).toMatchInlineSnapshot(
      `"Synthetic single-turn prompts of random words, input tokens 256, output tokens 128 (end of sequence ignored); seed 42; prefix sharing: none, every prompt begins with words of its own"`,
    );
  });

  it('of a fixed prompt', () => {
    expect(describeWorkload(PROMPT)).toMatch(
      /^One fixed prompt of 41 characters, up to 50 output tokens; prefix sharing: every/,
    );
  });

  it('of a dataset, with its hash and what was left out', () => {
    expect(describeWorkload(datasetSpec(), DATASET)).toMatch(
      /^Dataset recordings\.json \(sharegpt, 2 entries, 3 unusable ones left out, sha256 abc123\); 1–10 turns/,
    );
  });
});

describe('the largest request', () => {
  it('of a conversation is its last turn with every answer at full length', () => {
    const spec = conversationSpec();
    const { promptTokens, outputTokens } = largestRequest(spec, loadWorkloadData(spec));
    expect(outputTokens).toBe(1024);
    expect(promptTokens).toBeGreaterThan(3500 + 4 * 1024);
    expect(promptTokens).toBeLessThan(3500 + 4 * 1024 + 200);
  });

  it('covers what is really sent', () => {
    const spec = conversationSpec({ turns: { min: 5, max: 5 } });
    const conversation = build(spec).conversation(FIRST);
    for (let turn = 1; turn < 5; turn++) conversation.recordAnswer(turn, 'word '.repeat(1024));
    const sent = promptText(conversation.request(5)).replaceAll('word ', 'four').length / 4.4;
    expect(largestPromptTokens(spec, loadWorkloadData(spec))).toBeGreaterThan(sent);
  });

  it('of synthetic prompts is the longest that can be drawn', () => {
    const spec = syntheticSpec({ inputTokens: { kind: 'uniform', min: 10, max: 900 } });
    expect(largestRequest(spec, { kind: 'synthetic' })).toEqual({ promptTokens: 900, outputTokens: 128 });
  });

  it('of a fixed prompt is the prompt', () => {
    expect(largestRequest(PROMPT, { kind: 'prompt' })).toEqual({ promptTokens: 16, outputTokens: 50 });
  });

  it('of a dataset is that of its largest entry', () => {
    const { promptTokens, outputTokens } = largestRequest(datasetSpec({ outputTokens: null }), DATASET);
    expect(promptTokens).toBe(105 + 1005 + 15);
    expect(outputTokens).toBe(16);
  });
});
