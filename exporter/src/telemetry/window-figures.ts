import type { GaugeFigures, TelemetryFigures, UpstreamCoverage, WorkerFigures } from '../measure/telemetry-figures.js';
import { ROLES, type Role, type TimedRole } from '../measure/telemetry-roles.js';
import { isServing } from '../measure/telemetry-roles.js';
import type { UpstreamHistory } from './history.js';
import { restartsWithin, totalGrowth, type Growth, type TimeSpan } from './window-counters.js';
import { columnsOf, folded, gaugeFigures, rowsWithin, spreads, type Column } from './window-gauges.js';

/** What only the client knows of the same time. NaN: not known. */
export interface ClientSide {
  outputTokens: number;
  /** Mean over the first tokens that arrived in that time, seconds. */
  ttftSeconds: number;
}

/** Less than this share of a time covered by scrapes: a rate would stand for what was not seen. */
const LEAST_COVERED = 0.5;

/**
 * Figures of the upstreams over the spans, taken together: rates of counters over exactly that time (growth ÷ the part of
 * it that scrapes cover, at least half), peaks and means of gauges over one sample a scrape. Pure.
 */
export function figuresOver(
  histories: readonly UpstreamHistory[],
  spans: readonly TimeSpan[],
  client: ClientSide,
): TelemetryFigures {
  const view = new TimeView(histories, spans);
  const hits = view.hitRatio();
  const waiting = view.values('requests_waiting');
  const ttftSeconds = view.meanTime('ttft_seconds');
  const energy = view.energy();
  return {
    seconds: view.seconds,
    coverage: histories.map((history) => coverageOf(history, spans)),
    requestsRunning: view.gauge('requests_running'),
    requestsWaiting: gaugeFigures(waiting),
    waitingShare: waiting.length === 0 ? NaN : waiting.filter((value) => value > 0).length / waiting.length,
    kvUsage: view.gauge('kv_usage_ratio'),
    maxNumSeqs: view.gauge('max_num_seqs').peak,
    kvHitRatio: hits,
    preemptions: view.increase('preemptions_total'),
    preemptionsPerRequest: view.increase('preemptions_total') / positive(view.increase('requests_finished_total')),
    requestsFinishedPerSecond: view.rate('requests_finished_total'),
    promptTokensPerSecond: view.rate('prompt_tokens_total'),
    outputTokensPerSecond: view.rate('output_tokens_total'),
    cachedTokensPerSecond: view.rate('cached_tokens_total'),
    queueSeconds: view.meanTime('queue_seconds'),
    prefillSeconds: view.meanTime('prefill_seconds'),
    ttftSeconds,
    requestSeconds: view.meanTime('request_seconds'),
    ttftGapSeconds: client.ttftSeconds - ttftSeconds,
    ...speculation(view),
    workerRunningSpread: gaugeFigures(spreads(view.rows('requests_running'))),
    workers: view.workers(),
    ...gpus(view),
    gpuEnergyJoules: energy,
    tokensPerJoule: client.outputTokens / positive(energy),
    hostCpuBusyRatio: view.increase('host_cpu_busy_seconds_total') / positive(view.increase('host_cpu_seconds_total')),
    hostMemoryUsedBytes: view.gauge('host_memory_used_bytes'),
  };
}

/** A quotient with nothing below the line is not known. */
const positive = (value: number): number => (value > 0 ? value : NaN);

function speculation(
  view: TimeView,
): Pick<TelemetryFigures, 'specDraftTokensPerSecond' | 'specAcceptanceRatio' | 'specAcceptanceLength'> {
  const accepted = view.increase('spec_accepted_tokens_total');
  const ratio = accepted / positive(view.increase('spec_draft_tokens_total'));
  const length = 1 + accepted / positive(view.increase('spec_drafts_total'));
  // SGLang's gauges read 0 where speculation is off, which tells nothing.
  const told = (role: Role): number => positive(view.gauge(role).mean);
  return {
    specDraftTokensPerSecond: view.rate('spec_draft_tokens_total'),
    specAcceptanceRatio: Number.isNaN(ratio) ? told('spec_acceptance_ratio') : ratio,
    specAcceptanceLength: Number.isNaN(length) ? told('spec_acceptance_length') : length,
  };
}

type GpuFigures = Extract<keyof TelemetryFigures, `gpu${string}`>;

function gpus(view: TimeView): Omit<Pick<TelemetryFigures, GpuFigures>, 'gpuEnergyJoules'> {
  return {
    gpuUtilization: view.gauge('gpu_utilization_ratio'),
    gpuMemoryUsedBytes: view.gauge('gpu_memory_used_bytes'),
    gpuMemoryTotalBytes: view.gauge('gpu_memory_total_bytes').peak,
    gpuPowerWatts: view.gauge('gpu_power_watts'),
    gpuTemperatureCelsius: view.gauge('gpu_temperature_celsius'),
    gpuSmActive: view.gauge('gpu_sm_active_ratio'),
    gpuDramActive: view.gauge('gpu_dram_active_ratio'),
    gpuTensorActive: view.gauge('gpu_tensor_active_ratio'),
  };
}

