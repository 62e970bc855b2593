import type { Clock } from '../clock/clock.js';
import { specToYaml } from '../config/spec-yaml.js';
import type { SweepSpec } from '../config/spec.js';
import { VERSION } from '../config/version.js';
import { LifetimeMeasures } from '../measure/lifetime.js';
import type { MetricSources } from '../metrics/sources.js';
import type { WindowRecord } from '../measure/records.js';
import type { Segment } from '../report/build-result.js';
import type { EarlierSegments } from '../store/earlier-segments.js';
import { makeRunId } from '../store/run-id.js';
import { RunFolder } from '../store/run-folder.js';
import { removeOldRuns } from '../store/runs.js';
import type { SweepEvent } from '../sweep/events.js';
import { askForReset } from '../sweep/cache-reset.js';
import { resultOf, writeReports, writeResult, type FinishedRun, type RunStanding } from '../sweep/finish.js';
import type { Probe } from '../sweep/probe.js';
import { prepareTarget, type PreparedTarget } from '../sweep/prepare.js';
import type { HostFacts } from '../sweep/host-facts.js';
import { SweepSession, type SessionEnd, type SessionHost } from '../sweep/session.js';
import { targetSettings } from '../sweep/target-settings.js';
import type { Environment } from '../target/secrets.js';
import { annotateRun } from './annotate-run.js';
import type { GrafanaAnnotations } from './annotations.js';
import type { UpstreamCheck } from '../telemetry/check-upstream.js';
import type { OpenProbe } from '../telemetry/hub.js';
import { ClientHealthView } from './client-health-view.js';
import type { EventLog } from './event-log.js';
import { machineFacts } from './machine.js';
import { probeLive, probeRun } from './probe-view.js';
import { sessionLive } from './live-state.js';
import { recentRequests, type RecentRequests } from './recent-requests.js';
import { BookedRun } from './run-book.js';
import { RunShelf, type ShelfOptions } from './run-shelf.js';
import { upstreamStates } from './upstream-states.js';
import { checkRow, upstreamNotes, upstreamRow } from './upstream-words.js';
import { Upstreams } from './upstreams.js';

/** What a run is started with. */
export interface Launch {
  spec: SweepSpec;
  kind?: RunStanding['kind'];
  /** Goes on with an interrupted run in its folder. */
  resume?: { runId: string; folder: RunFolder; earlier: EarlierSegments };
  /** Load by hand, beginning with this many users. */
  manualUsers?: number;
}

/** What belongs to the run under way. */
interface RunUnderWay {
  runId: string;
  kind: RunStanding['kind'];
  spec: SweepSpec;
  prepared: PreparedTarget;
  folder: RunFolder;
  session: SweepSession;
  booked: BookedRun;
  segments: Segment[];
  windows: WindowRecord[];
  annotations: GrafanaAnnotations | null;
  upstreams: readonly UpstreamCheck[];
}

/** `{ key: value }`, or nothing where the value is undefined. */
function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}

/** A run that is under way in this process. */
export interface ActiveRun {
  readonly runId: string;
  readonly dir: string;
  readonly spec: SweepSpec;
  readonly session: SweepSession;
  readonly startedEpoch: number;
  /** Resolves when the run is over and its files are written; rejects only for a fault of ours. */
  readonly done: Promise<FinishedRun>;
}

export interface SidecarOptions extends ShelfOptions {
  clock: Clock;
  env: Environment;
  /** Edges of the histograms are set for these objectives, once for the life of the process. */
  objectives: SweepSpec['slo'];
  /** Told of what is wrong but stops nothing. */
  warn: (message: string) => void;
  /** Absent: of this machine. */
  facts?: HostFacts;
  /** How a server is found fit for a sweep; absent: over HTTP. `checkId` begins the ids of the requests it takes. */
  prepare?: (spec: SweepSpec, checkId: string) => Promise<PreparedTarget>;
  /** How load is made; absent: by threads. */
  startLoad?: NonNullable<SessionHost['startLoad']>;
  /** How upstreams are asked; absent: over HTTP. null: none are scraped and no cache is reset. */
  openProbe?: OpenProbe | null;
  /** False: files are complete at the run's end only, since it can be had again. Absent: as far as it got, always. */
  crashSafe?: boolean;
}

/** Requests that check the server are told apart from those of other runs and segments. */
const CHECK_DIGITS = 8;
const RUN_ID_DIGITS = 4;

