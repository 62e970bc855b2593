import { every, type Clock, type Timer } from '../../clock/clock.js';
import { SampleRing, type MatrixSeries, type RingSample } from './sample-ring.js';

/** Reads the series whose metric's name is wanted, as they are now. `MetricsRegistry` is one. */
export interface SeriesSource {
  readSeries(wanted: (name: string) => boolean): RingSample[];
}

/** What the live page's panels are fed with. */
export interface PanelFeedAnswer {
  /** Epoch seconds. */
  now: number;
  /** Seconds between two samples of `live`. */
  step: number;
  /** Over time: samples after the moment that was asked for. */
  live: MatrixSeries[];
  /** What runs are and came to, as it is now. */
  record: MatrixSeries[];
}

const SAMPLE_SECONDS = 1;
/** An hour in steps of a second; longer runs in coarser ones. */
const CAPACITY = 3600;
const QUANTILES = new Set(['0.5', '0.95']);

const LIVE = new Set([
  'loadgen_level',
  'loadgen_phase',
  'loadgen_snapshot',
  'loadgen_ttft_all_seconds',
  'loadgen_tpot_all_seconds',
  'loadgen_latency_all_seconds',
]);

const isRecord = (name: string): boolean => /^loadgen_(result_|run_|window_|slo_seconds|level_verdict)/.test(name);

/** Keeps the last hour of what the panels draw, so that they need neither Prometheus nor Grafana. */
export class PanelFeed {
  private readonly ring = new SampleRing(CAPACITY);
  private timer: Timer | null = null;

  constructor(
    private readonly source: SeriesSource,
    private readonly clock: Clock,
  ) {}

  /** Begins to sample; stop it with `stop`. */
  start(): void {
    this.timer ??= every(this.clock, SAMPLE_SECONDS, () => this.sample());
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  sample(): void {
    const samples = this.source.readSeries((name) => LIVE.has(name)).filter(isShown);
    this.ring.add(this.epoch(), samples);
  }

  /** Samples taken after `since` (epoch seconds), and the record as it is. */
  answer(since: number): PanelFeedAnswer {
    const now = this.epoch();
    const record = this.source
      .readSeries(isRecord)
      .filter(({ value }) => !Number.isNaN(value))
      .map(({ metric, value }): MatrixSeries => ({ metric: { ...metric }, values: [[now, String(value)]] }));
    return { now, step: SAMPLE_SECONDS * this.ring.everyNth, live: this.ring.read(since), record };
  }

  private epoch(): number {
    return Math.round(this.clock.epoch() * 1000) / 1000;
  }
}

/** Of phases only those that hold or that the panel asks for, of summaries the quantiles that it draws. */
function isShown({ metric }: RingSample): boolean {
  const { __name__: name = '', quantile, run } = metric;
  if (name.endsWith('_all_seconds')) return quantile !== undefined && QUANTILES.has(quantile);
  return !/_(sum|count)$/.test(name) && run !== '';
}
