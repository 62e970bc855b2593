import { parseSpec } from '../config/parse.js';
import { describePlan } from '../config/plan.js';
import type { SweepSpec } from '../config/spec.js';
import type { Logger } from 'pino';
import { forbiddenUrls } from './allow-list.js';
import { ceilingProblems, usersProblem, type Ceilings } from './ceilings.js';
import { confinementProblems } from './confinement.js';
import { RunArchive } from './run-archive.js';
import type { ActiveRun, Launch, Sidecar } from './sidecar.js';
import type {
  EventSubscription,
  LoadOutcome,
  NumberedEvent,
  Refusal,
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
} from './sweep-service.js';
import { WorkloadCompat } from './workload-compat.js';

export interface ServiceOptions {
  /** The spec as text that requests start from; null: each request brings its own. */
  baseSpec: SweepSpec | null;
  allowedTargets: readonly string[];
  ceilings: Ceilings;
  runsDir: string;
  logger: Logger;
}

type RunKind = RunSummary['kind'];

/** The sidecar behind the HTTP API: parses and limits what callers ask for, and answers in the API's terms. */
export class SidecarService implements SweepService {
  private readonly archive: RunArchive;
  private readonly compat: WorkloadCompat;
  private readonly kinds = new Map<string, RunKind>();

  constructor(
    private readonly sidecar: Sidecar,
    private readonly options: ServiceOptions,
  ) {
    this.archive = new RunArchive(options.runsDir);
    this.compat = new WorkloadCompat(sidecar);
  }

  async startSweep(specInput: unknown, origin: RequestOrigin): Promise<StartOutcome> {
    const parsed = this.specOf(specInput);
    if ('kind' in parsed) return parsed;
    return this.launch({ spec: parsed.spec }, 'sweep', origin);
  }

  stopSweep(runId: string): Promise<StopOutcome> {
    const { current } = this.sidecar;
    if (current?.runId === runId) {
      current.session.stop('stopped by a request to the API');
      return Promise.resolve({ kind: 'stopping' });
    }
    const summary = this.archive.summary(runId);
    return Promise.resolve(summary === null ? { kind: 'unknownRun' } : { kind: 'notRunning', state: summary.state });
  }

  listRuns(): Promise<readonly RunSummary[]> {
    const { current } = this.sidecar;
    const stored = this.archive.summaries().filter((run) => run.id !== current?.runId);
    return Promise.resolve(current === null ? stored : [this.activeSummary(current), ...stored]);
  }

  getRun(runId: string): Promise<RunDetail | null> {
    const { current } = this.sidecar;
    const summary = current?.runId === runId ? this.activeSummary(current) : this.archive.summary(runId);
    if (summary === null) return Promise.resolve(null);
    return Promise.resolve({ summary, result: this.archive.result(runId) });
  }

  report(runId: string, format: ReportFormat): Promise<ReportOutcome> {
    if (this.sidecar.current?.runId === runId) {
      return Promise.resolve({ kind: 'notReady', message: 'the run is under way; its report is written when it ends' });
    }
    return Promise.resolve(this.archive.report(runId, format));
  }

  subscribe(runId: string, afterSeq: number, listener: (event: NumberedEvent) => void): EventSubscription | null {
    return this.sidecar.logs.get(runId)?.subscribe(afterSeq, listener) ?? null;
  }

  async setLoad({ users }: { users: number }, origin: RequestOrigin): Promise<LoadOutcome> {
    const { current } = this.sidecar;
    if (current !== null) {
      if (this.kinds.get(current.runId) === 'sweep') return { kind: 'busy', runId: current.runId };
      const over = this.overUsers(users);
      if (over !== null) return over;
      current.session.setUsers(users);
      return { kind: users === 0 ? 'stopped' : 'changed', runId: current.runId, users };
    }
    if (users === 0) return { kind: 'notRunning' };
    const started = await this.startByHand(users, 'load', origin);
    return started.kind === 'started' ? { ...started, users } : started;
  }

  async startWorkload(config: WorkloadConfig, origin: RequestOrigin): Promise<WorkloadOutcome> {
    if (this.sidecar.current !== null) return { kind: 'busy', runId: this.sidecar.current.runId };
    const started = await this.startByHand(config.maxConcurrency, 'workload', origin, config.totalRPS);
    if (started.kind !== 'started') return started;
    return { kind: 'running', config: this.compat.started(config) };
  }

  configureWorkload(change: Partial<WorkloadConfig>): Promise<WorkloadOutcome> {
    const { current } = this.sidecar;
    if (current === null || this.kinds.get(current.runId) !== 'workload')
      return Promise.resolve({ kind: 'notRunning' });
    const over = change.maxConcurrency === undefined ? null : this.overUsers(change.maxConcurrency);
    if (over !== null) return Promise.resolve(over);
    const config = this.compat.changed(change);
    current.session.setUsers(config.maxConcurrency);
    current.session.setTargetRate(config.totalRPS);
    return Promise.resolve({ kind: 'running', config });
  }

