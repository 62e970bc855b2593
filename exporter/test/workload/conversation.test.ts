import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { FIRST_QUESTION } from '../../src/workload/conversation.js';
import { FALLBACK_FOLLOW_UP } from '../../src/workload/dialogue.js';
import { cutStarters, loadPassages } from '../../src/workload/starters.js';
import type { ConversationKey } from '../../src/workload/types.js';
import { build, conversationSpec, hold, promptText } from './specs.js';

const FIRST: ConversationKey = { repetition: 0, level: 0, slot: 0, ordinal: 0 };
const keys = fc.record({ repetition: fc.nat(9), level: fc.nat(19), slot: fc.nat(999), ordinal: fc.nat(99) });

function slots(count: number): ConversationKey[] {
  return Array.from({ length: count }, (_, slot) => ({ ...FIRST, slot }));
}

describe('a conversation', () => {
  it('asks byte for byte the same in every thread that builds it', () => {
    const one = build(conversationSpec());
    const other = build(conversationSpec());
    fc.assert(
      fc.property(keys, (key) => {
        expect(JSON.stringify(hold(one.conversation(key)))).toBe(JSON.stringify(hold(other.conversation(key))));
      }),
      { numRuns: 30 },
    );
  });

  it('asks the same whatever was asked before it', () => {
    const workload = build(conversationSpec());
    const before = JSON.stringify(hold(workload.conversation(FIRST)));
    for (const key of slots(20)) hold(workload.conversation(key));
    expect(JSON.stringify(hold(workload.conversation(FIRST)))).toBe(before);
  });

  it('asks something else under another seed', () => {
    const one = hold(build(conversationSpec({ seed: 1 })).conversation(FIRST));
    const other = hold(build(conversationSpec({ seed: 2 })).conversation(FIRST));
    expect(promptText(one[0]!)).not.toBe(promptText(other[0]!));
  });

  it('begins with the system prompt, a starter and the first question', () => {
    const spec = conversationSpec({ salt: 'none', starters: { count: 10, tokens: 3500 } });
    const [request] = hold(build(spec).conversation(FIRST));
    const starters = cutStarters(loadPassages(), spec.starters);
    expect(request!.messages.map((message) => message.role)).toEqual(['system', 'user']);
    expect(request!.messages[0]!.content).toBe(spec.systemPrompt);
    expect(starters.map((starter) => `${starter}\n\n${FIRST_QUESTION}`)).toContain(request!.messages[1]!.content);
  });

  it('resends the supplied answers in their order', () => {
    const workload = build(conversationSpec({ turns: { min: 4, max: 4 } }));
    const last = hold(workload.conversation(FIRST)).at(-1)!;
    expect(last.messages.map((message) => message.role).join(' ')).toBe(
      'system user assistant user assistant user assistant user',
    );
    const answers = last.messages.filter((message) => message.role === 'assistant').map((message) => message.content);
    expect(answers).toEqual(['answer 1', 'answer 2', 'answer 3']);
  });

  it('extends its own earlier prompt from turn to turn', () => {
    const requests = hold(build(conversationSpec()).conversation(FIRST));
    for (let turn = 1; turn < requests.length; turn++) {
      const earlier = requests[turn - 1]!.messages;
      expect(requests[turn]!.messages.slice(0, earlier.length)).toEqual(earlier);
    }
  });

  it('has between the least and the most turns, and the promised mean', () => {
    const workload = build(conversationSpec({ starters: { count: 1, tokens: 10 } }));
    const turns = slots(6000).map((key) => workload.conversation(key).turns);
    expect(new Set(turns)).toEqual(new Set([3, 4, 5]));
    expect(workload.meanTurns).toBe(4);
    expect(turns.reduce((sum, value) => sum + value, 0) / turns.length).toBeCloseTo(4, 1);
  });

  it('limits the output and leaves the end of sequence alone', () => {
    const [request] = hold(build(conversationSpec({ outputTokens: 77 })).conversation(FIRST));
    expect(request).toMatchObject({ maxTokens: 77, ignoreEos: false });
  });

  it('gives plain JSON', () => {
    for (const request of hold(build(conversationSpec()).conversation(FIRST))) {
      expect(JSON.parse(JSON.stringify(request))).toStrictEqual(request);
    }
  });

  it('needs the answers only where there is a second turn', () => {
    expect(build(conversationSpec()).needsAnswers).toBe(true);
    expect(build(conversationSpec({ turns: { min: 1, max: 1 } })).needsAnswers).toBe(false);
  });

  it('refuses a turn that it does not have, or whose history is missing', () => {
    const conversation = build(conversationSpec({ turns: { min: 3, max: 3 } })).conversation(FIRST);
    expect(() => conversation.request(0)).toThrow(RangeError);
    expect(() => conversation.request(4)).toThrow('a conversation of 3 turns has no turn 4');
    expect(() => conversation.request(2)).toThrow('turn 1 has no answer yet');
  });
});