/**
 * The process's one place where runs live: starts them one at a time, keeps their events, and is what `/metrics` reads.
 */
export class Sidecar {
  readonly lifetime: LifetimeMeasures;
  /** Watches between runs; null: nothing does. */
  probe: Probe | null = null;
  private active: ActiveRun | null = null;
  private starting = false;
  private latest: SweepSession | null = null;
  private readonly shelf: RunShelf;
  private readonly health: ClientHealthView;
  private readonly facts: HostFacts;
  private readonly upstreams: Upstreams | null;

  constructor(private readonly options: SidecarOptions) {
    this.lifetime = new LifetimeMeasures(options.objectives);
    this.facts = options.facts ?? machineFacts();
    const { clock, env, openProbe } = options;
    this.upstreams = openProbe === null ? null : new Upstreams(clock, env, openProbe);
    this.health = new ClientHealthView(() => this.latest?.health ?? null, this.facts.readThrottledSeconds);
    this.shelf = new RunShelf(options);
  }

  /** Events of the newest runs, by the run's id. */
  get logs(): ReadonlyMap<string, EventLog> {
    return this.shelf.logs;
  }

  /** The run under way, or null. */
  get current(): ActiveRun | null {
    return this.active;
  }

  /** True while a run is under way or being prepared. */
  get busy(): boolean {
    return this.active !== null || this.starting;
  }

  /**
   * Checks the server and starts a run. @throws TargetError, WorkloadError or StoreError with what is wrong; Error when
   * a run is under way.
   */
  async launch(launch: Launch, listener: (event: SweepEvent) => void = () => undefined): Promise<ActiveRun> {
    if (this.busy) throw new Error('a run is under way');
    this.starting = true;
    try {
      await this.probe?.pause();
      const prepared = await this.prepare(launch.spec);
      const upstreams = (await this.upstreams?.prepare(launch.spec)) ?? [];
      return this.begin(launch, prepared, upstreams, listener);
    } finally {
      this.starting = false;
      if (this.active === null) this.probe?.resume();
    }
  }

  /** Scrapes from now on what the spec names, run or no run. */
  watch(spec: SweepSpec): void {
    this.upstreams?.watch(spec);
  }

  /** Scrapes no more. */
  close(): void {
    this.upstreams?.stop();
  }

  /** `Clock.now()`. */
  now(): number {
    return this.options.clock.now();
  }

  /** What the run under way brought in its last `seconds`; empty without one. */
  lastSeconds(seconds: number): RecentRequests {
    const session = this.latest;
    return recentRequests(session?.recorder.records ?? [], this.now() - (session?.originSeconds ?? 0), seconds);
  }

  sources(): MetricSources {
    return {
      now: () => this.options.clock.now(),
      requests: this.lifetime,
      live: () => probeLive(this.active === null ? this.probe : null) ?? sessionLive(this.latest, this.now()),
      runs: () => [...this.shelf.retained(), ...(this.probe === null ? [] : [probeRun(this.probe.spec)])],
      health: () => this.health.read(),
      upstreams: () => upstreamStates(this.upstreams?.hub.all ?? []),
      build: { version: VERSION, node: process.version },
    };
  }

  private sessionHost(emit: (event: SweepEvent) => void): SessionHost {
    const { clock, startLoad, crashSafe = true } = this.options;
    const scraping = this.upstreams === null ? {} : { telemetry: this.upstreams.hub, resetCache: this.resetCache };
    const base = { clock, facts: this.facts, lifetime: this.lifetime, emit, crashSafe };
    return { ...base, ...scraping, ...optional('startLoad', startLoad) };
  }

  private readonly resetCache: NonNullable<SessionHost['resetCache']> = (settings, reset) =>
    askForReset(settings, reset, this.options.clock);

  private preflightOf({ prepared, upstreams }: RunUnderWay): RunStanding['preflight'] {
    return [...prepared.checks.map(checkRow), ...upstreams.map(upstreamRow)];
  }

  private prepare(spec: SweepSpec): Promise<PreparedTarget> {
    const { clock, env, prepare } = this.options;
    const checkId = `ss-${this.facts.newName(CHECK_DIGITS)}-check`;
    return prepare?.(spec, checkId) ?? prepareTarget(spec, targetSettings(spec, env), clock, checkId);
  }