/** The upstreams within some spans, role by role. */
class TimeView {
  readonly seconds: number;

  constructor(
    private readonly histories: readonly UpstreamHistory[],
    private readonly spans: readonly TimeSpan[],
  ) {
    this.seconds = spans.reduce((sum, { from, to }) => sum + (to - from), 0);
  }

  /** Those of the first engine that tells the role. */
  sources(role: Role): UpstreamHistory[] {
    const telling = this.histories.filter((history) => history.seriesOf(role).length > 0);
    return telling.filter(({ engine }) => engine === telling[0]!.engine);
  }

  columns(role: Role): Column[] {
    return columnsOf(this.sources(role), role);
  }

  rows(role: Role): ReturnType<typeof rowsWithin> {
    const columns = this.columns(role);
    return columns.length === 0 ? [] : rowsWithin(columns, this.spans);
  }

  /** One value a scrape, workers and devices folded. */
  values(role: Role): number[] {
    return folded(this.rows(role), ROLES[role].fold);
  }

  gauge(role: Role): GaugeFigures {
    return gaugeFigures(this.values(role));
  }

  rate(role: Role): number {
    const { increase, seconds } = this.growth(role);
    return increase / positive(seconds);
  }

  /** Over the whole time: what scrapes did not cover is taken to be like the rest. */
  increase(role: Role): number {
    return this.rate(role) * this.seconds;
  }

  meanTime(role: TimedRole): number {
    return this.increase(`${role}_sum`) / positive(this.increase(`${role}_count`));
  }

  hitRatio(): number {
    const byTokens = this.increase('cached_tokens_total') / positive(this.increase('prompt_tokens_total'));
    if (!Number.isNaN(byTokens)) return Math.min(1, byTokens);
    const byLookups = this.increase('cache_hits_total') / positive(this.increase('cache_lookups_total'));
    return Number.isNaN(byLookups) ? this.gauge('kv_hit_ratio').mean : Math.min(1, byLookups);
  }

  energy(): number {
    const counted = this.increase('gpu_energy_joules_total');
    return Number.isNaN(counted) ? this.gauge('gpu_power_watts').mean * this.seconds : counted;
  }

  workers(): WorkerFigures[] {
    const running = this.columns('requests_running');
    if (running.length < 2) return [];
    return running.map(({ history, series }) => {
      const { replica } = history.series[series]!;
      const of = (role: Role): Column[] =>
        columnsOf([history], role).filter((column) => history.series[column.series]!.replica === replica);
      const mean = (role: Role): number => {
        const columns = of(role);
        return columns.length === 0 ? NaN : gaugeFigures(folded(rowsWithin(columns, this.spans), 'sum')).mean;
      };
      const tokens = this.covered(
        totalGrowth(
          history,
          of('output_tokens_total').map((column) => column.series),
          this.spans,
        ),
      );
      return {
        upstream: history.upstream,
        replica,
        running: mean('requests_running'),
        waiting: mean('requests_waiting'),
        outputTokensPerSecond: tokens.increase / positive(tokens.seconds),
      };
    });
  }

  private growth(role: Role): Growth {
    const grown = this.sources(role).map((history) => totalGrowth(history, history.seriesOf(role), this.spans));
    const known = grown.map((growth) => this.covered(growth));
    if (known.length === 0 || known.some(({ seconds }) => seconds === 0)) return { increase: NaN, seconds: 0 };
    // Rates are added, so that a gap of one upstream takes nothing from another.
    const rate = known.reduce((sum, { increase, seconds }) => sum + increase / seconds, 0);
    return { increase: rate * this.seconds, seconds: this.seconds };
  }

  private covered(growth: Growth): Growth {
    return growth.seconds >= LEAST_COVERED * this.seconds ? growth : { increase: NaN, seconds: 0 };
  }
}

/** How well an upstream was seen within the spans. */
export function coverageOf(history: UpstreamHistory, spans: readonly TimeSpan[]): UpstreamCoverage {
  const inside = history.points.filter(({ at }) => spans.some(({ from, to }) => at >= from && at <= to));
  const failures = inside.filter(({ values }) => values === null);
  const { engine } = history;
  return {
    upstream: history.upstream,
    engine,
    scrapes: inside.length,
    failed: failures.length,
    longestGapSeconds: Math.max(0, ...spans.map((span) => longestGap(history, span))),
    restarts: engine !== null && isServing(engine) ? restartsWithin(history, spans) : 0,
    problem: failures.at(-1)?.problem ?? '',
  };
}

function longestGap({ points }: UpstreamHistory, { from, to }: TimeSpan): number {
  const answers = points.filter(({ at, values }) => values !== null && at > from && at < to).map(({ at }) => at);
  const times = [from, ...answers, to];
  return times.slice(1).reduce((longest, at, index) => Math.max(longest, at - times[index]!), 0);
}
