import { describe, expect, it } from '@jest/globals';
import { parseExposition } from '../../src/telemetry/exposition/parse.js';
import { detectEngine } from '../../src/telemetry/adapters/catalogue.js';
import { PageProbe } from '../../src/telemetry/page-probe.js';
import type { UpstreamPage } from '../../src/telemetry/page.js';
import { instantValues } from '../../src/telemetry/prometheus-probe.js';
import { fixture, fixtureNames } from './fixtures.js';

async function read(name: string, raw: string[] = []): Promise<UpstreamPage> {
  const text = name.endsWith('\n') ? name : fixture(name);
  const probe = new PageProbe({
    url: 'http://server/metrics',
    engine: 'auto',
    raw,
    fetch: () => Promise.resolve({ text, contentType: 'text/plain' }),
  });
  await probe.scrape(new AbortController().signal);
  // The second answer is read by the chosen names only.
  return probe.scrape(new AbortController().signal);
}

/** `role{replica|device}` → value. */
function told({ values }: UpstreamPage): Record<string, number> {
  return Object.fromEntries(
    values.map(({ role, replica, device, value }) => {
      const place = [replica, device].filter((part) => part !== '').join('|');
      return [place === '' ? role : `${role}{${place}}`, value];
    }),
  );
}

describe('the roles of a server', () => {
  it("are read from vLLM 0.32's page, one value an engine", async () => {
    const page = await read('vllm-0.32.prom');
    expect(page.engine).toBe('vllm');
    expect(told(page)).toMatchObject({
      'requests_running{0}': 8,
      'requests_running{1}': 6,
      'requests_waiting{0}': 3,
      'kv_usage_ratio{1}': 0.5,
      'preemptions_total{0}': 2,
      'prompt_tokens_total{0}': 3900,
      'cached_tokens_total{1}': 450,
      'cache_lookups_total{0}': 4000,
      'cache_hits_total{0}': 1000,
      'output_tokens_total{1}': 3840,
      'requests_finished_total{0}': 40,
      'spec_drafts_total{0}': 100,
      'spec_draft_tokens_total{0}': 300,
      'spec_accepted_tokens_total{0}': 180,
      'ttft_seconds_sum{0}': 4.5,
      'ttft_seconds_count{0}': 40,
      'queue_seconds_sum{1}': 0.625,
      'prefill_seconds_count{1}': 30,
      'request_seconds_sum{0}': 48,
      process_start_seconds: 1763899200,
    });
  });

  it('are the same from an old vLLM, where its names differ', async () => {
    const page = await read('vllm-0.8.prom');
    expect(told(page)).toEqual({
      requests_running: 4,
      requests_waiting: 0,
      kv_usage_ratio: 0.011,
      cache_lookups_total: 640,
      cache_hits_total: 160,
      preemptions_total: 0,
      prompt_tokens_total: 10240,
      output_tokens_total: 5120,
      requests_finished_total: 40,
      ttft_seconds_sum: 3.2,
      ttft_seconds_count: 40,
      request_seconds_sum: 44,
      request_seconds_count: 40,
      queue_seconds_sum: 0.02,
      queue_seconds_count: 40,
      prefill_seconds_sum: 2.9,
      prefill_seconds_count: 40,
    });
    expect(page.matched.get('kv_usage_ratio')).toBe('vllm:gpu_cache_usage_perc (deprecated in 0.9, gone from 0.13 on)');
  });

  it("are those of SGLang's first ranks only, and its cached tokens are not counted twice", async () => {
    expect(told(await read('sglang-0.5.prom'))).toMatchObject({
      'requests_running{0}': 12,
      'requests_running{1}': 20,
      'requests_waiting{1}': 5,
      'kv_usage_ratio{1}': 0.92,
      cached_tokens_total: 3000,
      prompt_tokens_total: 8000,
      output_tokens_total: 4000,
      preemptions_total: 4,
      requests_finished_total: 100,
      queue_seconds_sum: 6,
    });
  });

  it("sum up all of SGLang's cache sources where it gives no total", async () => {
    const page = await read(
      'sglang:num_running_reqs 1\nsglang:cached_tokens_total{cache_source="device"} 2\nsglang:cached_tokens_total{cache_source="host"} 3\n',
    );
    expect(told(page)['cached_tokens_total']).toBe(5);
  });

  it("are read from TensorRT-LLM's page, blocks looked up being those reused and missed", async () => {
    expect(told(await read('trtllm-1.3.prom'))).toMatchObject({
      requests_running: 64,
      requests_waiting: 7,
      max_num_seqs: 64,
      kv_usage_ratio: 0.75,
      kv_hit_ratio: 0.6,
      cache_hits_total: 600,
      cache_lookups_total: 1000,
      cached_tokens_total: 19200,
      requests_finished_total: 100,
      spec_acceptance_length: 1.03,
      gpu_memory_used_bytes: 7.5e10,
    });
  });

  it('are the few that TensorRT-LLM 1.1 has under the older prefix', async () => {
    const page = await read('trtllm-1.1-dynamo-0.7.prom');
    expect([...page.matched.keys()].toSorted()).toEqual([
      'queue_seconds_count',
      'queue_seconds_sum',
      'request_seconds_count',
      'request_seconds_sum',
      'requests_finished_total',
      'ttft_seconds_count',
      'ttft_seconds_sum',
    ]);
  });

  it("are read from the newest of trtllm-serve's JSON iterations", async () => {
    const page = await read('trtllm-iterations.json');
    expect(page.engine).toBe('trtllm');
    expect(told(page)).toEqual({
      requests_running: 5,
      requests_waiting: 1,
      max_num_seqs: 2048,
      kv_usage_ratio: 0.25,
      kv_hit_ratio: 0.25,
      cache_hits_total: 100,
      cache_lookups_total: 400,
      spec_acceptance_length: 1.75,
      gpu_memory_used_bytes: 76665782272,
    });
  });

  it('are not told by an idle trtllm-serve, which is no failure', async () => {
    expect((await read('[]\n')).values).toEqual([]);
  });

  it("are read from Dynamo's page: the router's queue, not the requests before their first token", async () => {
    expect(told(await read('dynamo-1.0.prom'))).toMatchObject({
      'requests_running{1}': 64,
      'requests_running{3}': 72,
      requests_waiting: 8,
      'kv_usage_ratio{3}': 0.47,
      max_num_seqs: 192,
      cached_tokens_total: 1512000,
      prompt_tokens_total: 1575000,
      output_tokens_total: 250000,
      requests_finished_total: 302,
    });
  });

  it("count llama.cpp's cached prompt tokens among its prompt tokens", async () => {
    expect(told(await read('llamacpp-b10519.prom'))).toEqual({
      requests_running: 4,
      requests_waiting: 2,
      cached_tokens_total: 100,
      prompt_tokens_total: 1000,
      output_tokens_total: 5000,
    });
  });

  it('are in base units from DCGM, each GPU once, unsupported fields missing', async () => {
    const page = await read('dcgm-4.prom');
    expect(told(page)).toEqual({
      'gpu_utilization_ratio{node-1|0}': 1,
      'gpu_utilization_ratio{node-1|1}': 0.87,
      'gpu_memory_used_bytes{node-1|0}': 14233 * 2 ** 20,
      'gpu_memory_used_bytes{node-1|1}': 14233 * 2 ** 20,
      'gpu_memory_total_bytes{node-1|0}': 21745 * 2 ** 20,
      'gpu_memory_total_bytes{node-1|1}': 21745 * 2 ** 20,
      'gpu_power_watts{node-1|0}': 71.5,
      'gpu_power_watts{node-1|1}': 69.25,
      'gpu_temperature_celsius{node-1|0}': 64,
      'gpu_temperature_celsius{node-1|1}': 61,
      'gpu_energy_joules_total{node-1|0}': 123456.789,
      'gpu_energy_joules_total{node-1|1}': 2,
      'gpu_dram_active_ratio{node-1|0}': 0.81,
      'gpu_dram_active_ratio{node-1|1}': 0.79,
      'gpu_tensor_active_ratio{node-1|0}': 0.12,
      'gpu_tensor_active_ratio{node-1|1}': 0.11,
    });
  });

  it.each(['9223372036854775794', '9223372036854775792', '140737488355328', '2147483632', 'NaN'])(
    'are missing where DCGM writes %s',
    async (value) => {
      const page = await read(`DCGM_FI_DEV_GPU_TEMP{gpu="0"} 50\nDCGM_FI_DEV_POWER_USAGE{gpu="0"} ${value}\n`);
      expect(Object.keys(told(page))).toEqual(['gpu_temperature_celsius{0}']);
    },
  );

  it("are read from node_exporter's page", async () => {
    expect(told(await read('node-1.9.prom'))).toEqual({
      host_cpu_seconds_total: 320,
      host_cpu_busy_seconds_total: 116,
      host_memory_total_bytes: 34359738368,
      host_memory_used_bytes: 4294967296,
    });
  });

  it('come along with names that are passed through, whole families too', async () => {
    const page = await read('vllm-0.8.prom', ['vllm:time_per_output_token_seconds', 'vllm:num_requests_running']);
    expect(page.raw.map(({ name }) => name)).toEqual([
      'vllm:num_requests_running',
      ...Array.from({ length: 6 }, () => 'vllm:time_per_output_token_seconds_bucket'),
      'vllm:time_per_output_token_seconds_count',
      'vllm:time_per_output_token_seconds_sum',
    ]);
  });

  it.each([
    ['<html>\n', 'answered no metrics but "<html>\\n"'],
    ['a 1\nb 2\n', 'has no metric of any known engine among 2 (a, b, …)'],
    [' \n', 'answered no metric of any known engine'],
  ])('of %j are none, which is said', async (text, problem) => {
    await expect(read(text)).rejects.toThrow(problem);
  });
});

