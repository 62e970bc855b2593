import { every, type Clock } from '../clock/clock.js';
import type { ResetCacheSpec, SweepSpec } from '../config/spec.js';
import type { Load, LoadListener } from '../load/types.js';
import type { TelemetryHub } from '../telemetry/hub.js';
import { RunTelemetry } from '../telemetry/run-telemetry.js';
import type { ServerConfig } from '../target/http-config.js';
import type { LifetimeMeasures } from '../measure/lifetime.js';
import { toMicros } from '../measure/observations.js';
import { Recorder, type RecordSink } from '../measure/recorder.js';
import type { RequestRecord, WindowRecord } from '../measure/records.js';
import { snapshotLifetime } from '../measure/timeline.js';
import type { EarlierSegments } from '../store/earlier-segments.js';
import { RequestsWriter } from '../store/requests-writer.js';
import { segmentLine } from '../store/requests-log.js';
import type { RunFolder } from '../store/run-folder.js';
import { TimelineLog } from '../store/timeline-log.js';
import type { Environment } from '../target/secrets.js';
import { cacheReset } from './cache-reset.js';
import { ClientHealth } from './client-health.js';
import { SweepDriver } from './driver.js';
import type { SweepEvent } from './events.js';
import type { HostFacts } from './host-facts.js';
import { LiveWindow } from './live-window.js';
import { ManualDriver } from './manual-driver.js';
import { outsideRecord } from './outside-record.js';
import type { SweepParts } from './parts.js';
import type { PreparedTarget } from './prepare.js';
import { ServerSide } from './server-side.js';
import { RunState } from './run-state.js';
import { startThreads, type LoadStart } from './start-load.js';
import { Ticker } from './ticker.js';

/** In-flight requests of a stopped sweep are cut after this long, inside Kubernetes' 30 s. */
export const STOP_DEADLINE_SECONDS = 25;
/** What has been counted is on disk at most this long after. */
const FLUSH_SECONDS = 0.2;
/** Request ids of one run differ by this from those of any other. */
const PREFIX_DIGITS = 8;

export interface SessionRequest {
  runId: string;
  spec: SweepSpec;
  prepared: PreparedTarget;
  folder: RunFolder;
  env: Environment;
  /** Set: goes on with an interrupted run. */
  earlier?: EarlierSegments;
  /** Set: no plan, but load by hand, beginning with this many users. */
  manualUsers?: number;
}

export interface SessionHost {
  clock: Clock;
  facts: HostFacts;
  lifetime: LifetimeMeasures;
  emit: (event: SweepEvent) => void;
  /** What has been counted is on disk soon after; false: at the end only, or when buffers are full. */
  crashSafe: boolean;
  /** What is scraped while the run lasts; absent: nothing. */
  telemetry?: TelemetryHub;
  /** Asks the server to forget its prefix cache; says how that went. Absent: cannot be done here. */
  resetCache?: (settings: ServerConfig, reset: ResetCacheSpec) => Promise<string>;
  /** How the load is made; absent: by threads. */
  startLoad?: (start: LoadStart, listener: LoadListener) => Load;
}

export interface SessionEnd {
  state: 'completed' | 'aborted';
  /** Why it was aborted, for people; empty when completed. */
  reason: string;
  windows: WindowRecord[];
  records: readonly RequestRecord[];
}

/** One run from its first user to its last: owns the load, the recorder and the logs while it lasts. */
export class SweepSession {
  readonly state: RunState;
  readonly health: ClientHealth;
  readonly recorder: Recorder;
  readonly live: LiveWindow;
  readonly serverSide: ServerSide;
  /** What happened on the way that a reader of the report has to know. */
  readonly remarks: string[] = [];
  /** `Clock.now()` at the run's beginning. */
  readonly originSeconds: number;
  /** Run time at which this process took the run up; 0 unless it was resumed. Seconds. */
  readonly segmentAt: number;
  private readonly stopper = new AbortController();
  private readonly parts: SweepParts;
  private readonly driver: SweepDriver | ManualDriver;
  private readonly telemetry: RunTelemetry;

  constructor(
    private readonly host: SessionHost,
    private readonly request: SessionRequest,
  ) {
    const { clock, lifetime } = host;
    const { spec, folder, prepared } = request;
    const startedEpoch = request.earlier?.startedEpoch ?? clock.epoch();
    const originSeconds = clock.now() - (clock.epoch() - startedEpoch);
    this.originSeconds = originSeconds;
    this.segmentAt = toMicros(clock.now() - originSeconds);
    this.state = new RunState(request.runId, startedEpoch, spec.alertUpTo);
    this.health = new ClientHealth(host.facts.readThrottledSeconds, () => clock.now());
    this.live = new LiveWindow(clock, originSeconds, lifetime, spec.load.stopAfter?.forSeconds ?? 0);
    const requestPrefix = `ss-${host.facts.newName(PREFIX_DIGITS)}`;
    const sink = guarded([new RequestsWriter(folder.requests), this.live], (error) => this.failed(error));
    this.recorder = new Recorder({
      originSeconds,
      originEpoch: startedEpoch,
      requestPrefix,
      lifetime,
      slo: spec.slo,
      sink,
    });
    this.recorder.records.push(...(request.earlier?.records ?? []));
    this.telemetry = this.openTelemetry(originSeconds, startedEpoch);
    this.serverSide = new ServerSide(spec, this.telemetry);
    const segment = request.earlier?.segments.length ?? 0;
    const start = {
      spec,
      prepared,
      env: request.env,
      originSeconds,
      requestPrefix,
      segment,
      workers: host.facts.loadThreads,
    };
    const load = (host.startLoad ?? startThreads)(start, this.loadListener());
    this.parts = this.makeParts(load, originSeconds);
    this.driver =
      request.manualUsers === undefined
        ? new SweepDriver(this.parts)
        : new ManualDriver(this.parts, request.manualUsers);
    this.logSegment(requestPrefix, originSeconds);
  }

