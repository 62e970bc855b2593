import { describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../src/simulator/start.js';
import { answerText } from '../../src/simulator/text/words.js';
import { tokenIds } from '../../src/simulator/text/tokenizer.js';
import { ask, post, simulate } from './harness.js';

interface Message {
  role: string;
  content: string;
}

interface Reply {
  choices: { message: { content: string } }[];
  usage: { prompt_tokens: number; completion_tokens: number; prompt_tokens_details: { cached_tokens: number } | null };
}

const model = 'bench';
const passage = 'The mill stands where the river bends, and folk bring grain there each year. '.repeat(20);

function server(): Promise<Simulator> {
  return simulate({ profile: 'rtx4090-opt125m-serial', mode: 'burst', overrides: { model } });
}

async function say(simulator: Simulator, messages: Message[], max_tokens = 60): Promise<Reply> {
  return (await (await ask(simulator, { messages, max_tokens, ignore_eos: max_tokens < 500 })).json()) as Reply;
}

function cached({ usage }: Reply): number | undefined {
  return usage.prompt_tokens_details?.cached_tokens;
}

describe('cached tokens over HTTP', () => {
  it.each([
    ['cut off at its limit', 60],
    ['ended by itself', 900],
  ])('of a next turn are all full blocks of the turn before, with the answer %s', async (_, maxTokens) => {
    const simulator = await server();
    const first: Message[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: passage },
    ];
    const reply = await say(simulator, first, maxTokens);
    expect(cached(reply)).toBe(0);
    const answer = { role: 'assistant', content: reply.choices[0]!.message.content };
    const second = await say(simulator, [...first, answer, { role: 'user', content: 'Go on, please.' }], maxTokens);
    // the last token that was sampled was never computed
    const known = reply.usage.prompt_tokens + reply.usage.completion_tokens - 1;
    expect(cached(second)).toBe(Math.floor(known / 16) * 16);
  });

  it('are shared by conversations with the same beginning, and not by those that begin otherwise', async () => {
    const simulator = await server();
    await say(simulator, [{ role: 'user', content: `${passage} First question?` }]);
    const alike = await say(simulator, [{ role: 'user', content: `${passage} Another question?` }]);
    expect(cached(alike)!).toBeGreaterThan(alike.usage.prompt_tokens - 32);
    const salted = await say(simulator, [
      { role: 'user', content: `seven other words.\n\n${passage} First question?` },
    ]);
    expect(cached(salted)).toBe(0);
  });

  it('come in the last chunk of a stream', async () => {
    const simulator = await server();
    const body = { messages: [{ role: 'user', content: passage }], max_tokens: 3, ignore_eos: true };
    await (await ask(simulator, body)).text();
    const stream = await ask(simulator, { ...body, stream: true, stream_options: { include_usage: true } });
    expect(await stream.text()).toMatch(/"prompt_tokens_details":\{"cached_tokens":[1-9]\d+\}\}\}\n\ndata: \[DONE\]/);
  });

  it('are not told where nothing is cached', async () => {
    const simulator = await simulate();
    expect((await say(simulator, [{ role: 'user', content: passage }])).usage.prompt_tokens_details).toBeNull();
  });

  it('are found in completions, too', async () => {
    const simulator = await server();
    const complete = async (prompt: string): Promise<Reply> =>
      (await (await post(simulator, '/v1/completions', { model, prompt, max_tokens: 4 })).json()) as Reply;
    await complete(passage);
    expect(cached(await complete(`${passage} And then?`))!).toBeGreaterThan(200);
  });

  it('are none after the cache was reset', async () => {
    const simulator = await server();
    await say(simulator, [{ role: 'user', content: passage }]);
    const reset = await fetch(`${simulator.url}/reset_prefix_cache`, { method: 'POST' });
    expect([reset.status, await reset.json()]).toEqual([200, { reset: true }]);
    expect(cached(await say(simulator, [{ role: 'user', content: passage }]))).toBe(0);
  });

  it('cannot be reset while requests run, unless these may be put back', async () => {
    const simulator = await server();
    const running = await ask(simulator, { stream: true, max_tokens: 1500, ignore_eos: true });
    await running.body!.getReader().read();
    const reset = async (query: string): Promise<unknown> =>
      (await fetch(`${simulator.url}/reset_prefix_cache${query}`, { method: 'POST' })).json();
    expect(await reset('')).toEqual({ reset: false });
    expect(await reset('?reset_running_requests=true')).toEqual({ reset: true });
    expect(simulator.snapshot().preemptions).toBe(1);
  });
});

describe('the words of answers', () => {
  it('are each one token, so that an answer resent has the tokens it was made of', () => {
    const text = answerText(7, 500, 'length');
    expect(tokenIds(text)).toHaveLength(500);
    expect(tokenIds(text.trimStart())).toEqual(tokenIds(text));
  });
});
