import { sleep, every, type Clock, type Timer } from '../clock/clock.js';
import type { SweepSpec } from '../config/spec.js';
import type { Load, LoadListener } from '../load/types.js';
import type { LifetimeMeasures } from '../measure/lifetime.js';
import { Recorder } from '../measure/recorder.js';
import type { PreparedTarget } from './prepare.js';
import type { LoadStart } from './start-load.js';

export interface ProbeParts {
  clock: Clock;
  /** What is asked, with the probe's rate as `load.targetRate`; see `probeSpec`. */
  spec: SweepSpec;
  lifetime: LifetimeMeasures;
  env: LoadStart['env'];
  /** Checks the server; may reject: it is tried again. */
  prepare: () => Promise<PreparedTarget>;
  startLoad: (start: LoadStart, listener: LoadListener) => Load;
  /** A prefix of request ids that no other stretch of load has. */
  newPrefix: () => string;
  /** Told of what is wrong but stops nothing. */
  warn: (message: string) => void;
}

/** What the probe does now. */
export interface ProbeReading {
  users: number;
  inFlight: number;
  backoffSlots: number;
  activeConversations: number;
  oldestUnansweredSeconds: number;
}

/** Requests that may be under way when the probe steps aside have this long to end, seconds. */
const STEP_ASIDE_SECONDS = 5;
const LOOK_SECONDS = 0.05;
const FIRST_RETRY_SECONDS = 1;
const LONGEST_RETRY_SECONDS = 30;
/** Ended requests are kept no longer than this many: the probe runs for weeks, and its counters have them. */
const KEPT_RECORDS = 1000;

/** One stretch of load between two sweeps. */
interface Stretch {
  load: Load;
  recorder: Recorder;
  originSeconds: number;
  judging: Timer;
}

/**
 * One user at a low rate, so that alerts on TTFT work between sweeps. It counts into the process's lifetime measures and
 * into no run. `resume` and `pause` may be called in any order; it never rejects and never stops anything else.
 */
export class Probe {
  private prepared: PreparedTarget | null = null;
  private stretch: Stretch | null = null;
  private wanted: AbortController | null = null;
  private beginning: Promise<void> = Promise.resolve();
  private stretches = 0;

  constructor(private readonly parts: ProbeParts) {}

  get spec(): SweepSpec {
    return this.parts.spec;
  }

  /** Begins, as soon as the server is found fit; returns at once. */
  resume(): void {
    if (this.wanted !== null) return;
    const wanted = new AbortController();
    this.wanted = wanted;
    this.beginning = this.begin(wanted.signal);
  }

  /** Steps aside; resolves when no request of the probe is under way. */
  async pause(): Promise<void> {
    if (this.wanted === null) return;
    this.wanted.abort();
    this.wanted = null;
    await this.beginning;
    const { stretch } = this;
    if (stretch === null) return;
    await this.retire(stretch);
    this.stretch = null;
  }

  /** Requests that are still remembered one by one. */
  get keptRecords(): number {
    return this.stretch?.recorder.records.length ?? 0;
  }

  /** What it does now; null while it does nothing. */
  read(): ProbeReading | null {
    if (this.stretch === null) return null;
    const { recorder, originSeconds } = this.stretch;
    return {
      users: this.wanted === null ? 0 : 1,
      inFlight: recorder.inFlight,
      backoffSlots: recorder.slots.count('backoff'),
      activeConversations: recorder.slots.inConversation,
      oldestUnansweredSeconds: recorder.oldestUnanswered(this.parts.clock.now() - originSeconds),
    };
  }

  private async begin(signal: AbortSignal): Promise<void> {
    const prepared = await this.fitTarget(signal);
    if (prepared === null || signal.aborted) return;
    try {
      this.stretch = this.startStretch(prepared);
    } catch (error) {
      this.parts.warn(`probe: ${messageOf(error)}`);
    }
  }

  /** The server once it is found fit; tried again, ever less often, until it is or nobody wants it any more. */
  private async fitTarget(signal: AbortSignal): Promise<PreparedTarget | null> {
    let wait = FIRST_RETRY_SECONDS;
    while (this.prepared === null && !signal.aborted) {
      try {
        this.prepared = await this.parts.prepare();
      } catch (error) {
        this.parts.warn(`probe: ${messageOf(error)}; trying again in ${wait} s`);
        await sleep(this.parts.clock, wait, signal);
        wait = Math.min(LONGEST_RETRY_SECONDS, 2 * wait);
      }
    }
    return this.prepared;
  }

  private startStretch(prepared: PreparedTarget): Stretch {
    const { clock, spec, env } = this.parts;
    const originSeconds = clock.now();
    const requestPrefix = this.parts.newPrefix();
    const recorder = this.newRecorder(originSeconds, requestPrefix);
    const start = { spec, prepared, env, originSeconds, requestPrefix, segment: this.stretches++, workers: 1 };
    const load = this.parts.startLoad(start, {
      onBatch: (batch) => recorder.gate.offer(batch),
      onHealth: () => undefined,
      onFailure: (message) => this.parts.warn(`probe: ${message}`),
    });
    load.setLevel({ level: 0, repetition: 1, load: 1, rampSeconds: 0 });
    // Requests that outlive a limit are bad at that moment, not when they end.
    const judging = every(clock, 1, () => recorder.judge.tick(clock.now() - originSeconds));
    return { load, recorder, originSeconds, judging };
  }

  private newRecorder(originSeconds: number, requestPrefix: string): Recorder {
    const { clock, spec, lifetime } = this.parts;
    const recorder = new Recorder({
      originSeconds,
      originEpoch: clock.epoch(),
      requestPrefix,
      lifetime,
      slo: spec.slo,
      sink: {
        started: () => undefined,
        firstToken: () => undefined,
        ended: () => {
          if (recorder.records.length > KEPT_RECORDS) recorder.records.length = 0;
        },
      },
    });
    return recorder;
  }

  private async retire({ load, recorder, judging }: Stretch): Promise<void> {
    const { clock } = this.parts;
    load.setLevel({ level: 0, repetition: 1, load: 0, rampSeconds: 0 });
    const deadline = clock.now() + STEP_ASIDE_SECONDS;
    await load.barrier();
    while (recorder.inFlight > 0 && clock.now() < deadline) {
      await sleep(clock, LOOK_SECONDS);
      await load.barrier();
    }
    if (recorder.inFlight > 0) load.cut();
    await load.barrier();
    judging.cancel();
    await load.close();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Short requests: the probe watches, it is no load. */
const PROBE_INPUT_TOKENS = 128;
const PROBE_OUTPUT_TOKENS = 16;

/** The probe's spec: the server and the objectives of `spec`, short prompts, one user, `rate` requests a second. */
export function probeSpec(spec: SweepSpec, rate: number): SweepSpec {
  const fixed = (value: number) => ({ kind: 'fixed' as const, value });
  return {
    ...spec,
    name: PROBE_RUN,
    workload: {
      kind: 'synthetic',
      seed: spec.workload.seed,
      inputTokens: fixed(PROBE_INPUT_TOKENS),
      outputTokens: fixed(PROBE_OUTPUT_TOKENS),
      ignoreEos: false,
    },
    request: { ...spec.request, maxTokens: PROBE_OUTPUT_TOKENS },
    load: { ...spec.load, levels: [1], arrival: 'closed', targetRate: rate, rampSeconds: 0, repetitions: 1 },
  };
}

/** Value of the label `run` while the probe runs. */
export const PROBE_RUN = 'probe';