describe('the salt', () => {
  const workload = build(conversationSpec());

  it('makes the first 100 characters of every conversation its own', () => {
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        const [one, other] = [a, b].map((key) => promptText(workload.conversation(key).request(1)).slice(0, 100));
        expect(one).not.toBe(other);
      }),
    );
  });

  it('differs between neighbours in repetition, level, slot and ordinal', () => {
    const neighbours = [
      FIRST,
      ...(Object.keys(FIRST) as (keyof ConversationKey)[]).map((part) => ({ ...FIRST, [part]: 1 })),
    ];
    const begin = neighbours.map((key) => promptText(workload.conversation(key).request(1)).slice(0, 70));
    expect(new Set(begin).size).toBe(5);
  });

  it('leaves few conversations with even the first two words in common', () => {
    const twoWords = slots(2000).map((key) =>
      promptText(workload.conversation(key).request(1)).split(' ', 2).join(' '),
    );
    expect(new Set(twoWords).size).toBeGreaterThan(1990);
  });

  it('keeps the system prompt after it', () => {
    const [system] = workload.conversation(FIRST).request(1).messages;
    expect(system!.content).toMatch(/^([a-z]+ ){6}[a-z]+\.\n\nYou are a helpful assistant\.$/);
  });

  it('is absent with "none": ten starters give ten different first prompts', () => {
    const unsalted = build(conversationSpec({ salt: 'none' }));
    const prompts = slots(300).map((key) => promptText(unsalted.conversation(key).request(1)));
    expect(new Set(prompts).size).toBe(10);
  });
});

describe('follow-ups', () => {
  const turns = { min: 5, max: 5 };

  it('are one sentence when fixed', () => {
    const spec = conversationSpec({ turns, followUp: { kind: 'fixed', text: 'And then?' } });
    const last = hold(build(spec).conversation(FIRST)).at(-1)!;
    const asked = last.messages.filter((message) => message.role === 'user').map((message) => message.content);
    expect(asked.slice(1)).toEqual(['And then?', 'And then?', 'And then?', 'And then?']);
  });

  it('rotate through templates from a seeded place, none twice before all came', () => {
    const templates = ['a?', 'b?', 'c?', 'd?'];
    const workload = build(conversationSpec({ turns, followUp: { kind: 'template', templates } }));
    const begins = new Set<string>();
    for (const key of slots(60)) {
      const last = hold(workload.conversation(key)).at(-1)!;
      const asked = last.messages
        .filter((message) => message.role === 'user')
        .map((message) => message.content)
        .slice(1);
      expect([...asked].sort()).toEqual(templates);
      begins.add(asked[0]!);
    }
    expect(begins.size).toBe(4);
  });

  it('need no second model when they are known', () => {
    const conversation = build(conversationSpec()).conversation(FIRST);
    expect([1, 2, 3].map((turn) => conversation.followUpRequest(turn))).toEqual([null, null, null]);
  });

  describe('by a second model', () => {
    const followUp = {
      kind: 'model',
      url: 'http://u',
      model: 'm',
      apiKeyEnv: null,
      maxTokens: 100,
      timeoutSeconds: 30,
    } as const;
    const workload = build(conversationSpec({ turns, followUp }));

    it('are asked for from the last question and answer, without the long starter', () => {
      const conversation = workload.conversation(FIRST);
      expect(conversation.followUpRequest(1)).toBeNull();
      conversation.recordAnswer(1, 'Light bends.');
      const request = conversation.followUpRequest(2)!;
      expect(request).toMatchObject({ maxTokens: 100, ignoreEos: false });
      expect(promptText(request)).toContain('Light bends.');
      expect(promptText(request)).toContain(FIRST_QUESTION);
      expect(promptText(request).length).toBeLessThan(1000);
    });

    it('become the message of their turn and part of the history', () => {
      const last = hold(workload.conversation(FIRST)).at(-1)!;
      const asked = last.messages.filter((message) => message.role === 'user').map((message) => message.content);
      expect(asked.slice(1)).toEqual(['question 2', 'question 3', 'question 4', 'question 5']);
    });

    it('are not asked for again once supplied', () => {
      const conversation = workload.conversation(FIRST);
      conversation.recordAnswer(1, 'x');
      conversation.supplyUserMessage(2, 'Why?');
      expect(conversation.followUpRequest(2)).toBeNull();
    });

    it('fall back to a sentence when the model wrote nothing', () => {
      const conversation = workload.conversation(FIRST);
      conversation.recordAnswer(1, 'x');
      conversation.supplyUserMessage(2, ' \n');
      expect(conversation.request(2).messages.at(-1)!.content).toBe(FALLBACK_FOLLOW_UP);
    });

    it('must be there before the turn is asked', () => {
      const conversation = workload.conversation(FIRST);
      conversation.recordAnswer(1, 'x');
      expect(() => conversation.request(2)).toThrow('supplyUserMessage comes first');
    });
  });
});

describe('think time', () => {
  const spec = conversationSpec({ turns: { min: 5, max: 5 }, thinkTime: { kind: 'uniform', min: 1, max: 3 } });

  it('comes before every turn but the first, in seconds, and stays the same when read again', () => {
    const conversation = build(spec).conversation(FIRST);
    const read = () => [1, 2, 3, 4, 5].map((turn) => conversation.thinkSeconds(turn));
    const seconds = read();
    expect(seconds[0]).toBe(0);
    for (const value of seconds.slice(1)) {
      expect(value).toBeGreaterThanOrEqual(1);
      expect(value).toBeLessThanOrEqual(3);
    }
    expect(new Set(seconds).size).toBe(5);
    expect(read()).toEqual(seconds);
  });
});