/** Pages of real servers, kept by `npm run test:vllm -- record`. */
const recorded = fixtureNames().filter((name) => name.startsWith('recorded-vllm'));

it.each([...recorded, 'vllm-0.32.prom'])('every role of vLLM that it tells is read from %s', async (name) => {
  const { matched } = await read(name);
  const told = ['requests_running', 'requests_waiting', 'kv_usage_ratio', 'prompt_tokens_total', 'output_tokens_total'];
  const counted = ['cached_tokens_total', 'cache_lookups_total', 'cache_hits_total', 'requests_finished_total'];
  const timed = ['queue_seconds_sum', 'ttft_seconds_count', 'prefill_seconds_sum', 'request_seconds_sum'];
  expect([...matched.keys()]).toEqual(expect.arrayContaining([...told, ...counted, ...timed, 'preemptions_total']));
});

describe('an engine', () => {
  it('is known by its names; a Dynamo worker by the engine within', () => {
    const namesIn = (name: string): string[] => parseExposition(fixture(name)).samples.map((sample) => sample.name);
    expect(detectEngine(namesIn('dynamo-1.0.prom'))).toBe('dynamo');
    expect(detectEngine([...namesIn('vllm-0.8.prom'), 'dynamo_component_requests_total'])).toBe('vllm');
    expect(detectEngine(namesIn('dcgm-4.prom'))).toBe('dcgm');
    expect(detectEngine(['process_cpu_seconds_total'])).toBeNull();
  });
});

describe('the answer of a Prometheus', () => {
  const answer = (data: object): string => JSON.stringify({ status: 'success', data });

  it('is a value for each worker, by the label that tells them apart', () => {
    const result = [
      { metric: { pod: 'a', gpu: '0' }, value: [1, '3'] },
      { metric: { pod: 'b' }, value: [1, 'NaN'] },
    ];
    expect(instantValues('requests_running', answer({ resultType: 'vector', result }))).toEqual([
      { role: 'requests_running', replica: 'a', device: '0', value: 3 },
    ]);
  });

  it('is missing, not 0, when there is no data', () => {
    expect(instantValues('requests_running', answer({ resultType: 'vector', result: [] }))).toEqual([]);
  });

  it('is refused when it is an error, a range, or no JSON', () => {
    const ask = (text: string) => () => instantValues('kv_usage_ratio', text);
    expect(ask('{"status":"error","error":"parse error at char 3"}')).toThrow(
      'queries.kv_usage_ratio: parse error at char 3',
    );
    expect(ask(answer({ resultType: 'matrix', result: [] }))).toThrow('gives a matrix');
    expect(ask('<html>')).toThrow('is this a Prometheus?');
  });
});
