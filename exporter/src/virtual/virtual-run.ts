import type { Clock } from '../clock/clock.js';
import { VirtualClock } from '../clock/virtual-clock.js';
import type { SweepSpec } from '../config/spec.js';
import { loadBodyParts } from '../load/body-parts.js';
import { InlineLoad } from '../load/inline-load.js';
import type { Load, LoadListener } from '../load/types.js';
import { Sidecar } from '../server/sidecar.js';
import { renderVllm } from '../simulator/metrics/vllm.js';
import type { Simulation } from '../simulator/simulation.js';
import { createSimulation, type EngineOptions } from '../simulator/start.js';
import { hashText } from '../simulator/text/tokenizer.js';
import type { HostFacts } from '../sweep/host-facts.js';
import { prepareWith, type PreparedTarget } from '../sweep/prepare.js';
import { workerSetup, type LoadStart } from '../sweep/start-load.js';
import { TargetError } from '../target/target-error.js';
import type { OpenProbe } from '../telemetry/hub.js';
import { virtualChecks, virtualSettings } from './virtual-checks.js';
import { virtualProbe } from './virtual-probe.js';
import { VirtualServer } from './virtual-server.js';

export interface VirtualOptions extends EngineOptions {
  spec: SweepSpec;
  /** Unix time at which the run is said to begin, whole seconds. */
  startEpoch: number;
  /** The machine that computes, for the report. */
  environment: HostFacts['environment'];
  /** Puts something between the run and the simulation's own pages; absent: nothing. */
  wrapProbe?: (own: OpenProbe) => OpenProbe;
  warn: (message: string) => void;
}

/**
 * A sidecar whose clock stands still until `drive` moves it, and whose server is a simulated engine on that clock: the
 * driver, load, recorder and analysis are those of a real run. Equal options give equal runs, byte for byte.
 */
export class VirtualRun {
  readonly sidecar: Sidecar;
  private readonly clock: VirtualClock;
  private readonly startedAt: number;
  private readonly server: VirtualServer;
  private readonly shown: string;
  private readonly simulation: Simulation;

  /** @throws RangeError on an unknown profile or impossible limits */
  constructor(private readonly options: VirtualOptions) {
    const { spec, startEpoch, seed, warn, wrapProbe } = options;
    const clock = new VirtualClock(CLOCK_START_SECONDS, startEpoch - CLOCK_START_SECONDS);
    const { simulation, serving, profile } = createSimulation(options, clock);
    simulation.start();
    this.simulation = simulation;
    this.clock = clock;
    this.startedAt = clock.now();
    this.server = new VirtualServer(clock, simulation.driver, serving);
    this.shown = `simulated server ${profile.name}`;
    const ownProbe = virtualProbe(simulation);
    this.sidecar = new Sidecar({
      clock,
      env: {},
      objectives: spec.slo,
      runsDir: null,
      warn,
      facts: this.facts(profile.name, seed),
      prepare: (asked, checkId) => this.prepare(asked, checkId),
      startLoad: (start, listener) => this.startLoad(start, listener),
      openProbe: wrapProbe?.(ownProbe) ?? ownProbe,
      crashSafe: false,
    });
  }

  /** The clock that `drive` moves, for what looks on. */
  get time(): Clock {
    return this.clock;
  }

  /** Virtual seconds since the run's beginning. */
  get seconds(): number {
    return this.clock.now() - this.startedAt;
  }

  /** The server's own page of metrics as it stands now. */
  metricsPage(): string {
    return renderVllm(this.simulation.view());
  }

  /** A fault: after so many virtual seconds the server's process is a new one, empty and with counters at 0. */
  restartAfter(seconds: number): void {
    this.clock.timer(seconds, () => this.simulation.restart());
  }

  /** Moves the clock until `work` has settled. @throws what `work` rejects with; Error when it waits for nothing */
  async drive<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const settle = (): void => void (settled = true);
    work.then(settle, settle);
    await this.clock.runUntil(() => settled);
    if (!settled) throw new Error('virtual time stands still: what is waited for depends on no clock');
    return work;
  }

  private facts(profile: string, seed: number): HostFacts {
    let names = 0;
    return {
      environment: { ...this.options.environment, simulated: { profile, seed } },
      loadThreads: 1,
      readThrottledSeconds: () => NaN,
      newName: (digits) => {
        const name = hashText(`${profile}/${seed}/${names++}`);
        return name.toString(16).padStart(8, '0').slice(0, digits);
      },
    };
  }

  private prepare(spec: SweepSpec, checkId: string): Promise<PreparedTarget> {
    const { workload } = spec;
    if (workload.kind === 'conversation' && workload.followUp.kind === 'model') {
      const problem = 'workload.followUp: there is no second model in virtual time; use "fixed" or "template"';
      throw new TargetError('configuration', problem);
    }
    return prepareWith(spec, virtualSettings(spec), virtualChecks(this.server, spec, this.shown, checkId));
  }

  private startLoad(start: LoadStart, listener: LoadListener): Load {
    const target = this.server.target(start.spec, this.shown);
    const parts = loadBodyParts(workerSetup(start, 0), this.clock, target, null);
    return new InlineLoad({ ...parts, flushSeconds: FLUSH_SECONDS }, listener);
  }
}

/** So far from 0 that nothing mistakes a time for a duration. */
const CLOCK_START_SECONDS = 1000;
/** Oftener than anything looks at what was counted. */
const FLUSH_SECONDS = 0.25;
