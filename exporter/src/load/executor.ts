import type { LevelTarget } from './types.js';

/** A way to offer load: one per arrival model. */
export interface Executor {
  /** Makes this level current, without interrupting anything. A load of 0 retires everybody. */
  setLevel(target: LevelTarget): void;
  /** Ends all requests under way now. */
  cut(): void;
}
