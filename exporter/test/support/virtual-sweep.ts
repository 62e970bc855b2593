import { VirtualClock } from '../../src/clock/virtual-clock.js';
import { parseSpec } from '../../src/config/parse.js';
import type { SweepSpec } from '../../src/config/spec.js';
import { LifetimeMeasures } from '../../src/measure/lifetime.js';
import { Recorder } from '../../src/measure/recorder.js';
import type { WindowRecord } from '../../src/measure/records.js';
import { ClientHealth } from '../../src/sweep/client-health.js';
import { SweepDriver } from '../../src/sweep/driver.js';
import type { SweepEvent } from '../../src/sweep/events.js';
import { LiveWindow } from '../../src/sweep/live-window.js';
import type { SweepParts } from '../../src/sweep/parts.js';
import { RunState } from '../../src/sweep/run-state.js';
import { Ticker } from '../../src/sweep/ticker.js';
import type { EdgeEntry, SecondEntry } from '../../src/measure/timeline.js';
import { PlainWorkload, rig } from './scripted-load.js';
import type { Script, ScriptedTarget } from './scripted-target.js';

export interface VirtualSweep {
  clock: VirtualClock;
  parts: SweepParts;
  driver: SweepDriver;
  target: ScriptedTarget;
  events: SweepEvent[];
  edges: EdgeEntry[];
  seconds: SecondEntry[];
  stop: (reason: string) => void;
  /** Runs it to its end. */
  run(): Promise<WindowRecord[]>;
}

export function specOf(yaml: string): SweepSpec {
  const parsed = parseSpec(yaml);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems, null, 1));
  return parsed.spec;
}

/** A whole sweep in virtual time against a scripted server. */
export function virtualSweep(
  spec: SweepSpec,
  script: (n: number, inFlight: number) => Script,
  options: { turns?: number; kept?: WindowRecord[] } = {},
): VirtualSweep {
  const clock = new VirtualClock();
  const originSeconds = clock.now();
  const lifetime = new LifetimeMeasures(spec.slo);
  const live = new LiveWindow(clock, originSeconds, lifetime, spec.load.stopAfter?.forSeconds ?? 0);
  const recorder = new Recorder({
    originSeconds,
    originEpoch: clock.epoch(),
    requestPrefix: 'test',
    lifetime,
    slo: spec.slo,
    sink: live,
  });
  const { load, target } = rig({
    clock,
    script,
    workload: new PlainWorkload(options.turns ?? 1),
    plan: { arrival: spec.load.arrival, targetRate: spec.load.targetRate, maxInFlight: spec.load.maxInFlight },
    onBatch: (batch) => recorder.gate.offer(batch),
  });
  const stopper = new AbortController();
  const events: SweepEvent[] = [];
  const edges: EdgeEntry[] = [];
  const seconds: SecondEntry[] = [];
  const parts: SweepParts = {
    spec,
    clock,
    originSeconds,
    load,
    recorder,
    lifetime,
    live,
    health: new ClientHealth(
      () => NaN,
      () => clock.now(),
    ),
    state: new RunState('test', clock.epoch(), spec.alertUpTo),
    timeline: {
      second: (entry) => void seconds.push(entry),
      edge: (entry) => void edges.push(entry),
      window: () => undefined,
    },
    emit: (event) => void events.push(event),
    firstRampSeconds: 0.4,
    stopDeadlineSeconds: 25,
    kept: options.kept ?? [],
    signal: stopper.signal,
  };
  const driver = new SweepDriver(parts);
  const stop = (reason: string): void => stopper.abort(reason);
  const run = async (): Promise<WindowRecord[]> => {
    const ticker = new Ticker(parts, { progress: () => driver.progressNow(), stop });
    let windows: WindowRecord[] | null = null;
    let failure: unknown = null;
    driver.run().then(
      (result) => (windows = result),
      (error: unknown) => (failure = error),
    );
    await clock.runUntil(() => windows !== null || failure !== null, clock.now() + 100_000);
    ticker.stop();
    if (failure instanceof Error) throw failure;
    if (windows === null) throw new Error('the sweep did not end');
    return windows;
  };
  return { clock, parts, driver, target, events, edges, seconds, stop, run };
}
