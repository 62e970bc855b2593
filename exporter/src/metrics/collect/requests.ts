import { TURN_TYPES } from '../../measure/lifetime.js';
import { CONVERSATION_OUTCOMES } from '../../measure/observations.js';
import { ERROR_CLASSES } from '../../target/types.js';
import type { REQUEST_METRICS } from '../catalogue/requests.js';
import type { Collectors, HistogramCollector, SummaryCollector } from '../family.js';
import type { RequestMeasures } from '../sources.js';

type Measure = keyof RequestMeasures['summaries'];

const overAllTurns =
  (measure: Measure): SummaryCollector<never> =>
  ({ requests }, emit) =>
    emit(requests.summaries[measure].all, {});

const byTurnType =
  (measure: Measure): SummaryCollector<'turn_type'> =>
  ({ requests }, emit) =>
    TURN_TYPES.forEach((turnType, index) => {
      const reading = requests.summaries[measure].byType[index];
      if (reading !== undefined) emit(reading, { turn_type: turnType });
    });

const histogram =
  (measure: keyof RequestMeasures['histograms']): HistogramCollector =>
  ({ requests }) =>
    requests.histograms[measure];

/** Where the metrics of requests come from. */
export const collectRequests: Collectors<typeof REQUEST_METRICS> = {
  loadgen_ttft_all_seconds: overAllTurns('ttft'),
  loadgen_tpot_all_seconds: overAllTurns('tpot'),
  loadgen_itl_all_seconds: overAllTurns('itl'),
  loadgen_latency_all_seconds: overAllTurns('latency'),
  loadgen_ttft_seconds: byTurnType('ttft'),
  loadgen_tpot_seconds: byTurnType('tpot'),
  loadgen_itl_seconds: byTurnType('itl'),
  loadgen_latency_seconds: byTurnType('latency'),
  loadgen_time_to_first_token_seconds: histogram('ttft'),
  loadgen_time_per_output_token_seconds: histogram('tpot'),
  loadgen_inter_chunk_seconds: histogram('interChunk'),
  loadgen_request_duration_seconds: histogram('duration'),
  loadgen_requests_total: ({ requests }, emit) =>
    TURN_TYPES.forEach((turnType, index) => {
      const { ok = 0, error = 0 } = requests.requests[index] ?? {};
      emit(ok, { turn_type: turnType, status: 'ok' });
      emit(error, { turn_type: turnType, status: 'error' });
    }),
  loadgen_requests_started_total: ({ requests }, emit) => emit(requests.started, {}),
  loadgen_request_errors_total: ({ requests }, emit) =>
    ERROR_CLASSES.forEach((reason) => emit(requests.errors[reason], { reason })),
  loadgen_output_tokens_total: ({ requests }, emit) => emit(requests.outputTokens, {}),
  loadgen_input_tokens_total: ({ requests }, emit) => emit(requests.inputTokens, {}),
  loadgen_cached_tokens_total: ({ requests }, emit) => emit(requests.cachedTokens, {}),
  loadgen_conversations_total: ({ requests }, emit) =>
    CONVERSATION_OUTCOMES.forEach((outcome) => emit(requests.conversations[outcome], { outcome })),
  loadgen_arrivals_dropped_total: ({ requests }, emit) => emit(requests.arrivalsDropped, {}),
  loadgen_slo_events_total: ({ requests }, emit) =>
    requests.sloEvents.forEach(({ good, bad }, slo) => {
      emit(good, { slo, result: 'good' });
      emit(bad, { slo, result: 'bad' });
    }),
};
