import type { MatrixSeries } from '../datasource/matrix.js';

/** One level as a report tells it. Seconds; a value that is left out is not known. */
export interface ScriptedLevel {
  load: number;
  ttft: [p50: number, p95: number];
  tpot: [p50: number, p95: number];
  latency?: [p50: number, p95: number];
  requestsPerSecond: number;
  tokensPerSecond?: number;
  errorRatio?: number;
  verdict: 1 | 2 | 3 | 4;
  cause?: string;
}

export interface SweepScript {
  run: string;
  name: string;
  model: string;
  instance: string;
  job?: string;
  /** Epoch seconds. */
  startedAt: number;
  levels: readonly ScriptedLevel[];
  warmupSeconds: number;
  measureSeconds: number;
  slo: { ttftP95?: number; tpotP95?: number };
  knee?: number;
  snapshots?: number;
  /** How it ended; left out: it goes on, or was interrupted. */
  end?: 'completed' | 'aborted' | undefined;
  /** The server's restart: from then on samples come from this instance. */
  restart?: { at: number; instance: string };
}

const VERDICTS = ['unknown', 'clean', 'degrading', 'saturated', 'invalid'];

/** Everything that the exporter would have shown from the sweep's start until `now`, sampled each `step` seconds. */
export function playSweep(script: SweepScript, now: number, step: number, stopped = Infinity): MatrixSeries[] {
  const player = new Player(script, Math.min(now, stopped), now, step);
  return player.play();
}

class Player {
  private readonly series = new Map<string, MatrixSeries>();
  private readonly levelSeconds: number;

  constructor(
    private readonly script: SweepScript,
    /** The exporter shows nothing after this. */
    private readonly until: number,
    private readonly now: number,
    private readonly step: number,
  ) {
    this.levelSeconds = script.warmupSeconds + script.measureSeconds;
  }

  play(): MatrixSeries[] {
    const first = Math.ceil(this.script.startedAt / this.step) * this.step;
    for (let at = first; at <= this.until; at += this.step) this.sample(at);
    return [...this.series.values()];
  }

  private sample(at: number): void {
    const { script, levelSeconds } = this;
    const elapsed = at - script.startedAt;
    const index = Math.floor(elapsed / levelSeconds);
    const over = index >= script.levels.length;
    const ended = over && script.end !== undefined;
    this.record(at, Math.min(index, script.levels.length - 1), over, ended);
    const inLevel = elapsed - index * levelSeconds;
    const phase = over ? 'idle' : inLevel < script.warmupSeconds ? 'warmup' : 'measure';
    const run = { run: script.run };
    for (const name of ['idle', 'prime', 'warmup', 'measure', 'cooldown', 'drain', 'probe']) {
      this.add('loadgen_phase', { ...run, phase: name }, at, name === phase ? 1 : 0);
    }
    this.add('loadgen_level', run, at, over ? 0 : script.levels[index]!.load);
    const parts = script.snapshots ?? 3;
    const snapshot =
      phase === 'measure' ? 1 + Math.floor(((inLevel - script.warmupSeconds) / script.measureSeconds) * parts) : 0;
    this.add('loadgen_snapshot', run, at, snapshot);
    this.live(at, index, inLevel, over);
  }

  /** Summaries of the last minute move from one level's values to the next within a minute. */
  private live(at: number, index: number, inLevel: number, over: boolean): void {
    const { levels } = this.script;
    const now = levels[Math.min(index, levels.length - 1)]!;
    const before = levels[Math.max(0, Math.min(index, levels.length) - 1)]!;
    const blend = Math.min(1, inLevel / Math.min(60, this.levelSeconds / 3));
    for (const measure of ['ttft', 'tpot', 'latency'] as const) {
      [0.5, 0.95].forEach((quantile, q) => {
        const to = now[measure]?.[q];
        const from = before[measure]?.[q] ?? to;
        if (to === undefined) return;
        const wave = 1 + 0.05 * noise(at * (q + 1) + measure.length);
        const value = over ? NaN : (from! + (to - from!) * blend) * wave;
        this.add(`loadgen_${measure}_all_seconds`, { quantile: String(quantile) }, at, value);
      });
    }
  }

