import { describe, expect, it } from '@jest/globals';
import { METRICS } from '../../src/metrics/catalogue.js';
import { buildRegistry } from '../../src/metrics/registry.js';
import type { MetricSources } from '../../src/metrics/sources.js';
import { parseExposition, samplesOf, type Sample } from './exposition.js';
import { fullSources, idleSources, levelResult } from './sample-sources.js';

async function scrape(sources: MetricSources): Promise<Sample[]> {
  return parseExposition(await buildRegistry(sources).metrics());
}

/** What Sweepscope promises to expose. */
const PROMISED = `
  loadgen_ttft_all_seconds loadgen_tpot_all_seconds loadgen_itl_all_seconds loadgen_latency_all_seconds
  loadgen_ttft_seconds loadgen_tpot_seconds loadgen_itl_seconds loadgen_latency_seconds loadgen_requests_total
  loadgen_time_to_first_token_seconds loadgen_time_per_output_token_seconds loadgen_inter_chunk_seconds
  loadgen_request_duration_seconds
  loadgen_requests_started_total loadgen_request_errors_total loadgen_output_tokens_total loadgen_input_tokens_total
  loadgen_cached_tokens_total loadgen_conversations_total loadgen_arrivals_dropped_total loadgen_slo_events_total
  loadgen_level loadgen_phase loadgen_snapshot loadgen_repetition loadgen_progress_ratio loadgen_inflight_requests
  loadgen_backoff_slots loadgen_active_conversations loadgen_oldest_unanswered_seconds loadgen_alerts_muted
  loadgen_run_info loadgen_run_end_timestamp_seconds loadgen_slo_seconds loadgen_window_timestamp_seconds
  loadgen_window_info
  loadgen_result_ttft_seconds loadgen_result_tpot_seconds loadgen_result_itl_seconds loadgen_result_latency_seconds
  loadgen_result_requests_per_second loadgen_result_output_tokens_per_second loadgen_result_error_ratio
  loadgen_result_slo_ratio loadgen_result_samples loadgen_result_kv_hit_ratio
  loadgen_upstream_up loadgen_upstream_scrape_duration_seconds loadgen_upstream_last_success_timestamp_seconds
  loadgen_upstream_metric_present loadgen_upstream_requests_running loadgen_upstream_requests_waiting
  loadgen_upstream_kv_usage_ratio loadgen_upstream_kv_hit_ratio loadgen_upstream_spec_acceptance_ratio
  loadgen_upstream_worker_running_spread loadgen_upstream_max_num_seqs loadgen_upstream_gpu_utilization_ratio
  loadgen_upstream_gpu_memory_used_bytes loadgen_upstream_gpu_memory_total_bytes loadgen_upstream_gpu_power_watts
  loadgen_upstream_gpu_temperature_celsius loadgen_upstream_gpu_sm_active_ratio loadgen_upstream_gpu_dram_active_ratio
  loadgen_upstream_gpu_tensor_active_ratio loadgen_upstream_host_memory_used_bytes loadgen_upstream_preemptions_total
  loadgen_upstream_prompt_tokens_total loadgen_upstream_output_tokens_total loadgen_upstream_cached_tokens_total
  loadgen_upstream_requests_finished_total loadgen_upstream_spec_draft_tokens_total
  loadgen_upstream_spec_accepted_tokens_total loadgen_upstream_spec_drafts_total
  loadgen_upstream_gpu_energy_joules_total loadgen_upstream_host_cpu_seconds_total
  loadgen_upstream_host_cpu_busy_seconds_total loadgen_upstream_queue_seconds loadgen_upstream_ttft_seconds
  loadgen_upstream_prefill_seconds loadgen_upstream_request_seconds
  loadgen_level_verdict
  loadgen_run_slo_level loadgen_run_knee_level
  loadgen_stamp_delay_seconds loadgen_eventloop_lag_seconds loadgen_cpu_seconds_total
  loadgen_cpu_throttled_seconds_total loadgen_cpu_throttled_ratio loadgen_gc_seconds_total loadgen_sockets_open
  loadgen_sockets_waiting loadgen_connect_seconds loadgen_connections_reused_ratio loadgen_build_info
`
  .trim()
  .split(/\s+/);

