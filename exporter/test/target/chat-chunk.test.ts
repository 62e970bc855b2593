import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ChatChunk, readChunk } from '../../src/target/chat-chunk.js';
import { ChunkPattern } from '../../src/target/chunk-pattern.js';
import { ChunkReader } from '../../src/target/chunk-reader.js';

function read(data: unknown): ChatChunk {
  const chunk = new ChatChunk();
  readChunk(typeof data === 'string' ? data : JSON.stringify(data), chunk);
  return chunk;
}

const withDelta = (delta: object): object => ({ choices: [{ index: 0, delta, finish_reason: null }] });

describe('what an event of a streamed answer says', () => {
  it('is a choice without a token for the role chunk', () => {
    expect(read(withDelta({ role: 'assistant', content: '' }))).toMatchObject({
      kind: 'chunk',
      hasChoice: true,
      text: '',
      reasoning: false,
      toolCall: false,
      finished: false,
    });
  });

  it('is visible text, in chat and in completions', () => {
    expect(read(withDelta({ content: 'hé' })).text).toBe('hé');
    expect(read({ choices: [{ index: 0, text: 'ho' }] }).text).toBe('ho');
  });

  it.each(['reasoning_content', 'reasoning'])('is reasoning in %s, which is not visible', (field) => {
    const chunk = read(withDelta({ content: null, [field]: 'hm' }));
    expect([chunk.reasoning, chunk.text]).toEqual([true, '']);
  });

  it('is a tool call', () => {
    expect(read(withDelta({ tool_calls: [{ index: 0, function: { arguments: '{' } }] })).toolCall).toBe(true);
    expect(read(withDelta({ content: 'a', tool_calls: [] })).toolCall).toBe(false);
  });

  it('is the finish', () => {
    expect(read({ choices: [{ delta: {}, finish_reason: 'length' }] }).finished).toBe(true);
  });

  it('is usage, with or without cached tokens', () => {
    const usage = { prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 8 } };
    expect(read({ choices: [], usage })).toMatchObject({
      hasChoice: false,
      promptTokens: 9,
      completionTokens: 4,
      cachedTokens: 8,
    });
    expect(read({ choices: [], usage: { ...usage, prompt_tokens_details: null } }).cachedTokens).toBeNaN();
  });

  it('has no counts where usage is null', () => {
    expect(read({ ...withDelta({ content: 'a' }), usage: null }).completionTokens).toBeNaN();
  });

  it('is the end of the stream', () => {
    expect(read('[DONE]').kind).toBe('done');
    expect(read(' [DONE] ').kind).toBe('done');
  });

  it.each([
    [{ error: { message: 'out of memory', type: 'x', code: 500 } }, 'out of memory'],
    [{ error: 'out of memory' }, 'out of memory'],
    [{ object: 'error', message: 'out of memory', code: 400 }, 'out of memory'],
  ])('is an error with the server’s words: %j', (data, message) => {
    expect(read(data)).toMatchObject({ kind: 'error', message });
  });

  it.each(['{"choices":[', 'hello', '[]', '"text"', '{}', 'null'])('is malformed: %s', (data) => {
    expect(read(data).kind).toBe('malformed');
  });
});

/** Events as servers write them: fixed parts per stream, varying text and counts. */
const TEXT = fc.oneof(
  fc.constantFrom(
    '',
    ' word',
    'a"b',
    'back\\slash',
    'new\nline',
    'ü漢🙂',
    '","content":"x',
    '{"content":"y"}',
    '}],"usage":',
    '"',
  ),
  fc.string({ unit: 'grapheme' }),
);
const COUNT = fc.oneof(fc.nat(5000), fc.constantFrom(0, 1.5, -1, 1e21, null, '7'));

interface Shape {
  spaced: boolean;
  sorted: boolean;
  field: string;
  completions: boolean;
  usage: boolean;
  extra: object;
}
const SHAPE: fc.Arbitrary<Shape> = fc.record({
  spaced: fc.boolean(),
  sorted: fc.boolean(),
  field: fc.constantFrom('content', 'reasoning_content', 'reasoning'),
  completions: fc.boolean(),
  usage: fc.boolean(),
  extra: fc.constantFrom(
    {},
    { logprobs: null, token_ids: null },
    { content: 'outside the delta' },
    { logprobs: { content: [{ token: 'a', logprob: -0.1, completion_tokens: 3 }] } },
    { note: '"content":"in a text","completion_tokens":5' },
    { total_tokens: 1e5, created: 1.5 },
  ),
});

