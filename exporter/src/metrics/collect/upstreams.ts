import type { UPSTREAM_METRICS } from '../catalogue/upstreams.js';
import type { Collectors, ScalarCollector, SummaryCollector } from '../family.js';
import type { UpstreamState } from '../sources.js';
import { knownOnly } from './known-only.js';

type SeriesLabel = 'upstream' | 'engine' | 'replica' | 'device';

const health =
  (read: (state: UpstreamState) => number): ScalarCollector<'upstream' | 'engine'> =>
  (sources, emit) => {
    const emitKnown = knownOnly(emit);
    for (const state of sources.upstreams()) emitKnown(read(state), { upstream: state.upstream, engine: state.engine });
  };

/** The values of a role, one a worker and device; of an upstream that is down there are none. */
const role =
  (name: string): ScalarCollector<SeriesLabel> =>
  (sources, emit) => {
    const emitKnown = knownOnly(emit);
    for (const { upstream, engine, values } of sources.upstreams()) {
      for (const { role: told, replica, device, value } of values)
        if (told === name) emitKnown(value, { upstream, engine, replica, device });
    }
  };

const timed =
  (name: string): SummaryCollector<SeriesLabel> =>
  (sources, emit) => {
    for (const { upstream, engine, values } of sources.upstreams()) {
      for (const { role: told, replica, device, value: sum } of values) {
        if (told !== `${name}_sum`) continue;
        const isCount = (other: (typeof values)[number]): boolean =>
          other.role === `${name}_count` && other.replica === replica && other.device === device;
        const count = values.find(isCount)?.value;
        if (count !== undefined) emit({ sum, count, quantile: () => NaN }, { upstream, engine, replica, device });
      }
    }
  };

/** Where the metrics of upstreams come from. */
export const collectUpstreams: Collectors<typeof UPSTREAM_METRICS> = {
  loadgen_upstream_up: health(({ up }) => (up === null ? NaN : up ? 1 : 0)),
  loadgen_upstream_scrape_duration_seconds: health(({ scrapeSeconds }) => scrapeSeconds),
  loadgen_upstream_last_success_timestamp_seconds: health(({ lastSuccessEpoch }) => lastSuccessEpoch),
  loadgen_upstream_metric_present: (sources, emit) => {
    for (const { upstream, engine, roles } of sources.upstreams())
      for (const { role: name, present } of roles) emit(present ? 1 : 0, { upstream, engine, role: name });
  },
  loadgen_upstream_requests_running: role('requests_running'),
  loadgen_upstream_requests_waiting: role('requests_waiting'),
  loadgen_upstream_kv_usage_ratio: role('kv_usage_ratio'),
  loadgen_upstream_kv_hit_ratio: role('kv_hit_ratio'),
  loadgen_upstream_spec_acceptance_ratio: role('spec_acceptance_ratio'),
  loadgen_upstream_worker_running_spread: role('worker_running_spread'),
  loadgen_upstream_max_num_seqs: role('max_num_seqs'),
  loadgen_upstream_gpu_utilization_ratio: role('gpu_utilization_ratio'),
  loadgen_upstream_gpu_memory_used_bytes: role('gpu_memory_used_bytes'),
  loadgen_upstream_gpu_memory_total_bytes: role('gpu_memory_total_bytes'),
  loadgen_upstream_gpu_power_watts: role('gpu_power_watts'),
  loadgen_upstream_gpu_temperature_celsius: role('gpu_temperature_celsius'),
  loadgen_upstream_gpu_sm_active_ratio: role('gpu_sm_active_ratio'),
  loadgen_upstream_gpu_dram_active_ratio: role('gpu_dram_active_ratio'),
  loadgen_upstream_gpu_tensor_active_ratio: role('gpu_tensor_active_ratio'),
  loadgen_upstream_host_memory_used_bytes: role('host_memory_used_bytes'),
  loadgen_upstream_preemptions_total: role('preemptions_total'),
  loadgen_upstream_prompt_tokens_total: role('prompt_tokens_total'),
  loadgen_upstream_output_tokens_total: role('output_tokens_total'),
  loadgen_upstream_cached_tokens_total: role('cached_tokens_total'),
  loadgen_upstream_requests_finished_total: role('requests_finished_total'),
  loadgen_upstream_spec_draft_tokens_total: role('spec_draft_tokens_total'),
  loadgen_upstream_spec_accepted_tokens_total: role('spec_accepted_tokens_total'),
  loadgen_upstream_spec_drafts_total: role('spec_drafts_total'),
  loadgen_upstream_gpu_energy_joules_total: role('gpu_energy_joules_total'),
  loadgen_upstream_host_cpu_seconds_total: role('host_cpu_seconds_total'),
  loadgen_upstream_host_cpu_busy_seconds_total: role('host_cpu_busy_seconds_total'),
  loadgen_upstream_queue_seconds: timed('queue_seconds'),
  loadgen_upstream_ttft_seconds: timed('ttft_seconds'),
  loadgen_upstream_prefill_seconds: timed('prefill_seconds'),
  loadgen_upstream_request_seconds: timed('request_seconds'),
};
