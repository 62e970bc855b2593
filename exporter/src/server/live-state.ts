import type { LiveState } from '../metrics/sources.js';
import type { SweepSession } from '../sweep/session.js';

const IDLE: LiveState = {
  run: '',
  phase: 'idle',
  level: 0,
  snapshot: 0,
  repetition: 0,
  progressRatio: 0,
  inFlight: 0,
  backoffSlots: 0,
  activeConversations: 0,
  oldestUnansweredSeconds: 0,
  alertsMuted: false,
};

/** What the latest session does at `clockSeconds` of its clock; idle without one. */
export function sessionLive(session: SweepSession | null, clockSeconds: number): LiveState {
  if (session === null) return IDLE;
  const { state, recorder } = session;
  return {
    run: state.runId,
    phase: state.phase,
    level: state.load,
    snapshot: state.snapshot,
    repetition: state.phase === 'idle' ? 0 : state.repetition,
    progressRatio: state.progressRatio,
    inFlight: recorder.inFlight,
    backoffSlots: recorder.slots.count('backoff'),
    activeConversations: recorder.slots.inConversation,
    oldestUnansweredSeconds: recorder.oldestUnanswered(clockSeconds - session.originSeconds),
    alertsMuted: state.alertsMuted,
  };
}
