import { describe, expect, it } from '@jest/globals';
import { ask, events, simulate, until } from './harness.js';

const streamed = { stream: true, max_tokens: 8, ignore_eos: true };

function contentChunks(all: readonly string[]): number {
  return all.filter((data) => data.includes('"content":" ')).length;
}

describe('faults', () => {
  it('truncate: the response ends after some tokens without finish reason and [DONE]', async () => {
    const all = await events(await ask(await simulate(), { ...streamed, sim: { fault: 'truncate', afterTokens: 5 } }));
    expect(contentChunks(all)).toBe(5);
    expect(all.some((data) => data.includes('"finish_reason":"') || data === '[DONE]')).toBe(false);
  });

  it('malformed: one event is no JSON, the rest as usual', async () => {
    const all = await events(await ask(await simulate(), { ...streamed, sim: { fault: 'malformed', afterTokens: 2 } }));
    const broken = all.filter((data) => {
      try {
        return data !== '[DONE]' && JSON.parse(data) === undefined;
      } catch {
        return true;
      }
    });
    expect(broken).toHaveLength(1);
    expect(all.indexOf(broken[0]!)).toBe(3);
    expect(contentChunks(all)).toBe(8);
    expect(all.at(-1)).toBe('[DONE]');
  });

  it('stall: nothing comes after some tokens, and the connection stays open', async () => {
    const simulator = await simulate();
    const response = await ask(simulator, { ...streamed, sim: { fault: 'stall', afterTokens: 2 } });
    const reader = response.body!.getReader();
    let text = '';
    while (text.split('"content":" ').length < 3)
      text += new TextDecoder().decode((await reader.read()).value as Uint8Array);
    await until(() => simulator.snapshot().generationTokens === 8);
    expect(simulator.snapshot()).toMatchObject({ tokensWritten: 2, finished: 0, aborted: 0 });
    await reader.cancel();
    await until(() => simulator.snapshot().aborted === 1);
  });

  it('reset: the connection breaks', async () => {
    const response = await ask(await simulate(), { ...streamed, sim: { fault: 'reset', afterTokens: 1 } });
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('empty: a complete answer without tokens', async () => {
    const simulator = await simulate();
    const sim = { fault: 'empty' };
    const all = await events(await ask(simulator, { ...streamed, sim, stream_options: { include_usage: true } }));
    expect(contentChunks(all)).toBe(0);
    expect(all.at(-2)).toContain('"completion_tokens":0');
    expect(all.at(-1)).toBe('[DONE]');
    const whole = await (await ask(simulator, { sim })).json();
    expect(whole).toMatchObject({ choices: [{ message: { content: '' } }] });
  });

  it('slow_first_token: the first token waits, the others do not', async () => {
    const simulator = await simulate();
    const begun = performance.now();
    await (await ask(simulator, { ...streamed, sim: { fault: 'slow_first_token', delaySeconds: 0.2 } })).text();
    expect(performance.now() - begun).toBeGreaterThanOrEqual(199);
  });

  it('http_429 tells when to come back; http_500 is an error of the server', async () => {
    const simulator = await simulate();
    const limited = await ask(simulator, { ...streamed, sim: { fault: 'http_429', delaySeconds: 2 } });
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
    const failed = await ask(simulator, { ...streamed, sim: { fault: 'http_500' } });
    expect([failed.status, await failed.json()]).toMatchObject([500, { error: { type: 'InternalServerError' } }]);
  });

  it.each(['truncate', 'reset'])('%s breaks a whole answer in the middle', async (fault) => {
    const response = await ask(await simulate(), { max_tokens: 8, ignore_eos: true, sim: { fault } });
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('malformed makes a whole answer no JSON', async () => {
    const response = await ask(await simulate(), { max_tokens: 8, ignore_eos: true, sim: { fault: 'malformed' } });
    await expect(response.json()).rejects.toThrow(/JSON/);
  });

  it('set by option strike every n-th request', async () => {
    const simulator = await simulate({ fault: { fault: 'http_500', every: 3 } });
    const statuses: number[] = [];
    for (let request = 0; request < 6; request++) statuses.push((await ask(simulator, { max_tokens: 2 })).status);
    expect(statuses).toEqual([500, 200, 200, 500, 200, 200]);
  });
});
