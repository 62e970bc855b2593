import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../../src/clock/virtual-clock.js';
import type { Engine } from '../../src/simulator/engine/types.js';
import { EngineDriver, VIRTUAL_TIME } from '../../src/simulator/driver.js';
import { createSimulatedEngine, type EngineOptions } from '../../src/simulator/start.js';
import { countTokens } from '../../src/simulator/text/tokenizer.js';
import type { Channel, Exchange } from '../../src/target/types.js';
import { VirtualServer } from '../../src/virtual/virtual-server.js';
import type { TurnRequest } from '../../src/workload/types.js';
import { specOf } from '../support/virtual-sweep.js';

const NETWORK = 0.0003;
const QUESTION: TurnRequest = {
  messages: [{ role: 'user', content: 'Where does the river bend?' }],
  maxTokens: 11,
  ignoreEos: true,
};

interface Asked {
  exchange: Exchange;
  chunks: { at: number; tokens: number; gap: number }[];
}

/** A virtual server and one user's channel to it. The default streams tick by themselves: 200 ms, then every 20 ms. */
function rig(options: Partial<EngineOptions> & { timeouts?: string } = {}): {
  clock: VirtualClock;
  engine: Engine;
  channel: Channel;
  ask: (request?: TurnRequest) => Asked;
} {
  const clock = new VirtualClock(0, 0);
  const { timeouts = '{ total: 100s }' } = options;
  const { engine, serving } = createSimulatedEngine({ profile: 'bench', mode: 'independent', seed: 1, ...options });
  const spec = specOf(`
target: { url: 'http://127.0.0.1:1', timeouts: ${timeouts} }
load: { levels: [1] }
workload: { kind: prompt, prompt: hello }
`);
  const channel = new VirtualServer(clock, new EngineDriver(engine, clock, VIRTUAL_TIME), serving)
    .target(spec, 'server')
    .channel();
  const ask = (request = QUESTION): Asked => {
    const chunks: Asked['chunks'] = [];
    const exchange = channel.send(
      request,
      { requestId: 'r', collectText: true },
      { onTokenChunk: (_exchange, at, tokens, gap) => void chunks.push({ at, tokens, gap }), onEnd: () => undefined },
    );
    return { exchange, chunks };
  };
  return { clock, engine, channel, ask };
}