  stopWorkload(): Promise<{ kind: 'stopped' } | { kind: 'notRunning' }> {
    const { current } = this.sidecar;
    if (current === null || this.kinds.get(current.runId) !== 'workload')
      return Promise.resolve({ kind: 'notRunning' });
    current.session.setUsers(0);
    return Promise.resolve({ kind: 'stopped' });
  }

  status(): WorkloadStatus {
    return this.compat.status();
  }

  /** The spec that a request means: its own, or the one this sidecar was given, within what is permitted. */
  private specOf(input: unknown): { spec: SweepSpec } | Refusal {
    const { baseSpec } = this.options;
    if (input === undefined || isEmpty(input)) {
      if (baseSpec === null) return NO_SPEC;
      return this.permitted(baseSpec);
    }
    const parsed = parseSpec(JSON.stringify(input));
    if ('problems' in parsed) return { kind: 'problems', problems: parsed.problems };
    const problems = confinementProblems(parsed.spec, baseSpec);
    if (problems.length > 0) return { kind: 'problems', problems };
    const { output } = parsed.spec;
    return this.permitted({ ...parsed.spec, output: { ...output, dir: this.options.runsDir } });
  }

  private permitted(spec: SweepSpec): { spec: SweepSpec } | Refusal {
    const [forbidden] = forbiddenUrls(spec, this.options.allowedTargets, this.options.baseSpec);
    if (forbidden !== undefined) return { kind: 'forbiddenTarget', url: forbidden };
    const problems = ceilingProblems(spec, describePlan(spec).seconds.least, this.options.ceilings);
    return problems.length > 0 ? { kind: 'overCeilings', problems } : { spec };
  }

  private overUsers(users: number): Refusal | null {
    const problem = usersProblem('users', users, this.options.ceilings);
    return problem === null ? null : { kind: 'overCeilings', problems: [problem] };
  }

  private async startByHand(
    users: number,
    kind: RunKind,
    origin: RequestOrigin,
    conversationsPerSecond?: number,
  ): Promise<StartOutcome> {
    const { baseSpec } = this.options;
    if (baseSpec === null) return NO_SPEC;
    const over = this.overUsers(users);
    if (over !== null) return over;
    const load = {
      ...baseSpec.load,
      arrival: 'closed' as const,
      levels: [Math.max(1, users)],
      search: null,
      repetitions: 1,
      targetRate: conversationsPerSecond ?? baseSpec.load.targetRate,
    };
    return this.launch({ spec: { ...baseSpec, name: 'load by hand', load }, manualUsers: users }, kind, origin);
  }

  private async launch(launch: Launch, kind: RunKind, origin: RequestOrigin): Promise<StartOutcome> {
    if (this.sidecar.busy) return { kind: 'busy', runId: this.sidecar.current?.runId ?? 'being prepared' };
    try {
      const run = await this.sidecar.launch({ ...launch, kind });
      this.kinds.set(run.runId, kind);
      this.options.logger.info({ run: run.runId, kind, ...origin }, 'run started');
      this.watch(run);
      return { kind: 'started', runId: run.runId };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'unavailable', message, hint: 'run "sweepscope doctor" with the same spec to see what is wrong' };
    }
  }

  /** Ends a run at the ceiling of its duration, and logs a fault of ours, which no caller would hear of. */
  private watch(run: ActiveRun): void {
    const { logger, ceilings } = this.options;
    const limit = setTimeout(() => {
      run.session.stop(`this sidecar lets no run last longer than ${ceilings.maxDurationSeconds} s`);
    }, ceilings.maxDurationSeconds * 1000);
    run.done
      .then(({ result }) =>
        logger.info({ run: run.runId, state: result.run.state, reason: result.run.reason }, 'run ended'),
      )
      .catch((error: unknown) => logger.error({ run: run.runId, error }, 'run failed'))
      .finally(() => clearTimeout(limit));
  }

  private activeSummary(run: ActiveRun): RunSummary {
    const { spec, session } = run;
    return {
      id: run.runId,
      name: spec.name,
      kind: this.kinds.get(run.runId) ?? 'sweep',
      state: 'running',
      reason: '',
      startedAt: run.startedEpoch,
      endedAt: null,
      targetUrl: spec.target.url,
      model: spec.target.model,
      levels: session.levels,
      repetitions: spec.load.repetitions,
      plannedSeconds: session.plannedSeconds,
    };
  }
}

const NO_SPEC: Refusal = {
  kind: 'unavailable',
  message: 'this sidecar was started without a spec, so it does not know what to ask of which server',
  hint: 'start it with --config FILE, or send a spec with the request',
};

function isEmpty(input: unknown): boolean {
  return typeof input === 'object' && input !== null && Object.keys(input).length === 0;
}
