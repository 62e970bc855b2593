import type { WindowRecord } from '../measure/records.js';
import type { WindowMarks } from './run-state.js';

/** One level in one repetition, as the driver goes through it. */
export interface LevelStep {
  /** 1-based. */
  repetition: number;
  /** Index into the plan's levels. */
  level: number;
  load: number;
  /** `r1-l3`. */
  window: string;
}

export function levelStep(repetition: number, level: number, levels: readonly number[]): LevelStep {
  return { repetition, level, load: levels[level]!, window: `r${repetition}-l${level + 1}` };
}

export function newMarks(step: LevelStep): WindowMarks {
  return {
    id: step.window,
    level: step.level,
    load: step.load,
    repetition: step.repetition,
    startedAt: NaN,
    measureStartedAt: NaN,
    measureEndedAt: NaN,
    endedAt: NaN,
  };
}

/** The marks of a window that is complete. */
export function marksOf(window: WindowRecord): WindowMarks {
  const { id, level, load, repetition, startedAt, measureStartedAt, measureEndedAt, endedAt } = window;
  return { id, level, load, repetition, startedAt, measureStartedAt, measureEndedAt, endedAt };
}
