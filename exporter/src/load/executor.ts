import type { LevelTarget } from './types.js';

/** A way to offer load: one per arrival model. */
export interface Executor {
  /** Makes this level current, without interrupting anything. A load of 0 retires everybody. */
  setLevel(target: LevelTarget): void;
  /** Changes the cap on conversation starts per second, over all workers; null: none. */
  setTargetRate(perSecond: number | null): void;
  /** Ends all requests under way now. */
  cut(): void;
}
