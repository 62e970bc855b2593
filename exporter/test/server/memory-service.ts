import type { LevelResult, Estimate, QuantileSet } from '../../src/analysis/level-result.js';
import { isAllowedTarget } from '../../src/server/allow-list.js';
import { usersProblem, type Ceilings } from '../../src/server/ceilings.js';
import { EventLog } from '../../src/server/event-log.js';
import type {
  EventSubscription,
  LoadOutcome,
  NumberedEvent,
  Problem,
  ReportFormat,
  ReportOutcome,
  RequestOrigin,
  RunDetail,
  RunSummary,
  StartOutcome,
  StopOutcome,
  SweepService,
  WorkloadConfig,
  WorkloadOutcome,
  WorkloadStatus,
} from '../../src/server/sweep-service.js';
import type { LiveStats, SweepEvent } from '../../src/sweep/events.js';

interface Run {
  summary: RunSummary;
  log: EventLog;
  levels: LevelResult[];
}

export interface MemoryServiceOptions {
  allowedTargets: readonly string[];
  ceilings: Ceilings;
  /** The spec that an empty start uses; null: none was configured. */
  defaultSpec: unknown;
}

/** Load as people write it, as far as this service reads it. */
interface SpecForm {
  name?: string;
  target?: { url?: unknown };
  load?: { levels?: unknown };
}

function specProblems(form: SpecForm): Problem[] {
  const found: Problem[] = [];
  if (typeof form.target?.url !== 'string') found.push({ path: 'target.url', message: 'must be a URL', hint: null });
  const levels = form.load?.levels;
  if (!Array.isArray(levels) || levels.length === 0) {
    found.push({ path: 'load.levels', message: 'must list at least one level', hint: null });
  } else {
    levels.forEach((level: unknown, i) => {
      if (!Number.isInteger(level)) {
        const message = `must be a positive integer, got ${JSON.stringify(level)}`;
        found.push({ path: `load.levels[${i}]`, message, hint: 'write 70' });
      }
    });
  }
  return found;
}

/** Runs that exist in memory only and whose progress is told by the test: the server's port, in its simplest form. */
export class MemorySweeps implements SweepService {
  readonly origins: RequestOrigin[] = [];
  private readonly runs = new Map<string, Run>();
  private workload: WorkloadConfig | null = null;

  constructor(private readonly options: MemoryServiceOptions) {}

  startSweep(specInput: unknown, origin: RequestOrigin): Promise<StartOutcome> {
    this.origins.push(origin);
    return Promise.resolve(this.start(specInput ?? this.options.defaultSpec));
  }

  stopSweep(runId: string): Promise<StopOutcome> {
    const run = this.runs.get(runId);
    if (run === undefined) return Promise.resolve({ kind: 'unknownRun' });
    if (run.summary.state !== 'running') return Promise.resolve({ kind: 'notRunning', state: run.summary.state });
    this.emit(runId, { type: 'end', state: 'aborted', reason: 'stopped by request', runDir: `runs/${runId}` });
    return Promise.resolve({ kind: 'stopping' });
  }

  listRuns(): Promise<readonly RunSummary[]> {
    return Promise.resolve([...this.runs.values()].map(({ summary }) => summary).reverse());
  }

  getRun(runId: string): Promise<RunDetail | null> {
    const run = this.runs.get(runId);
    if (run === undefined) return Promise.resolve(null);
    const result = run.log.ended ? { schema: 1, levels: run.levels } : null;
    return Promise.resolve({ summary: run.summary, result });
  }

  report(runId: string, format: ReportFormat): Promise<ReportOutcome> {
    const run = this.runs.get(runId);
    if (run === undefined) return Promise.resolve({ kind: 'unknownRun' });
    if (run.levels.length === 0) {
      return Promise.resolve({ kind: 'notReady', message: `run ${runId} has no measured level yet` });
    }
    const rows = run.levels.map((level) => ({ concurrency: level.load, ttft_p50_ms: level.ttft.p50.value * 1000 }));
    const bodies: Record<ReportFormat, string> = {
      md: `# ${run.summary.name}\n`,
      json: JSON.stringify({ schema: 1, levels: run.levels }),
      csv: `concurrency,ttft_p50_ms\n${rows.map((row) => `${row.concurrency},${row.ttft_p50_ms}\n`).join('')}`,
      'seed-json': JSON.stringify({ levels: rows }),
    };
    return Promise.resolve({ kind: 'report', body: bodies[format] });
  }