  /** Windows that are complete so far, kept ones included. */
  get windows(): readonly WindowRecord[] {
    return this.driver.windows;
  }

  /** Length of the plan that is still to do, seconds; NaN for load by hand. */
  get plannedSeconds(): number {
    return this.driver instanceof SweepDriver ? this.driver.plannedSeconds : NaN;
  }

  /** Runs to the end, the plan's or the stop's. Never rejects for the server's sake. */
  async run(): Promise<SessionEnd> {
    const { driver } = this;
    const ticker = new Ticker(this.parts, {
      progress: () => (driver instanceof SweepDriver ? driver.progressNow() : { ratio: 0, remainingSeconds: NaN }),
      stop: (reason) => this.stop(reason),
    });
    const flush = (): void => this.try(() => this.request.folder.flush());
    const flushing = this.host.crashSafe ? every(this.host.clock, FLUSH_SECONDS, flush) : null;
    try {
      const windows = await driver.run();
      return this.end(windows);
    } finally {
      flushing?.cancel();
      ticker.stop();
      this.telemetry.stop();
      this.state.phase = 'idle';
      await this.parts.load.close();
      flush();
    }
  }

  /** No new requests; those under way are finished or cut at a deadline; the run ends as aborted. */
  stop(reason: string): void {
    if (!this.stopper.signal.aborted) this.stopper.abort(reason);
  }

  /** Load by hand only: the users that are wanted from now on. */
  setUsers(users: number): void {
    if (this.driver instanceof ManualDriver) this.driver.setUsers(users);
  }

  /** Cap on conversation starts per second from now on; null: none. */
  setTargetRate(perSecond: number | null): void {
    this.parts.load.setTargetRate(perSecond);
  }

  /** Levels as they were run by hand; otherwise the plan's, and those that a search has come to. */
  get levels(): readonly number[] {
    return this.driver.levels;
  }

  private end(windows: WindowRecord[]): SessionEnd {
    const { signal } = this.stopper;
    const state = signal.aborted ? 'aborted' : 'completed';
    return { state, reason: signal.aborted ? String(signal.reason) : '', windows, records: this.recorder.records };
  }

  private makeParts(load: Load, originSeconds: number): SweepParts {
    const { host, request, recorder, live, health, state } = this;
    return {
      spec: request.spec,
      clock: host.clock,
      originSeconds,
      load,
      recorder,
      lifetime: host.lifetime,
      live,
      health,
      state,
      serverSide: this.serverSide,
      ...this.resetting(),
      timeline: new TimelineLog(request.folder.timeline, snapshotLifetime(host.lifetime)),
      emit: host.emit,
      firstRampSeconds: request.prepared.conversationSeconds,
      stopDeadlineSeconds: STOP_DEADLINE_SECONDS,
      kept: request.earlier?.windows ?? [],
      signal: this.stopper.signal,
    };
  }

  private openTelemetry(originSeconds: number, originEpoch: number): RunTelemetry {
    const { folder, earlier } = this.request;
    const write = (line: string): void => this.try(() => folder.telemetry.line(line));
    const telemetry = new RunTelemetry({ originSeconds, originEpoch, write });
    telemetry.restore(earlier?.telemetry ?? []);
    if (this.host.telemetry !== undefined) telemetry.follow(this.host.telemetry);
    return telemetry;
  }

  private resetting(): Pick<SweepParts, 'resetCache'> {
    const { spec, prepared } = this.request;
    const { resetCache } = this.host;
    const { resetCache: wanted } = spec.load;
    if (wanted === null || resetCache === undefined) return {};
    return { resetCache: cacheReset(() => resetCache(prepared.settings, wanted), this.host.emit, this.remarks) };
  }

  private loadListener(): LoadListener {
    return {
      onBatch: (batch) => this.recorder.gate.offer(batch),
      onHealth: (health) => this.health.receive(health),
      onFailure: (message) => this.stop(message),
    };
  }

  private logSegment(prefix: string, originSeconds: number): void {
    const { clock } = this.host;
    const { folder, prepared, earlier } = this.request;
    folder.requests.line(
      segmentLine({ n: (earlier?.segments.length ?? 0) + 1, at: this.segmentAt, epoch: clock.epoch(), prefix }),
    );
    for (const { exchange } of prepared.checks) {
      this.recorder.addOutside(outsideRecord(exchange, originSeconds), exchange.detail);
    }
  }

  /** The disk let us down: the sweep ends, and what was measured stays in memory for the report. */
  private failed(error: unknown): void {
    this.stop(error instanceof Error ? error.message : String(error));
  }

  private try(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.failed(error);
    }
  }
}

/** Sinks called one after the other; one that throws is reported and does not keep the others from hearing. */
function guarded(sinks: readonly RecordSink[], report: (error: unknown) => void): RecordSink {
  const each = (call: (sink: RecordSink) => void): void => {
    for (const sink of sinks) {
      try {
        call(sink);
      } catch (error) {
        report(error);
      }
    }
  };
  return {
    started: (record) => each((sink) => sink.started(record)),
    firstToken: (record) => each((sink) => sink.firstToken(record)),
    ended: (record, detail) => each((sink) => sink.ended(record, detail)),
  };
}