  private begin(
    launch: Launch,
    prepared: PreparedTarget,
    upstreams: readonly UpstreamCheck[],
    listener: (event: SweepEvent) => void,
  ): ActiveRun {
    const { clock, env } = this.options;
    const spec = { ...launch.spec, target: { ...launch.spec.target, model: prepared.preflight.model } };
    const runId = launch.resume?.runId ?? makeRunId(clock.epoch(), spec.name, this.facts.newName(RUN_ID_DIGITS));
    const folder = launch.resume?.folder ?? RunFolder.create(spec.output.dir, runId, specToYaml(spec));
    const earlier = launch.resume?.earlier;
    const log = this.shelf.openLog(runId);
    const emit = (event: SweepEvent): void => this.emit(run, log, listener, event);
    const session = new SweepSession(this.sessionHost(emit), {
      runId,
      spec,
      prepared,
      folder,
      env,
      ...optional('earlier', earlier),
      ...optional('manualUsers', launch.manualUsers),
    });
    this.latest = session;
    const { startedEpoch } = session.state;
    const booked = new BookedRun(runId, spec, prepared.preflight.model, startedEpoch, () => session.state.windows);
    this.shelf.book(booked);
    const segments = [...(earlier?.segments ?? []), { epoch: clock.epoch(), at: session.segmentAt }];
    const kind = launch.kind ?? 'sweep';
    const annotations = annotateRun(spec, { runId, startedEpoch }, this.options);
    const run: RunUnderWay = {
      ...{ runId, kind, spec, prepared, folder, session, booked, segments, upstreams, annotations },
      windows: [],
    };
    const done = this.finish(run, emit);
    this.active = { runId, dir: folder.dir, spec, session, startedEpoch, done };
    return this.active;
  }

  private async finish(run: RunUnderWay, emit: (event: SweepEvent) => void): Promise<FinishedRun> {
    const { runId, spec, session, folder, prepared } = run;
    const { levels, repetitions } = spec.load;
    emit({ type: 'start', runId, runDir: folder.dir, levels, repetitions, plannedSeconds: session.plannedSeconds });
    for (const message of prepared.warnings) emit({ type: 'note', severity: 'warning', message });
    for (const note of upstreamNotes(spec, run.upstreams)) emit(note);
    try {
      const end = await session.run();
      const endedEpoch = Math.round(this.options.clock.epoch() * 1000) / 1000;
      const finished = resultOf(this.standing(run, end, endedEpoch), endedEpoch);
      for (const level of finished.levels) run.booked.levels.set(level.level, level);
      run.booked.analysis = finished.analysis;
      run.booked.end = { state: end.state, epochSeconds: endedEpoch };
      writeReports(folder, finished.result);
      this.active = null;
      emit({ type: 'end', state: end.state, reason: end.reason, runDir: folder.dir });
      removeOldRuns(spec.output.dir, spec.output.keepRuns, spec.output.keepBytes, runId);
      return finished;
    } finally {
      this.active = null;
      folder.close();
      this.probe?.resume();
      await run.annotations?.close();
    }
  }

  /** The run as it stands, ended or not. */
  private standing(run: RunUnderWay, end: SessionEnd | null, endedEpoch: number | null): RunStanding {
    const { session, spec } = run;
    return {
      ...run,
      environment: this.facts.environment,
      preflight: this.preflightOf(run),
      serverSide: session.serverSide,
      remarks: session.remarks,
      spec: { ...spec, load: { ...spec.load, levels: session.levels } },
      state: end?.state ?? 'running',
      reason: end?.reason ?? '',
      startedEpoch: session.state.startedEpoch,
      endedEpoch,
      windows: end?.windows ?? run.windows,
      records: session.recorder.records,
    };
  }

  private emit(run: RunUnderWay, log: EventLog, listener: (event: SweepEvent) => void, event: SweepEvent): void {
    if (event.type === 'window') run.booked.windows.set(event.window.id, event.window);
    if (event.type === 'level') {
      run.booked.levels.set(event.result.level, event.result);
      run.booked.analysis = event.analysis;
      this.writeProvisional(run);
    }
    log.push(event);
    run.annotations?.observe(event);
    listener(event);
  }

  /** A result after each level, so that a crash leaves a readable one. */
  private writeProvisional(run: RunUnderWay): void {
    if (this.options.crashSafe === false) return;
    run.windows = [...run.session.windows];
    try {
      writeResult(run.folder, resultOf(this.standing(run, null, null), this.options.clock.epoch()).result);
    } catch (error) {
      run.session.stop(error instanceof Error ? error.message : String(error));
    }
  }
}