function write(shape: Shape, text: string, total: unknown, created: number): string {
  const content = shape.completions ? { text } : { delta: { role: 'assistant', [shape.field]: text } };
  const event: Record<string, unknown> = {
    id: 'chatcmpl-1',
    created,
    choices: [{ index: 0, ...shape.extra, ...content, finish_reason: null }],
    ...(shape.usage && { usage: { prompt_tokens: 7, total_tokens: total, completion_tokens: total } }),
  };
  const ordered = shape.sorted ? Object.fromEntries(Object.entries(event).sort(([a], [b]) => (a < b ? -1 : 1))) : event;
  const compact = JSON.stringify(ordered);
  return shape.spaced ? JSON.stringify(ordered, null, 1).replace(/\n */g, ' ') : compact;
}

describe('reading by the pattern of an earlier event', () => {
  const event = (text: string, tokens: number): string =>
    JSON.stringify({
      id: 'chatcmpl-1',
      created: 1700,
      choices: [{ index: 0, delta: { content: text }, logprobs: null, finish_reason: null }],
      usage: { prompt_tokens: 7, total_tokens: 7 + tokens, completion_tokens: tokens },
    });
  const learned = (data: string): ChunkPattern | null => ChunkPattern.learn(data, read(data));

  it('fits the next event of the same stream', () => {
    const chunk = new ChatChunk();
    expect(learned(event(' one', 1))?.read(event(' twö 漢', 12), chunk)).toBe(true);
    expect(chunk).toEqual(read(event(' twö 漢', 12)));
  });

  it.each([
    ['an escape in the text', event('a\nb', 2)],
    ['a cut event', event('ab', 2).slice(0, -1)],
    ['more after the event', `${event('ab', 2)} `],
    ['a finish', event('ab', 2).replace('"finish_reason":null', '"finish_reason":"stop"')],
    ['a control character that JSON forbids', event('ab', 2).replace('ab', 'a\u0001b')],
    ['a count with a leading zero', event('ab', 2).replace('"completion_tokens":2', '"completion_tokens":02')],
    ['a fraction', event('ab', 2).replace('"completion_tokens":2', '"completion_tokens":2.5')],
    ['another prompt count', event('ab', 2).replace('"prompt_tokens":7', '"prompt_tokens":8')],
  ])('leaves %s to the JSON parser', (_, data) => {
    const chunk = new ChatChunk();
    expect(learned(event(' one', 1))?.read(data, chunk)).toBe(false);
  });

  it('learns nothing from a finish, a role or a usage event', () => {
    expect(learned(JSON.stringify({ choices: [{ delta: { content: 'a' }, finish_reason: 'stop' }] }))).toBeNull();
    expect(learned(JSON.stringify(withDelta({ role: 'assistant', content: '' })))).toBeNull();
    expect(learned(JSON.stringify({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } }))).toBeNull();
  });

  it('learns nothing where two texts make up the visible one', () => {
    expect(learned(JSON.stringify({ choices: [{ text: 'a', delta: { content: 'b' } }] }))).toBeNull();
    expect(learned('{"choices":[{"delta":{"content":"a","content":"b"}}]}')).toBeNull();
  });

  it('always reads what the JSON parser reads', () => {
    const stream = fc.record({ shape: SHAPE, events: fc.array(fc.tuple(TEXT, COUNT, fc.nat(3)), { maxLength: 20 }) });
    fc.assert(
      fc.property(fc.array(stream, { maxLength: 3 }), (streams) => {
        const reader = new ChunkReader();
        const quick = new ChatChunk();
        for (const { shape, events } of streams) {
          for (const [text, count, created] of events) {
            const data = write(shape, text, count, created);
            reader.read(data, quick);
            expect(quick).toEqual(read(data));
          }
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('reads what the JSON parser reads of events with any byte changed', () => {
    const base = event(' one', 12);
    const pattern = learned(base);
    expect(pattern).not.toBeNull();
    const quick = new ChatChunk();
    fc.assert(
      fc.property(fc.nat(base.length - 1), fc.nat(1), fc.string({ maxLength: 3 }), (at, drop, put) => {
        const data = base.slice(0, at) + put + base.slice(at + drop);
        if (pattern?.read(data, quick) === true) expect(quick).toEqual(read(data));
      }),
      { numRuns: 5000 },
    );
  });
});