  subscribe(runId: string, afterSeq: number, listener: (event: NumberedEvent) => void): EventSubscription | null {
    return this.runs.get(runId)?.log.subscribe(afterSeq, listener) ?? null;
  }

  setLoad({ users }: { users: number }, origin: RequestOrigin): Promise<LoadOutcome> {
    this.origins.push(origin);
    const running = this.running();
    if (running === null && users === 0) return Promise.resolve({ kind: 'notRunning' });
    if (running === null) {
      const runId = this.add('load', { name: 'by hand', levels: [users], url: 'http://127.0.0.1:8000' });
      return Promise.resolve({ kind: 'started', runId, users });
    }
    const runId = running.summary.id;
    if (running.summary.kind !== 'load') return Promise.resolve({ kind: 'busy', runId });
    if (users === 0) this.emit(runId, { type: 'end', state: 'completed', reason: '', runDir: `runs/${runId}` });
    return Promise.resolve({ kind: users === 0 ? 'stopped' : 'changed', runId, users });
  }

  startWorkload(config: WorkloadConfig, origin: RequestOrigin): Promise<WorkloadOutcome> {
    this.origins.push(origin);
    const running = this.running();
    if (running !== null) return Promise.resolve({ kind: 'busy', runId: running.summary.id });
    this.workload = config;
    this.add('workload', { name: 'workload', levels: [config.maxConcurrency], url: 'http://127.0.0.1:8000' });
    return Promise.resolve({ kind: 'running', config });
  }

  configureWorkload(change: Partial<WorkloadConfig>): Promise<WorkloadOutcome> {
    if (this.running()?.summary.kind !== 'workload') return Promise.resolve({ kind: 'notRunning' });
    this.workload = { ...this.workload!, ...change };
    return Promise.resolve({ kind: 'running', config: this.workload });
  }

  stopWorkload(): Promise<{ kind: 'stopped' } | { kind: 'notRunning' }> {
    const running = this.running();
    if (running?.summary.kind !== 'workload') return Promise.resolve({ kind: 'notRunning' });
    const { id } = running.summary;
    this.emit(id, { type: 'end', state: 'completed', reason: '', runDir: `runs/${id}` });
    return Promise.resolve({ kind: 'stopped' });
  }

  status(): WorkloadStatus {
    const running = this.running()?.summary.kind === 'workload';
    const stat = { mean: NaN, p50: NaN, p95: NaN };
    const counts = { windowSec: 60, requestCount: 0, errorCount: 0, actualRPS: 0, tops: 0 };
    return {
      running,
      config: this.workload,
      uptimeMs: running ? 1 : 0,
      corpus: { chatPassages: 10, summarizationDocs: 0, reasoningPrompts: 0 },
      metrics: running ? { ...counts, ttft: stat, itl: stat, tpot: stat, latency: stat, outputTokens: stat } : null,
    };
  }

  /** What the running sweep tells next. */
  emit(runId: string, event: SweepEvent): void {
    const run = this.runs.get(runId)!;
    if (event.type === 'level') run.levels.push(event.result);
    if (event.type === 'end') {
      run.summary = { ...run.summary, state: event.state, reason: event.reason, endedAt: 1_800_000_060 };
    }
    run.log.push(event);
  }

  private running(): Run | null {
    return [...this.runs.values()].find(({ summary }) => summary.state === 'running') ?? null;
  }

