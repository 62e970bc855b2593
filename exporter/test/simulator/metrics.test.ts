import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { ask, simulate } from './harness.js';

const promtool = spawnSync('promtool', ['--version']).error === undefined;

/** What promtool's linter holds against vLLM's own names as well. */
const VLLM_HABITS = [
  /^vllm:\S+ metric names should not contain ':'$/,
  /^vllm:iteration_tokens_total non-counter metrics should not have "_total" suffix$/,
];

async function exposition(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

function valueOf(text: string, name: string, label = ''): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name}{`) && candidate.includes(label));
  return Number(line?.split(' ').at(-1));
}

describe('/metrics', () => {
  it('counts requests and tokens exactly under vLLM’s names', async () => {
    const simulator = await simulate();
    let prompt = 0;
    for (const max_tokens of [3, 5, 9]) {
      const response = await ask(simulator, { max_tokens, ignore_eos: true });
      const { usage } = (await response.json()) as { usage: { prompt_tokens: number } };
      prompt += usage.prompt_tokens;
    }
    const text = await exposition(simulator.url);
    expect(valueOf(text, 'vllm:prompt_tokens_total')).toBe(prompt);
    expect(valueOf(text, 'vllm:generation_tokens_total')).toBe(17);
    expect(valueOf(text, 'vllm:request_success_total', 'finished_reason="length"')).toBe(3);
    expect(valueOf(text, 'vllm:time_to_first_token_seconds_count')).toBe(3);
    expect(valueOf(text, 'vllm:time_to_first_token_seconds_sum')).toBeCloseTo(3 * 0.005, 6);
    expect(valueOf(text, 'vllm:inter_token_latency_seconds_sum')).toBeCloseTo(14 * 0.001, 6);
    expect(valueOf(text, 'vllm:time_to_first_token_seconds_bucket', 'le="0.01"')).toBe(3);
    expect(valueOf(text, 'vllm:num_requests_running')).toBe(0);
  });

  it('tells the simulator’s own health', async () => {
    const simulator = await simulate();
    await (await ask(simulator, { max_tokens: 7, ignore_eos: true })).text();
    const text = await exposition(simulator.url);
    expect(valueOf(text, 'sweepscope_simulator_tokens_written_total')).toBe(7);
    expect(valueOf(text, 'sweepscope_simulator_lag_seconds_count')).toBeGreaterThan(0);
    expect(text).toMatch(/^process_cpu_seconds_total \d/m);
  });

  it('labels every vLLM sample with model and engine', async () => {
    const { url } = await simulate({ overrides: { model: 'a "model"' } });
    const samples = (await exposition(url)).split('\n').filter((line) => line.startsWith('vllm:'));
    expect(samples.length).toBeGreaterThan(150);
    for (const sample of samples) expect(sample).toContain('{engine="0",model_name="a \\"model\\""');
  });

  (promtool ? it : it.skip)('passes promtool but for the habits of vLLM’s own names', async () => {
    const simulator = await simulate({ profile: 'l4-qwen0.5b', mode: 'burst', overrides: { model: 'bench' } });
    await (await ask(simulator, { max_tokens: 4 })).text();
    const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: await exposition(simulator.url),
      encoding: 'utf8',
    });
    const problems = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
    expect(problems.filter((line) => !VLLM_HABITS.some((habit) => habit.test(line)))).toEqual([]);
  });
});
