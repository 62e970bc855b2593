import type { LIVE_METRICS } from '../catalogue/live-state.js';
import type { Collectors, ScalarCollector } from '../family.js';
import { PHASE_LABELS, type LiveState } from '../sources.js';

const fromState =
  (read: (state: LiveState) => number): ScalarCollector<'run'> =>
  (sources, emit) => {
    const state = sources.live();
    emit(read(state), { run: state.run });
  };

/** Where the metrics of the live state come from. */
export const collectLiveState: Collectors<typeof LIVE_METRICS> = {
  loadgen_level: fromState((state) => state.level),
  loadgen_phase: (sources, emit) => {
    const { run, phase: current } = sources.live();
    PHASE_LABELS.forEach((phase) => emit(phase === current ? 1 : 0, { run, phase }));
  },
  loadgen_snapshot: fromState((state) => state.snapshot),
  loadgen_repetition: fromState((state) => state.repetition),
  loadgen_progress_ratio: fromState((state) => state.progressRatio),
  loadgen_inflight_requests: fromState((state) => state.inFlight),
  loadgen_backoff_slots: fromState((state) => state.backoffSlots),
  loadgen_active_conversations: fromState((state) => state.activeConversations),
  loadgen_oldest_unanswered_seconds: fromState((state) => state.oldestUnansweredSeconds),
  loadgen_alerts_muted: fromState((state) => (state.alertsMuted ? 1 : 0)),
};