  private record(at: number, current: number, over: boolean, ended: boolean): void {
    const { script, levelSeconds } = this;
    const run = { run: script.run };
    this.add(
      'loadgen_run_info',
      {
        ...run,
        name: script.name,
        model: script.model,
        mode: 'round-robin',
        workload: 'conversation',
        arrival: 'closed',
      },
      at,
      1,
    );
    if (script.slo.ttftP95 !== undefined)
      this.add('loadgen_slo_seconds', { ...run, slo: 'ttft_p95', metric: 'ttft', q: 'p95' }, at, script.slo.ttftP95);
    if (script.slo.tpotP95 !== undefined)
      this.add('loadgen_slo_seconds', { ...run, slo: 'tpot_p95', metric: 'tpot', q: 'p95' }, at, script.slo.tpotP95);
    for (let index = 0; index <= current; index++) {
      const level = script.levels[index]!;
      const start = script.startedAt + index * levelSeconds;
      const done = over || index < current;
      this.window(at, index, level, start, done);
      if (done) this.result(at, level);
    }
    if (!ended) return;
    const end = script.startedAt + script.levels.length * levelSeconds;
    this.add('loadgen_run_end_timestamp_seconds', { ...run, state: script.end! }, at, end);
    if (script.knee !== undefined) this.add('loadgen_run_knee_level', run, at, script.knee);
  }

  private window(at: number, index: number, level: ScriptedLevel, start: number, done: boolean): void {
    const labels = { run: this.script.run, window: `r1-l${index + 1}`, level: String(level.load), repetition: '1' };
    const edges = {
      start,
      measure_start: start + this.script.warmupSeconds,
      measure_end: start + this.levelSeconds,
      end: start + this.levelSeconds,
    };
    for (const [edge, time] of Object.entries(edges)) {
      if (time <= at) this.add('loadgen_window_timestamp_seconds', { ...labels, edge }, at, time);
    }
    const verdict = done ? VERDICTS[level.verdict]! : 'unknown';
    const cause = done ? (level.cause ?? 'none') : 'unknown';
    this.add(
      'loadgen_window_info',
      { ...labels, verdict, cause, reason: level.verdict === 4 && done ? 'little' : '' },
      at,
      1,
    );
  }

  private result(at: number, level: ScriptedLevel): void {
    const labels = { run: this.script.run, level: String(level.load) };
    this.add('loadgen_level_verdict', labels, at, level.verdict);
    for (const measure of ['ttft', 'tpot', 'latency'] as const) {
      level[measure]?.forEach((value, index) => {
        const q = index === 0 ? 'p50' : 'p95';
        const spread = index === 0 ? 0.03 : 0.08;
        for (const [bound, factor] of [
          ['lower', 1 - spread],
          ['point', 1],
          ['upper', 1 + spread],
        ] as const) {
          this.add(`loadgen_result_${measure}_seconds`, { ...labels, q, bound }, at, value * factor);
        }
      });
    }
    this.add('loadgen_result_requests_per_second', labels, at, level.requestsPerSecond);
    if (level.tokensPerSecond !== undefined)
      this.add('loadgen_result_output_tokens_per_second', labels, at, level.tokensPerSecond);
    this.add('loadgen_result_error_ratio', labels, at, level.errorRatio ?? 0);
    this.add('loadgen_result_samples', labels, at, Math.round(level.requestsPerSecond * this.script.measureSeconds));
  }

  private add(name: string, labels: Record<string, string>, at: number, value: number): void {
    const { instance, job = 'sweepscope', restart } = this.script;
    const from = restart !== undefined && at >= restart.at ? restart.instance : instance;
    const metric = { __name__: name, instance: from, job, ...labels };
    const key = JSON.stringify(metric);
    let series = this.series.get(key);
    if (series === undefined) this.series.set(key, (series = { metric, values: [] }));
    series.values.push([at, Number.isNaN(value) ? 'NaN' : String(value)]);
  }
}

/** Between −1 and 1, the same for the same number. */
function noise(seed: number): number {
  const x = Math.sin(seed * 12.9898) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}
