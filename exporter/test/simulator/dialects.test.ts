import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { DIALECTS, type Dialect } from '../../src/simulator/metrics/dialects.js';
import type { Simulator, SimulatorOptions } from '../../src/simulator/start.js';
import { ask, simulate, until } from './harness.js';

const promtool = spawnSync('promtool', ['--version']).error === undefined;
const overrides = { model: 'bench', workers: 2, speculativeTokens: 2, speculativeAcceptance: [0.8, 0.5] };

function server(dialect: Dialect, more: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  return simulate({ profile: 'l4-qwen0.5b', mode: 'burst', dialect, overrides, ...more });
}

async function page(simulator: Simulator, path = '/metrics'): Promise<string> {
  const response = await fetch(`${simulator.url}${path}`);
  expect(response.status).toBe(200);
  return response.text();
}

/** Three answers of 20 tokens to one prompt: two workers see two and one of them. */
async function answerThree(simulator: Simulator): Promise<number> {
  const content = 'a long enough prompt to fill a block of sixteen tokens, '.repeat(4);
  const body = { messages: [{ role: 'user', content }], max_tokens: 20, ignore_eos: true };
  let prompt = 0;
  for (let request = 0; request < 3; request++) {
    const { usage } = (await (await ask(simulator, body)).json()) as { usage: { prompt_tokens: number } };
    prompt += usage.prompt_tokens;
  }
  return prompt;
}

function value(text: string, series: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? NaN : Number(line.split(' ').at(-1));
}

/** The sum over all series of a name whose labels contain `label`. */
function total(text: string, name: string, label = ''): number {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes(label));
  return lines.length === 0 ? NaN : lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