describe('what is exposed', () => {
  it('is every promised name, with samples', async () => {
    const samples = await scrape(fullSources());
    const bare = new Set(samples.map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')));
    expect(PROMISED.filter((name) => !bare.has(name))).toEqual([]);
    expect([...METRICS.keys()].filter((name) => !PROMISED.includes(name))).toEqual([]);
  });

  it('stays under 5,000 series with 12 levels, 3 repetitions, 3 retained runs, 5 turns, two servers and 8 GPUs', async () => {
    const samples = await scrape(fullSources());
    expect(samplesOf(samples, 'loadgen_result_ttft_seconds')).toHaveLength(3 * 12 * 9);
    expect(samplesOf(samples, 'loadgen_window_info')).toHaveLength(3 * 36);
    expect(samples.length).toBeLessThan(5000);
  });

  it('tells no series twice', async () => {
    const samples = await scrape(fullSources());
    const keys = samples.map(({ name, labels }) => name + JSON.stringify(Object.entries(labels).sort()));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('carries exactly the declared labels', async () => {
    for (const { name, labels } of await scrape(fullSources())) {
      const declaration = METRICS.get(name) ?? METRICS.get(name.replace(/_(bucket|sum|count)$/, ''));
      if (declaration === undefined) continue;
      const given = Object.keys(labels).filter((label) => label !== 'le' && label !== 'quantile');
      expect([name, ...given]).toEqual([name, ...declaration.labels]);
    }
  });

  it('has the metrics of the process, but no gauge that carries a quantile or ends in _total', async () => {
    const text = await buildRegistry(idleSources()).metrics();
    const gauges = [...text.matchAll(/^# TYPE (\S+) gauge$/gm)].map(([, name]) => name ?? '');
    expect(text).toContain('process_resident_memory_bytes');
    expect(gauges).toContain('nodejs_eventloop_lag_seconds');
    expect(gauges.filter((name) => name.endsWith('_total'))).toEqual([]);
    const withQuantile = parseExposition(text).filter(({ labels }) => 'quantile' in labels);
    expect(withQuantile.filter(({ name }) => gauges.includes(name))).toEqual([]);
  });

  it('can be read by prom-client as well', async () => {
    const metrics = await buildRegistry(fullSources()).getMetricsAsJSON();
    const level = metrics.find(({ name }) => name === 'loadgen_level');
    expect(level?.values).toEqual([
      { metricName: 'loadgen_level', labels: { run: '20260101-000002-sweep' }, value: 120 },
    ]);
  });
});

describe('a summary', () => {
  it('is NaN when its window is empty, with sum and count 0', async () => {
    const samples = await scrape(idleSources());
    const quantiles = samplesOf(samples, 'loadgen_ttft_all_seconds');
    expect(quantiles.map(({ labels, text }) => [labels['quantile'], text])).toEqual([
      ['0.5', 'NaN'],
      ['0.9', 'NaN'],
      ['0.95', 'NaN'],
      ['0.99', 'NaN'],
    ]);
    expect(samplesOf(samples, 'loadgen_ttft_all_seconds_count')[0]?.value).toBe(0);
  });

  it('reads the window that ends now, while sum and count stay', async () => {
    const sources = idleSources();
    sources.requests.summaries.ttft.add(1000, 1, 0.25);
    const registry = buildRegistry(sources);
    const fresh = parseExposition(await registry.metrics());
    expect(samplesOf(fresh, 'loadgen_ttft_seconds', { turn_type: 'initial', quantile: '0.5' })[0]?.value).toBeCloseTo(
      0.25,
      2,
    );
    expect(samplesOf(fresh, 'loadgen_ttft_seconds', { turn_type: 'followup', quantile: '0.5' })[0]?.value).toBeNaN();
    sources.time += 61;
    const later = parseExposition(await registry.metrics());
    expect(samplesOf(later, 'loadgen_ttft_seconds', { turn_type: 'initial', quantile: '0.5' })[0]?.value).toBeNaN();
    expect(samplesOf(later, 'loadgen_ttft_seconds_sum', { turn_type: 'initial' })[0]?.value).toBe(0.25);
  });
});

describe('a histogram', () => {
  it('adds up its buckets, each edge included, to the count', async () => {
    const sources = idleSources();
    const { ttft } = sources.requests.histograms;
    for (const seconds of [0.6, 0.600001, 1e4]) ttft.observe(1, seconds);
    const samples = await scrape(sources);
    const bucket = (le: string): number | undefined =>
      samplesOf(samples, 'loadgen_time_to_first_token_seconds_bucket', { turn: '2', le })[0]?.value;
    expect([bucket('0.5878'), bucket('0.6'), bucket('100'), bucket('+Inf')]).toEqual([0, 1, 2, 3]);
    expect(samplesOf(samples, 'loadgen_time_to_first_token_seconds_count', { turn: '2' })[0]?.value).toBe(3);
    expect(samplesOf(samples, 'loadgen_time_to_first_token_seconds_sum', { turn: '2' })[0]?.value).toBe(10001.200001);
  });

  it('is never told without a turn', async () => {
    const samples = await scrape(fullSources());
    const buckets = samples.filter(({ name }) => name.startsWith('loadgen_') && name.endsWith('_bucket'));
    expect(new Set(buckets.map(({ labels }) => labels['turn']))).toEqual(new Set(['1', '2', '3', '4', '5+']));
  });
});

describe('the live state', () => {
  it('has 1 for the phase it is in and 0 for all others', async () => {
    const sources = fullSources();
    const phases = samplesOf(await scrape(sources), 'loadgen_phase', { run: sources.state.run });
    expect(Object.fromEntries(phases.map(({ labels, value }) => [labels['phase'], value]))).toEqual({
      idle: 0,
      prime: 0,
      warmup: 0,
      measure: 1,
      cooldown: 0,
      drain: 0,
      probe: 0,
    });
  });

  it('follows the sweep from scrape to scrape, and old series vanish', async () => {
    const sources = fullSources();
    const registry = buildRegistry(sources);
    await registry.metrics();
    sources.state = { ...sources.state, run: 'next', level: 7 };
    const levels = samplesOf(parseExposition(await registry.metrics()), 'loadgen_level');
    expect(levels.map(({ labels, value }) => [labels['run'], value])).toEqual([['next', 7]]);
  });

  it('says NaN for what is not known', async () => {
    const sources = idleSources();
    sources.state = { ...sources.state, progressRatio: NaN };
    expect(samplesOf(await scrape(sources), 'loadgen_progress_ratio')[0]?.text).toBe('NaN');
  });
});

describe("a run's record", () => {
  it('vanishes with the run', async () => {
    const sources = fullSources();
    const registry = buildRegistry(sources);
    await registry.metrics();
    sources.retained = sources.retained.slice(1);
    const runs = samplesOf(parseExposition(await registry.metrics()), 'loadgen_run_info').map(
      ({ labels }) => labels['run'],
    );
    expect(runs).toEqual(['20260101-000001-sweep', '20260101-000002-sweep']);
  });

  it('tells the edges of a window that have been passed and no others', async () => {
    const sources = fullSources();
    const [run] = sources.retained;
    const [window] = run!.windows;
    sources.retained = [{ ...run!, end: null, windows: [{ ...window!, measureEndedAt: NaN, endedAt: NaN }] }];
    const samples = await scrape(sources);
    expect(
      samplesOf(samples, 'loadgen_window_timestamp_seconds').map(({ labels, value }) => [labels['edge'], value]),
    ).toEqual([
      ['start', 1_700_002_000],
      ['measure_start', 1_700_002_020],
    ]);
    expect(samplesOf(samples, 'loadgen_run_end_timestamp_seconds')).toEqual([]);
  });

  it('names the gates that an invalid window failed', async () => {
    const sources = fullSources();
    const [run] = sources.retained;
    const [window] = run!.windows;
    sources.retained = [{ ...run!, windows: [{ ...window!, verdict: 'invalid', reasons: ['little', 'throttling'] }] }];
    const [info] = samplesOf(await scrape(sources), 'loadgen_window_info');
    expect(info?.labels).toEqual({
      run: run!.run,
      window: 'r1-l1',
      level: '10',
      repetition: '1',
      verdict: 'invalid',
      cause: 'unknown',
      reason: 'little,throttling',
    });
  });

  it('tells between which levels the SLO is lost, and where the knee is', async () => {
    const samples = await scrape(fullSources());
    const run = '20260101-000000-sweep';
    const bounds = samplesOf(samples, 'loadgen_run_slo_level', { run });
    expect(bounds.map(({ labels, value }) => [labels['bound'], value])).toEqual([
      ['last_pass', 70],
      ['first_fail', 80],
      ['estimate', 77.6],
    ]);
    expect(samplesOf(samples, 'loadgen_run_knee_level', { run })[0]?.value).toBe(103.5);
  });

  it('leaves out a boundary and a knee that there are none of', async () => {
    const sources = fullSources();
    const [run] = sources.retained;
    const boundary = { lastPass: 120, firstFail: null, estimate: NaN };
    const conclusions = { ...run!.conclusions!, boundary, knee: null };
    sources.retained = [
      { ...run!, conclusions },
      { ...run!, run: 'of an older version', conclusions: null },
    ];
    const samples = await scrape(sources);
    expect(samplesOf(samples, 'loadgen_run_slo_level').map(({ labels }) => labels['bound'])).toEqual(['last_pass']);
    expect(samplesOf(samples, 'loadgen_run_knee_level')).toEqual([]);
  });

  it('tells the objectives with their quantile', async () => {
    const sources = fullSources();
    const [run] = sources.retained;
    sources.retained = [
      { ...run!, objectives: [{ name: 'itl_p99.9', metric: 'itl', quantile: 0.999, seconds: 0.25 }] },
    ];
    const [limit] = samplesOf(await scrape(sources), 'loadgen_slo_seconds');
    expect(limit).toMatchObject({ labels: { slo: 'itl_p99.9', metric: 'itl', q: 'p99.9' }, value: 0.25 });
  });

  it('keeps quotes, backslashes and line ends of names', async () => {
    const sources = fullSources();
    const [run] = sources.retained;
    const name = 'say "hi"\\\nthere';
    sources.retained = [{ ...run!, info: { ...run!.info, name } }];
    expect(samplesOf(await scrape(sources), 'loadgen_run_info')[0]?.labels['name']).toBe(name);
  });
});

describe("a level's results", () => {
  it('tell quantiles with their interval', async () => {
    const labels = { run: '20260101-000000-sweep', level: '30', q: 'p95' };
    const bounds = samplesOf(await scrape(fullSources()), 'loadgen_result_ttft_seconds', labels);
    expect(bounds.map((sample) => [sample.labels['bound'], Number(sample.value.toFixed(6))])).toEqual([
      ['point', 0.6],
      ['lower', 0.54],
      ['upper', 0.66],
    ]);
  });

  it('carry the verdict as a number', async () => {
    const labels = { run: '20260101-000000-sweep' };
    const verdicts = samplesOf(await scrape(fullSources()), 'loadgen_level_verdict', labels);
    expect(verdicts.map(({ labels: { level }, value }) => `${level} ${value}`)).toEqual([
      ...['10 1', '20 1', '30 1', '40 1', '50 1', '60 1', '70 1'],
      ...['80 2', '90 2', '100 2', '110 3', '120 3'],
    ]);
  });

  it('leave out what has no data', async () => {
    const sources = fullSources();
    const [run] = sources.retained;
    const nothing = { value: NaN, n: 0, lower: NaN, upper: NaN, warning: null };
    const result = levelResult(0, 10);
    sources.retained = [{ ...run!, levels: [{ ...result, errorRatio: NaN, tpot: { ...result.tpot, p99: nothing } }] }];
    const samples = await scrape(sources);
    expect(samplesOf(samples, 'loadgen_result_error_ratio')).toEqual([]);
    expect(samplesOf(samples, 'loadgen_result_tpot_seconds').map(({ labels }) => labels['q'])).not.toContain('p99');
  });

  it('tell the later of two levels with the same load', async () => {
    const sources = fullSources();
    const [run] = sources.retained;
    const later = { ...levelResult(1, 10), requestsPerSecond: 5 };
    sources.retained = [{ ...run!, levels: [levelResult(0, 10), later] }];
    const rates = samplesOf(await scrape(sources), 'loadgen_result_requests_per_second');
    expect(rates.map(({ value }) => value)).toEqual([5]);
  });
});

describe("the client's health", () => {
  it('leaves out what the machine cannot tell', async () => {
    const sources = idleSources();
    sources.client = { ...sources.client, throttledRatio: NaN, throttledSeconds: NaN };
    const samples = await scrape(sources);
    expect(samplesOf(samples, 'loadgen_cpu_throttled_ratio')).toEqual([]);
    expect(samplesOf(samples, 'loadgen_cpu_throttled_seconds_total')).toEqual([]);
    expect(samplesOf(samples, 'loadgen_cpu_seconds_total', { thread: 'worker' })[0]?.value).toBe(12.25);
  });

  it('tells the share of reused connections once there was a request', async () => {
    const sources = idleSources();
    expect(samplesOf(await scrape(sources), 'loadgen_connections_reused_ratio')[0]?.value).toBe(0.9);
    sources.client = {
      ...sources.client,
      connections: { ...sources.client.connections, requests: 0, reusedRequests: 0 },
    };
    expect(samplesOf(await scrape(sources), 'loadgen_connections_reused_ratio')).toEqual([]);
  });
});

describe('one scrape', () => {
  it('asks each source once, so that what belongs together agrees', async () => {
    const sources = fullSources();
    let asked = 0;
    const { state } = sources;
    const registry = buildRegistry({
      ...sources,
      live: () => {
        asked += 1;
        return state;
      },
    });
    asked = 0;
    await registry.metrics();
    expect(asked).toBe(1);
  });
});
