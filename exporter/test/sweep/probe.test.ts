import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../../src/clock/virtual-clock.js';
import { LifetimeMeasures } from '../../src/measure/lifetime.js';
import type { PreparedTarget } from '../../src/sweep/prepare.js';
import { Probe, probeSpec } from '../../src/sweep/probe.js';
import { rig, FAST } from '../support/scripted-load.js';
import type { Script } from '../support/scripted-target.js';
import { specOf } from '../support/virtual-sweep.js';

const SPEC = specOf(`
target: { url: 'http://127.0.0.1:8000' }
load: { levels: [8, 16], repetitions: 3 }
workload: { kind: conversation }
slo: { ttft: { p95: 600ms } }
`);

/** The probe only hands it on: nothing of it is read. */
const PREPARED = {} as PreparedTarget;

function probeRig(options: { script?: () => Script; failures?: number; rate?: number } = {}) {
  const clock = new VirtualClock();
  const spec = probeSpec(SPEC, options.rate ?? 0.5);
  const lifetime = new LifetimeMeasures(spec.slo);
  const warnings: string[] = [];
  let failures = options.failures ?? 0;
  const probe = new Probe({
    clock,
    spec,
    lifetime,
    env: {},
    prepare: () => (failures-- > 0 ? Promise.reject(new Error('connection refused')) : Promise.resolve(PREPARED)),
    startLoad: ({ originSeconds, requestPrefix, segment }, listener) =>
      rig({
        clock,
        onBatch: (batch) => listener.onBatch(batch),
        plan: { originSeconds, requestPrefix, segment, targetRate: spec.load.targetRate },
        ...(options.script === undefined ? {} : { script: options.script }),
      }).load,
    newPrefix: () => 'probe',
    warn: (message) => void warnings.push(message),
  });
  const pass = async (seconds: number): Promise<void> => {
    const until = clock.now() + seconds;
    await clock.runUntil(() => false, until);
  };
  const pause = async (): Promise<void> => {
    let paused = false;
    void probe.pause().then(() => (paused = true));
    await clock.runUntil(() => paused, clock.now() + 60);
    if (!paused) throw new Error('the probe did not step aside');
  };
  return { clock, probe, lifetime, warnings, pass, pause };
}

describe('the probe', () => {
  it('asks at its rate, and counts like any load', async () => {
    const { probe, lifetime, pass } = probeRig();
    probe.resume();
    await pass(60);
    expect(lifetime.started).toBeGreaterThanOrEqual(29);
    expect(lifetime.started).toBeLessThanOrEqual(31);
    expect(lifetime.sloEvents.get('ttft_p95')!.good).toBeGreaterThanOrEqual(29);
  });

  it('is one user with the objectives of the spec, whatever its levels are', () => {
    const spec = probeSpec(SPEC, 0.5);
    expect(spec.load).toMatchObject({ levels: [1], arrival: 'closed', targetRate: 0.5, repetitions: 1 });
    expect(spec.slo).toEqual(SPEC.slo);
  });

  it('tells nothing before it begins and after it stepped aside', async () => {
    const { probe, pass, pause } = probeRig();
    expect(probe.read()).toBeNull();
    probe.resume();
    await pass(10);
    expect(probe.read()).toMatchObject({ users: 1 });
    await pause();
    expect(probe.read()).toBeNull();
  });

  it('steps aside when its last request is over', async () => {
    const { probe, lifetime, pass, pause, clock } = probeRig({ script: () => ({ ttft: 2, gap: 0.1, tokens: 5 }) });
    probe.resume();
    await pass(1);
    const before = clock.now();
    await pause();
    expect(clock.now() - before).toBeLessThan(3);
    expect(lifetime.requests.reduce((sum, { ok }) => sum + ok, 0)).toBe(1);
    await pass(60);
    expect(lifetime.started).toBe(1);
  });

  it('cuts a request that does not end, so that a sweep need not wait for it', async () => {
    const { probe, pass, pause, clock } = probeRig({ script: () => ({ ttft: 1000, gap: 1, tokens: 5 }) });
    probe.resume();
    await pass(1);
    const before = clock.now();
    await pause();
    expect(clock.now() - before).toBeLessThan(6);
  });

  it('goes on after a sweep', async () => {
    const { probe, lifetime, pass, pause } = probeRig();
    probe.resume();
    await pass(20);
    await pause();
    const before = lifetime.started;
    await pass(60);
    expect(lifetime.started).toBe(before);
    probe.resume();
    await pass(20);
    expect(lifetime.started).toBeGreaterThan(before + 8);
  });

  it('shows a stall as the age of its request, and counts it as bad while it lasts', async () => {
    const { probe, lifetime, pass } = probeRig({ script: () => ({ ttft: 1000, gap: 1, tokens: 5 }) });
    probe.resume();
    await pass(30);
    expect(probe.read()!.oldestUnansweredSeconds).toBeGreaterThan(28);
    expect(lifetime.sloEvents.get('ttft_p95')).toEqual({ good: 0, bad: 1 });
  });

  it('tries again until the server is up, and says so', async () => {
    const { probe, lifetime, warnings, pass } = probeRig({ failures: 2 });
    probe.resume();
    await pass(20);
    expect(warnings).toEqual([
      'probe: connection refused; trying again in 1 s',
      'probe: connection refused; trying again in 2 s',
    ]);
    expect(lifetime.started).toBeGreaterThan(5);
  });

  it('may be told to step aside while it still waits for the server', async () => {
    const { probe, lifetime, pass, pause } = probeRig({ failures: 1000 });
    probe.resume();
    await pass(10);
    await pause();
    await pass(100);
    expect(lifetime.started).toBe(0);
  });

  it('keeps few records however long it runs', async () => {
    const { probe, lifetime, pass } = probeRig({ rate: 4, script: () => FAST });
    probe.resume();
    await pass(600);
    expect(lifetime.started).toBeGreaterThan(1000);
    expect(probe.keptRecords).toBeLessThanOrEqual(1001);
  });
});
