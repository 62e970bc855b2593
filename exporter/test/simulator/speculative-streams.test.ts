import { describe, expect, it } from '@jest/globals';
import { ask, chunks, simulate } from './harness.js';

function speculating(speculativeAcceptance: number[]): ReturnType<typeof simulate> {
  return simulate({
    profile: 'rtx4090-opt125m-serial',
    mode: 'burst',
    overrides: { model: 'bench', speculativeTokens: 3, speculativeAcceptance },
  });
}

describe('a stream of a server that speculates', () => {
  const stream_options = { include_usage: true, continuous_usage_stats: true };
  const body = { stream: true, max_tokens: 41, ignore_eos: true, stream_options };

  it('brings all accepted tokens in one chunk, and counts them', async () => {
    const all = await chunks(await ask(await speculating([1]), body));
    const counts = all.slice(1, -1).map((chunk) => chunk.usage!.completion_tokens);
    expect(counts).toEqual([1, 5, 9, 13, 17, 21, 25, 29, 33, 37, 41]);
    const text = all.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join('');
    expect(text.trim().split(' ')).toHaveLength(41);
  });

  it('loses no text with tokens that show nothing by themselves', async () => {
    const simulator = await speculating([0.5]);
    const streamed = await chunks(await ask(simulator, { ...body, max_tokens: 300, temperature: 0 }));
    const whole = (await (await ask(simulator, { max_tokens: 300, ignore_eos: true, temperature: 0 })).json()) as {
      choices: { message: { content: string } }[];
    };
    const text = streamed.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join('');
    expect(text).toBe(whole.choices[0]!.message.content);
  });
});