describe('a request in virtual time', () => {
  it('has exactly the engine’s times and the time on the wire', async () => {
    const { clock, ask } = rig();
    const { exchange, chunks } = ask();
    await clock.advance(10);
    expect(exchange.startedAt).toBe(0);
    expect(exchange.firstTokenAt).toBeCloseTo(0.2 + NETWORK, 9);
    expect(chunks.map(({ at }) => at)).toHaveLength(11);
    chunks.forEach(({ at }, index) => expect(at).toBeCloseTo(0.2 + NETWORK + 0.02 * index, 9));
    expect(chunks[0]!.gap).toBeNaN();
    for (const { gap } of chunks.slice(1)) expect(gap).toBeCloseTo(0.02, 9);
    expect(exchange.endedAt).toBe(exchange.lastTokenAt);
    expect(exchange.finishedAt).toBe(exchange.lastTokenAt);
  });

  it('ends with the usage, the text and a status as over HTTP', async () => {
    const { clock, ask } = rig();
    const { exchange } = ask();
    await clock.advance(10);
    expect(exchange).toMatchObject({ outcome: 'ok', httpStatus: 200, tokensSource: 'usage', outputTokens: 11 });
    expect(exchange.inputTokens).toBeGreaterThan(5);
    expect(countTokens(exchange.text)).toBe(11);
  });

  it('gets another answer each time at equal prompts, as sampling gives', async () => {
    const { clock, ask } = rig();
    const first = ask().exchange;
    await clock.advance(10);
    const second = ask().exchange;
    await clock.advance(10);
    expect(second.text).not.toBe(first.text);
  });

  it('brings several tokens in one chunk where drafts are accepted', async () => {
    const overrides = { speculativeTokens: 3, speculativeAcceptance: [1] };
    const { clock, ask } = rig({ profile: 'l4-qwen0.5b', mode: 'burst', overrides });
    const { exchange, chunks } = ask({ ...QUESTION, maxTokens: 12 });
    await clock.advance(10);
    expect(Math.max(...chunks.map(({ tokens }) => tokens))).toBe(4);
    expect(chunks.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(12);
    expect(exchange.tokenChunks).toBeLessThan(12);
  });

  it('finds its own past in the prefix cache', async () => {
    const { clock, ask } = rig({ profile: 'l4-qwen0.5b', mode: 'burst' });
    const long = 'the river bends past a mill '.repeat(40);
    const question = { ...QUESTION, messages: [{ role: 'user' as const, content: long }] };
    const first = ask(question).exchange;
    await clock.advance(10);
    const answer = { role: 'assistant' as const, content: first.text };
    const messages = [...question.messages, answer, { role: 'user' as const, content: 'And then?' }];
    const second = ask({ ...QUESTION, messages }).exchange;
    await clock.advance(10);
    expect(first.cachedTokens).toBe(0);
    expect(second.cachedTokens).toBeGreaterThanOrEqual(first.inputTokens - 16);
  });
});

describe('a request that fails in virtual time', () => {
  it('is cut by the total time-out, keeps its TTFT and frees its slot', async () => {
    const { clock, engine, ask } = rig({ timeouts: '{ total: 300ms }' });
    const { exchange } = ask({ ...QUESTION, maxTokens: 100 });
    await clock.advance(10);
    expect(exchange).toMatchObject({ outcome: 'timeout_total', detail: 'server: no end within 0.3 s' });
    expect(exchange.endedAt).toBeCloseTo(0.3, 5);
    expect(exchange.firstTokenAt).toBeCloseTo(0.2003, 9);
    expect(engine.load()).toMatchObject({ running: 0, waiting: 0, frontEnd: 0 });
    expect(engine.statistics.finished.abort).toBe(1);
  });

  it('is cut while it waits for its first token', async () => {
    const { clock, engine, ask } = rig({ timeouts: '{ firstToken: 100ms }' });
    const { exchange, chunks } = ask();
    await clock.advance(10);
    expect(exchange).toMatchObject({ outcome: 'timeout_first_token', firstTokenAt: NaN, tokenChunks: 0 });
    expect(chunks).toEqual([]);
    expect(engine.load().frontEnd).toBe(0);
  });

  it('is cut when nothing comes in the middle of the answer', async () => {
    const overrides = { itlSeconds: 5 };
    const { clock, ask } = rig({ timeouts: '{ idle: 1s }', overrides });
    const { exchange } = ask();
    await clock.advance(20);
    expect(exchange.outcome).toBe('timeout_idle');
    expect(exchange.endedAt).toBeCloseTo(1.2003, 5);
  });

  it('is told of as aborted when its user ends it, even before it has arrived', async () => {
    const { clock, engine, ask } = rig();
    const { exchange } = ask();
    exchange.cancel();
    await clock.advance(1);
    expect(exchange).toMatchObject({ outcome: 'aborted', endedAt: 0 });
    expect(engine.load().frontEnd).toBe(0);
  });

  it('is refused in the server’s words when prompt and answer do not fit', async () => {
    const { clock, ask } = rig({ overrides: { maxModelLen: 64 } });
    const { exchange } = ask({ ...QUESTION, maxTokens: 64 });
    await clock.advance(1);
    expect(exchange).toMatchObject({ outcome: 'http_4xx', httpStatus: 400 });
    expect(exchange.detail).toMatch(/^server: answered 400: This model's maximum context length is 64 tokens/);
  });

  it('cannot share its channel with another one', () => {
    const { ask } = rig();
    ask();
    expect(() => ask()).toThrow('request r: this channel is still busy with r');
  });
});
