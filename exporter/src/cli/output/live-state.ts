import type { LevelResult } from '../../analysis/level-result.js';
import type { LevelJudgement } from '../../analysis/run-analysis.js';
import type { LiveStats, Phase, SweepEvent } from '../../sweep/events.js';

/** Everything that the live table shows, as the events have told it so far. */
export interface LiveState {
  runId: string;
  levels: readonly number[];
  repetitions: number;
  results: ReadonlyMap<number, LevelResult>;
  /** By level, as all levels so far let judge it. */
  judgements: ReadonlyMap<number, LevelJudgement>;
  phase: Phase;
  repetition: number;
  /** Index of the level under load; −1: none. */
  level: number;
  load: number;
  snapshot: number;
  /** Share done, 0–1. */
  ratio: number;
  remainingSeconds: number;
  /** Of the level under load; null until something was told of it. */
  live: LiveStats | null;
  end: { state: 'completed' | 'aborted'; reason: string } | null;
}

export const INITIAL_STATE: LiveState = {
  runId: '',
  levels: [],
  repetitions: 1,
  results: new Map(),
  judgements: new Map(),
  phase: 'idle',
  repetition: 1,
  level: -1,
  load: NaN,
  snapshot: 0,
  ratio: 0,
  remainingSeconds: NaN,
  live: null,
  end: null,
};

/** The state after an event. Pure. */
export function nextState(state: LiveState, event: SweepEvent): LiveState {
  switch (event.type) {
    case 'start': {
      const { runId, levels, repetitions, plannedSeconds } = event;
      return { ...INITIAL_STATE, runId, levels, repetitions, remainingSeconds: plannedSeconds };
    }
    case 'phase': {
      const { phase, repetition, level, load, snapshot } = event;
      const live = level === state.level ? state.live : null;
      const levels = withLevel(state.levels, level, load);
      return { ...state, levels, phase, repetition, level, load, snapshot, live };
    }
    case 'progress': {
      const { ratio, remainingSeconds, phase, load, live } = event;
      return { ...state, ratio, remainingSeconds, phase, load, live };
    }
    case 'level': {
      const results = new Map(state.results).set(event.result.level, event.result);
      const judgements = new Map(event.analysis.levels.map((judgement) => [judgement.level, judgement]));
      return { ...state, results, judgements };
    }
    case 'end':
      return { ...state, phase: 'idle', level: -1, live: null, end: { state: event.state, reason: event.reason } };
    case 'window':
    case 'note':
      return state;
  }
}

/** A search comes to levels that were not known at its start. */
function withLevel(levels: readonly number[], level: number, load: number): readonly number[] {
  return level === levels.length ? [...levels, load] : levels;
}