describe('the same state in other engines’ words', () => {
  it('vLLM: each worker an engine, the prefix cache and speculation counted', async () => {
    const simulator = await server('vllm');
    const prompt = await answerThree(simulator);
    const text = await page(simulator);
    expect(total(text, 'vllm:prompt_tokens_total')).toBe(prompt);
    expect(total(text, 'vllm:generation_tokens_total')).toBe(60);
    expect(total(text, 'vllm:generation_tokens_total', 'engine="0"')).toBe(40);
    expect(total(text, 'vllm:generation_tokens_total', 'engine="1"')).toBe(20);
    const cached = total(text, 'vllm:prompt_tokens_cached_total');
    expect(cached).toBeGreaterThan(40);
    expect(total(text, 'vllm:prefix_cache_hits_total')).toBe(cached);
    expect(total(text, 'vllm:prompt_tokens_by_source_total', 'local_cache_hit')).toBe(cached);
    expect(total(text, 'vllm:spec_decode_num_draft_tokens_total')).toBeGreaterThan(20);
    expect(total(text, 'vllm:spec_decode_num_accepted_tokens_per_pos_total')).toBe(
      total(text, 'vllm:spec_decode_num_accepted_tokens_total'),
    );
    expect(text).toContain('block_size="16"');
    expect(text).toContain('enable_prefix_caching="True"');
  });

  it('vLLM without speculation has no metric of it', async () => {
    const simulator = await server('vllm', { overrides: { model: 'bench' } });
    expect(await page(simulator)).not.toContain('spec_decode');
  });

  it('SGLang: gauges of each scheduler, counters and its own buckets for the server', async () => {
    const simulator = await server('sglang');
    const prompt = await answerThree(simulator);
    const text = await page(simulator);
    expect(value(text, 'sglang:prompt_tokens_total{model_name="bench"}')).toBe(prompt);
    expect(value(text, 'sglang:generation_tokens_total{model_name="bench"}')).toBe(60);
    const device = value(text, 'sglang:cached_tokens_total{model_name="bench",cache_source="device"}');
    expect(value(text, 'sglang:cached_tokens_total{model_name="bench",cache_source="total"}')).toBe(device);
    expect(total(text, 'sglang:num_running_reqs', 'dp_rank="1"')).toBe(0);
    expect(total(text, 'sglang:token_usage', 'tp_rank="0"')).toBe(0);
    expect(text).toContain('sglang:time_to_first_token_seconds_bucket{model_name="bench",le="0.6"}');
    expect(text).not.toContain('_created');
  });

  it('TensorRT-LLM: a JSON array on /metrics, Prometheus beside it', async () => {
    const simulator = await server('trtllm');
    const prompt = await answerThree(simulator);
    const iterations = JSON.parse(await page(simulator)) as { kvCacheStats: { reusedBlocks: number } }[];
    expect(iterations).toHaveLength(2);
    expect(iterations[0]!.kvCacheStats.reusedBlocks).toBeGreaterThan(0);
    const text = await page(simulator, '/prometheus/metrics');
    const labels = 'model_name="bench",engine_type="pytorch"';
    expect(value(text, `trtllm_prompt_tokens_total{${labels}}`)).toBe(prompt);
    expect(value(text, `trtllm_max_num_active_requests{${labels}}`)).toBe(512);
    expect(value(text, `trtllm_kv_cache_reused_blocks_total{${labels}}`)).toBe(
      iterations[0]!.kvCacheStats.reusedBlocks,
    );
  });

  it('Dynamo: the front end’s sums and each worker’s component', async () => {
    const simulator = await server('dynamo');
    const prompt = await answerThree(simulator);
    const text = await page(simulator);
    expect(value(text, 'dynamo_frontend_output_tokens_total{model="bench"}')).toBe(60);
    expect(value(text, 'dynamo_frontend_input_sequence_tokens_sum{model="bench"}')).toBe(prompt);
    expect(value(text, 'dynamo_frontend_cached_tokens_sum{model="bench"}')).toBeGreaterThan(40);
    expect(value(text, 'dynamo_frontend_model_max_num_seqs{model="bench"}')).toBe(256);
    expect(total(text, 'dynamo_component_requests_total', 'worker_id="1"')).toBe(2);
    expect(text).toContain('dynamo_frontend_time_to_first_token_seconds_bucket{model="bench",le="0.047"}');
  });

  it('llama.cpp: no labels, prompt tokens without the cached ones', async () => {
    const simulator = await server('llamacpp');
    const prompt = await answerThree(simulator);
    const text = await page(simulator);
    const cached = value(text, 'llamacpp:prompt_tokens_cached_total');
    expect(value(text, 'llamacpp:prompt_tokens_total')).toBe(prompt - cached);
    expect(value(text, 'llamacpp:tokens_predicted_total')).toBe(60);
    expect(value(text, 'llamacpp:requests_processing')).toBe(0);
  });

  it('show a worker by itself below /workers', async () => {
    const simulator = await server('dynamo');
    await answerThree(simulator);
    expect(
      value(await page(simulator, '/workers/0/metrics'), 'dynamo_frontend_output_tokens_total{model="bench"}'),
    ).toBe(40);
    expect(
      value(await page(simulator, '/workers/1/metrics'), 'dynamo_frontend_output_tokens_total{model="bench"}'),
    ).toBe(20);
    expect((await fetch(`${simulator.url}/workers/2/metrics`)).status).toBe(404);
  });

  (promtool ? it : it.skip).each(DIALECTS)('%s: can be read by Prometheus', async (dialect) => {
    const simulator = await server(dialect);
    await answerThree(simulator);
    const input = await page(simulator, dialect === 'trtllm' ? '/prometheus/metrics' : '/metrics');
    const { stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
    expect(stderr).not.toMatch(/error while|second TYPE|text format|duplicate/i);
    const series = input.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(new Set(series.map((line) => line.slice(0, line.lastIndexOf(' ')))).size).toBe(series.length);
    expect(series.filter((line) => /NaN|Infinity|null|undefined/.test(line))).toEqual([]);
  });
});

describe('a restart', () => {
  it('cuts streams, refuses connections for a while, and comes back with counters at 0', async () => {
    const restart = { afterSeconds: 1, downSeconds: 1 };
    const simulator = await server('vllm', { restart });
    await (await ask(simulator, { max_tokens: 3 })).text();
    const started = value(await page(simulator), 'process_start_time_seconds');
    const cut = await ask(simulator, { stream: true, max_tokens: 5000, ignore_eos: true });
    await expect(cut.text()).rejects.toThrow();
    await expect(fetch(`${simulator.url}/health`)).rejects.toThrow();
    await until(() => simulator.snapshot().generationTokens === 0);
    let text = '';
    while (text === '') text = await page(simulator).catch(() => '');
    expect(total(text, 'vllm:generation_tokens_total')).toBe(0);
    expect(value(text, 'process_start_time_seconds')).toBeGreaterThan(started);
    expect(simulator.snapshot()).toMatchObject({ running: 0, waiting: 0, kvUsage: 0 });
    expect((await ask(simulator, { max_tokens: 3 })).status).toBe(200);
  });
});
