import { quantile } from '../analysis/quantiles.js';
import type { Sidecar } from './sidecar.js';
import type { WorkloadConfig, WorkloadMetrics, WorkloadStat, WorkloadStatus } from './sweep-service.js';

const WINDOW_SECONDS = 60;
/** Starter passages that conversations are begun with. */
const CHAT_PASSAGES = 16;

/** The status endpoint of the generator that `/api/workload` is compatible with, over the last 60 s. */
export class WorkloadCompat {
  private config: WorkloadConfig | null = null;
  private startedAt = 0;

  constructor(private readonly sidecar: Sidecar) {}

  started(config: WorkloadConfig): WorkloadConfig {
    this.config = config;
    this.startedAt = this.sidecar.now();
    return config;
  }

  changed(change: Partial<WorkloadConfig>): WorkloadConfig {
    this.config = { ...this.config!, ...change };
    return this.config;
  }

  status(): WorkloadStatus {
    const running = this.sidecar.current !== null;
    return {
      running,
      config: this.config,
      uptimeMs: this.config === null ? 0 : Math.round((this.sidecar.now() - this.startedAt) * 1000),
      corpus: { chatPassages: CHAT_PASSAGES, summarizationDocs: 0, reasoningPrompts: 0 },
      metrics: running ? this.metrics() : null,
    };
  }

  private metrics(): WorkloadMetrics {
    const sample = this.sidecar.lastSeconds(WINDOW_SECONDS);
    const ms = (values: readonly number[]): WorkloadStat => stat(values.map((seconds) => seconds * 1000));
    return {
      windowSec: WINDOW_SECONDS,
      requestCount: sample.completed,
      errorCount: sample.errors,
      actualRPS: sample.completed / sample.seconds,
      ttft: ms(sample.ttft),
      itl: ms(sample.itl),
      tpot: ms(sample.tpot),
      latency: ms(sample.latency),
      outputTokens: stat(sample.outputTokens),
      tops: sample.outputTokens.reduce((sum, tokens) => sum + tokens, 0) / sample.seconds,
    };
  }
}

function stat(values: readonly number[]): WorkloadStat {
  const sorted = Float64Array.from(values).sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { mean, p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
}
