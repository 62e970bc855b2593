import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

import { loadDataset, parseDataset } from '../../src/workload/dataset-file.js';
import type { DatasetSpec } from '../../src/workload/dataset-file.js';
import { conversationNumber } from '../../src/workload/key-layout.js';
import type { ConversationKey } from '../../src/workload/types.js';
import { WorkloadError } from '../../src/workload/workload-error.js';
import { build, datasetSpec, hold, promptText } from './specs.js';

const FIRST: ConversationKey = { repetition: 0, level: 0, slot: 0, ordinal: 0 };
const dir = mkdtempSync(join(tmpdir(), 'dataset-'));
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

const human = (value: string) => ({ from: 'human', value });
const gpt = (value: string) => ({ from: 'gpt', value });
const SHAREGPT = [
  {
    id: 'a',
    conversations: [{ from: 'system', value: 'Be brief.' }, human('q1'), gpt('r1'), human('q2'), gpt('r'.repeat(400))],
  },
  { id: 'b', conversations: [gpt('hello'), human('only question'), gpt('r')] },
];

function built(entries: unknown[], change: Partial<DatasetSpec> = {}, layout: Parameters<typeof build>[1] = {}) {
  const spec = datasetSpec(change);
  const dataset = { path: spec.path, sha256: '', ...parseDataset(JSON.stringify(entries), spec) };
  return build(spec, { data: { kind: 'dataset', dataset }, ...layout });
}

describe('dataset formats', () => {
  it('reads ShareGPT: system message, questions, and how long the recorded answers were', () => {
    const { format, entries, skipped } = parseDataset(JSON.stringify(SHAREGPT), datasetSpec());
    expect([format, skipped]).toEqual(['sharegpt', 0]);
    expect(entries).toEqual([
      { system: 'Be brief.', questions: ['q1', 'q2'], answerCharacters: [2, 400] },
      { system: null, questions: ['only question'], answerCharacters: [1] },
    ]);
  });

  it.each(['conversation', 'items'])('reads the list under "%s" too', (key) => {
    const text = JSON.stringify([{ [key]: [human('hi'), gpt('ho')] }]);
    expect(parseDataset(text, datasetSpec()).entries[0]!.questions).toEqual(['hi']);
  });

  it('reads OpenAI chat, one object a line, with parts of text, blank lines and a byte order mark', () => {
    const lines = [
      '\uFEFF' +
        JSON.stringify({
          messages: [
            { role: 'system', content: 's' },
            { role: 'user', content: 'q' },
          ],
        }),
      '',
      JSON.stringify({
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'part' }] },
          { role: 'assistant', content: 'ok' },
        ],
      }) + '\r',
    ];
    const { format, entries } = parseDataset(lines.join('\n'), datasetSpec());
    expect(format).toBe('openai-chat');
    expect(entries).toEqual([
      { system: 's', questions: ['q'], answerCharacters: [null] },
      { system: null, questions: ['part'], answerCharacters: [2] },
    ]);
  });

  it('reads OpenAI chat in a JSON array, and ShareGPT line by line', () => {
    const chat = JSON.stringify([{ messages: [{ role: 'user', content: 'q' }] }]);
    expect(parseDataset(chat, datasetSpec()).format).toBe('openai-chat');
    const lines = SHAREGPT.map((item) => JSON.stringify(item)).join('\n');
    expect(parseDataset(lines, datasetSpec()).entries).toHaveLength(2);
  });

  it('joins messages in a row and leaves tool messages out', () => {
    const messages = [
      { role: 'user', content: 'one' },
      { role: 'user', content: 'two' },
      { role: 'tool', content: '{}' },
      { role: 'assistant', content: 'x' },
    ];
    expect(parseDataset(JSON.stringify([{ messages }]), datasetSpec()).entries).toEqual([
      { system: null, questions: ['one\n\ntwo'], answerCharacters: [1] },
    ]);
  });

  it('counts what it could not use', () => {
    const picture = { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] };
    const silent = { messages: [{ role: 'assistant', content: 'x' }] };
    const good = { messages: [{ role: 'user', content: 'q' }] };
    const { entries, skipped } = parseDataset(JSON.stringify([picture, silent, 5, good]), datasetSpec());
    expect([entries.length, skipped]).toEqual([1, 3]);
  });

  it('tells the hash of the bytes', () => {
    const text = JSON.stringify(SHAREGPT);
    const path = file('hash.json', text);
    expect(loadDataset(datasetSpec({ path })).sha256).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('survives the way to a worker thread', () => {
    const dataset = loadDataset(datasetSpec({ path: file('clone.json', JSON.stringify(SHAREGPT)) }));
    expect(structuredClone(dataset)).toEqual(dataset);
  });
});