  private start(specInput: unknown): StartOutcome {
    if (specInput === null) {
      return { kind: 'unavailable', message: 'no spec was configured', hint: 'send one, or start with one' };
    }
    const form = specInput as SpecForm;
    const problems = specProblems(form);
    if (problems.length > 0) return { kind: 'problems', problems };
    const url = form.target!.url as string;
    const levels = form.load!.levels as number[];
    if (!isAllowedTarget(url, this.options.allowedTargets)) return { kind: 'forbiddenTarget', url };
    const over = usersProblem('load.levels', Math.max(...levels), this.options.ceilings);
    if (over !== null) return { kind: 'overCeilings', problems: [over] };
    const running = this.running();
    if (running !== null) return { kind: 'busy', runId: running.summary.id };
    return { kind: 'started', runId: this.add('sweep', { name: form.name ?? 'sweep', levels, url }) };
  }

  private add(kind: RunSummary['kind'], run: { name: string; levels: number[]; url: string }): string {
    const id = `20270115-08000${this.runs.size}-${kind}`;
    const summary: RunSummary = {
      id,
      name: run.name,
      kind,
      state: 'running',
      reason: '',
      startedAt: 1_800_000_000,
      endedAt: null,
      targetUrl: run.url,
      model: 'Qwen/Qwen2.5-0.5B-Instruct',
      levels: run.levels,
      repetitions: 1,
      plannedSeconds: kind === 'sweep' ? 60 : NaN,
    };
    this.runs.set(id, { summary, log: new EventLog(), levels: [] });
    const plannedSeconds = summary.plannedSeconds;
    this.emit(id, {
      type: 'start',
      runId: id,
      runDir: `runs/${id}`,
      levels: run.levels,
      repetitions: 1,
      plannedSeconds,
    });
    return id;
  }
}

const estimate = (value: number, n = 100): Estimate => ({
  value,
  n,
  lower: value * 0.95,
  upper: value * 1.05,
  warning: null,
});

const quantiles = (p50: number): QuantileSet => ({
  mean: estimate(p50 * 1.1),
  p50: estimate(p50),
  p90: estimate(p50 * 1.5),
  p95: estimate(p50 * 1.8),
  p99: estimate(p50 * 2.5),
});

/** A level's result of plausible shape: an L4 with a small model. */
export function levelResult(index: number, load: number): LevelResult {
  const ttft = quantiles(0.024 + 0.0035 * load);
  const tpot = quantiles(0.005 + 0.00006 * load);
  const latency = quantiles(0.68 + 0.012 * load);
  const requestsPerSecond = load / latency.mean.value;
  const pass = ttft.p95.value <= 0.2;
  return {
    level: index,
    load,
    windows: [`r1-l${index + 1}`],
    windowsUsed: [`r1-l${index + 1}`],
    valid: true,
    invalidReasons: [],
    steady: true,
    seconds: 20,
    started: 100,
    completed: 100,
    ok: 100,
    errors: {},
    errorRatio: 0,
    censored: 0,
    ttft,
    ttftFirstChunk: ttft,
    ttftFirstVisible: ttft,
    ttftFromIntended: ttft,
    tpot,
    tpotExcluded: 0,
    itl: tpot,
    latency,
    latencyFromIntended: latency,
    requestsPerSecond,
    okPerSecond: requestsPerSecond,
    conversationsPerSecond: requestsPerSecond,
    outputTokensPerSecond: requestsPerSecond * 128,
    inputTokensPerSecond: requestsPerSecond * 256,
    inputTokensMean: 256,
    outputTokensMean: 128,
    tokensSource: 'usage',
    tokensPerChunk: 1,
    littleRatio: 1,
    inFlightRatio: 0.99,
    slo: [
      { slo: 'ttft_p95', good: 95, bad: 5, undecided: 0, share: estimate(pass ? 0.97 : 0.9), required: 0.95, pass },
    ],
    errorSlo: null,
  };
}

export const liveStats = (load: number): LiveStats => ({
  inFlight: load,
  backoffSlots: 0,
  activeConversations: load,
  ttftP50: 0.024 + 0.0035 * load,
  ttftP95: 0.05 + 0.006 * load,
  tpotP50: 0.0055,
  latencyP50: 0.7,
  requestsPerSecond: load / 0.8,
  outputTokensPerSecond: (load / 0.8) * 128,
  errorRatio: 0,
  oldestUnansweredSeconds: NaN,
});
