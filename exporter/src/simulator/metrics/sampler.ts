import type { EngineStatistics } from '../engine/statistics.js';
import type { EngineWorker } from '../engine/types.js';

/** The counters that a sample is the difference of. */
interface Counts {
  steps: number;
  busySeconds: number;
  computedTokens: number;
  contextTokens: number;
  promptTokens: number;
  cachedPromptTokens: number;
  generationTokens: number;
  drafts: number;
  draftTokens: number;
  acceptedTokens: number;
}

/** What one worker did between two samplings. */
export interface WorkerSample extends Counts {
  /** Length of the time between, seconds. */
  seconds: number;
}

/** Differences of the workers' counters, for gauges that speak of the last moment. Call `sample` at equal intervals. */
export class WorkerSampler {
  private before: { at: number; counts: Counts[] } | null = null;
  private samples: readonly WorkerSample[] = [];

  /** The last samples, one a worker; empty before the second call of `sample`. */
  get latest(): readonly WorkerSample[] {
    return this.samples;
  }

  sample(workers: readonly EngineWorker[], now: number): readonly WorkerSample[] {
    const counts = workers.map(({ statistics }) => countsOf(statistics));
    const { before } = this;
    this.before = { at: now, counts };
    if (before !== null && now > before.at) {
      this.samples = counts.map((after, index) => difference(before.counts[index], after, now - before.at));
    }
    return this.samples;
  }

  /** The counters began anew. */
  reset(): void {
    this.before = null;
    this.samples = [];
  }
}

function countsOf({ work, speculation, ...statistics }: EngineStatistics): Counts {
  const { promptTokens, cachedPromptTokens, generationTokens } = statistics;
  const { drafts, draftTokens, acceptedTokens } = speculation;
  return { ...work, promptTokens, cachedPromptTokens, generationTokens, drafts, draftTokens, acceptedTokens };
}

function difference(before: Counts | undefined, after: Counts, seconds: number): WorkerSample {
  const sample = { ...after, seconds };
  if (before === undefined) return sample;
  for (const name of Object.keys(before) as (keyof Counts)[]) sample[name] -= before[name];
  return sample;
}