describe('bad datasets', () => {
  function refusal(content: string | null, change: Partial<DatasetSpec> = {}): WorkloadError {
    const path = content === null ? join(dir, 'missing.json') : file('bad.json', content);
    try {
      loadDataset(datasetSpec({ path, ...change }));
    } catch (error) {
      if (error instanceof WorkloadError) return error;
      throw error;
    }
    throw new Error('was accepted');
  }

  it('name a file that is not there', () => {
    const error = refusal(null);
    expect(error.message).toMatch(/missing\.json: dataset can't be read \(ENOENT.*\); check workload\.path/);
    expect(error.path).toBe(join(dir, 'missing.json'));
  });

  it('name a folder', () => {
    expect(() => loadDataset(datasetSpec({ path: dir }))).toThrow(/dataset can't be read \(EISDIR/);
  });

  it('name the line that is not JSON', () => {
    const error = refusal('{"messages": [{"role": "user", "content": "q"}]}\n\n{"messages": [\n');
    expect(error.path).toMatch(/bad\.json:3$/);
    expect(error.problem).toMatch(/^line 3 is not JSON/);
    expect(error.hint).toMatch(/ShareGPT .* OpenAI chat/);
  });

  it('say that an array is cut off', () => {
    expect(refusal('[{"conversations": [').message).toMatch(/not JSON \(.*\); is the download complete\?/);
  });

  it.each(['', ' \n'])('say that the file is empty: %j', (content) => {
    expect(refusal(content).problem).toBe('the dataset is empty');
  });

  it.each(['[]', '[1, null]', '{"text": "x"}'])('say that there are no messages: %s', (content) => {
    expect(refusal(content).problem).toBe('no item has a list of messages');
  });

  it('say that the format is another one', () => {
    const error = refusal(JSON.stringify(SHAREGPT), { format: 'openai-chat' });
    expect(error.message).toMatch(/no item has the format "openai-chat"; set workload\.format to "auto"/);
  });

  it('say that no entry can be used', () => {
    expect(refusal('[{"messages": [{"role": "assistant", "content": "x"}]}]').problem).toBe(
      'none of 1 items has a user message in text',
    );
  });

  it('say what to set when output lengths were to come from answers that are not there', () => {
    const error = refusal('{"messages": [{"role": "user", "content": "q"}]}', { outputTokens: null });
    expect(error.message).toMatch(/recorded answer to it; set workload\.outputTokens/);
  });
});

describe('a replayed conversation', () => {
  it('asks the recorded questions in order, with the real answers as history', () => {
    const requests = hold(built(SHAREGPT.slice(0, 1)).conversation(FIRST));
    expect(requests).toHaveLength(2);
    expect(requests[1]).toEqual({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'q1' },
        { role: 'assistant', content: 'answer 1' },
        { role: 'user', content: 'q2' },
      ],
      maxTokens: 200,
      ignoreEos: false,
    });
  });

  it('takes at most maxTurns questions', () => {
    const workload = built(SHAREGPT, { maxTurns: 1 });
    expect(workload.conversation(FIRST).turns).toBe(1);
    expect([workload.meanTurns, workload.needsAnswers]).toEqual([1, false]);
  });

  it('has the mean of the entries as its mean number of turns', () => {
    expect(built(SHAREGPT).meanTurns).toBe(1.5);
  });

  it('limits the output to the recorded answer, at 4 characters a token and at least 16 tokens', () => {
    const requests = hold(built(SHAREGPT.slice(0, 1), { outputTokens: null }).conversation(FIRST));
    expect(requests.map((request) => request.maxTokens)).toEqual([16, 100]);
  });

  it('is byte for byte the same for the same key', () => {
    const [one, other] = [0, 0].map(() => hold(built(SHAREGPT).conversation({ ...FIRST, slot: 3 })));
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });

  it.each([
    ['the system message', SHAREGPT[0]!],
    ['the first question, where there is no system message', SHAREGPT[1]!],
  ])('with salt, has words of its own before %s', (_, item) => {
    const workload = built([item], { salt: 'conversation' });
    const texts = [0, 1, 2].map((slot) => promptText(workload.conversation({ ...FIRST, slot }).request(1)));
    expect(new Set(texts.map((text) => text.slice(0, 70))).size).toBe(3);
    for (const text of texts) expect(text).toMatch(/^([a-z]+ ){6}[a-z]+\.\n\n(Be brief\.\n\nq1|only question)$/);
  });
});

describe('the choice of entries', () => {
  const numbered = Array.from({ length: 100 }, (_, index) => ({ conversations: [human(`question ${index}`)] }));
  const layout = { repetitions: 2, slots: [1, 4, 8] };
  const all: ConversationKey[] = [];
  for (let ordinal = 0; ordinal < 2; ordinal++)
    for (let repetition = 0; repetition < 2; repetition++)
      for (const level of [-1, 0, 1, 2])
        for (let slot = 0; slot < (layout.slots[level] ?? 8); slot++) all.push({ repetition, level, slot, ordinal });

  it('takes no entry twice while unused ones are left', () => {
    const workload = built(numbered, {}, { layout });
    const asked = all.map((key) => promptText(workload.conversation(key).request(1)));
    expect(all.length).toBe(84);
    expect(new Set(asked).size).toBe(84);
  });

  it('is in another order under another seed', () => {
    const [one, other] = [1, 2].map((seed) => {
      const workload = built(numbered, { seed }, { layout });
      return all.map((key) => promptText(workload.conversation(key).request(1)));
    });
    expect(one).not.toEqual(other);
  });

  it('starts again when all entries were used', () => {
    const workload = built(numbered.slice(0, 3), {}, { layout });
    const asked = all.map((key) => promptText(workload.conversation(key).request(1)));
    expect(new Set(asked).size).toBe(3);
  });

  it('is drawn where the conversations to come are not known', () => {
    const workload = built(numbered);
    const asked = all.map((key) => promptText(workload.conversation(key).request(1)));
    expect(new Set(asked).size).toBeGreaterThan(40);
  });

  it('numbers conversations the same way whether repetitions count from 0 or from 1', () => {
    const numbers = (from: number) =>
      all.map((key) => conversationNumber(layout, { ...key, repetition: key.repetition + from }));
    expect(new Set(numbers(0)).size).toBe(84);
    expect(new Set(numbers(1)).size).toBe(84);
  });
});
