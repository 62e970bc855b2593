import { describe, expect, it, jest } from '@jest/globals';
import { searchPlan } from '../../src/config/search-plan.js';
import { hysteresisAt } from '../../src/analysis/slo-search/hysteresis.js';
import { replaySearch, type SearchStanding } from '../../src/analysis/slo-search/replay.js';
import { seededRandom } from '../../src/analysis/bootstrap.js';
import type { WorkerHealth } from '../../src/load/types.js';
import { STAMP_DELAY_BUCKETS } from '../../src/target/stamp-delay.js';
import type { Script } from '../support/scripted-target.js';
import { specOf, virtualSweep, type VirtualSweep } from '../support/virtual-sweep.js';

// Each is minutes of virtual time: seconds of computing on an idle machine.
jest.setTimeout(120_000);

const spec = (load: string, duration = '10s'): ReturnType<typeof specOf> =>
  specOf(`
name: test
target: { url: 'http://127.0.0.1:1', model: m }
workload: { kind: prompt, prompt: hello }
slo: { ttft: { p95: 1s } }
load:
  prime: 2s
  warmup: 5s
  measure: { duration: ${duration}, minSamples: 60, maxDuration: 5m }
${load}
`);

const SEARCH = '  search: { from: 8, to: 200, tolerance: 5% }';

/** TTFT in proportion to the requests in flight, ± 10 %: p95 reaches 1 s at 0.02 s × N × 1.1645, N = 42.9. */
function proportional(seed: number): (n: number, inFlight: number) => Script {
  const random = seededRandom(seed);
  return (_, inFlight) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return { ttft: 0.02 * inFlight * Math.max(0.1, 1 + 0.1 * normal), gap: 0.25, tokens: 3 };
  };
}

/** A load thread that stamped all its chunks 17 s late. */
const LATE: WorkerHealth = {
  worker: 0,
  stats: { socketsOpen: 0, socketsWaiting: 0, connects: 0, connectSecondsSum: 0, requests: 0, reusedRequests: 0 },
  stampDelayCounts: new Uint32Array(STAMP_DELAY_BUCKETS).fill(1000, -1),
  eventLoopLagP50: 0,
  eventLoopLagP99: 0,
  eventLoopLagMax: 0,
  utilization: 1,
  cpuSeconds: 1,
};

const standing = (sweep: VirtualSweep): SearchStanding =>
  replaySearch(sweep.parts.spec, sweep.driver.windows, sweep.parts.recorder.records);

const loadsOf = (sweep: VirtualSweep): string[] =>
  standing(sweep).steps.map(({ role, load, outcome }) => `${role} ${load} ${outcome}`);

describe('a search', () => {
  it('doubles until the boundary is near, then closes in on it', async () => {
    const sweep = virtualSweep(spec(SEARCH), proportional(1));
    await sweep.run();
    const { next, bracket, estimate, steps } = standing(sweep);
    expect(next).toEqual({ kind: 'end', end: 'found' });
    expect(loadsOf(sweep).slice(0, 4)).toEqual([
      'double 8 pass',
      'double 16 pass',
      'double 32 pass',
      'close-in 45 fail',
    ]);
    expect(bracket.pass).toBeGreaterThanOrEqual(40);
    expect(bracket.pass).toBeLessThanOrEqual(42);
    expect(bracket.fail).toBeGreaterThanOrEqual(43);
    expect(estimate).toBeCloseTo(42.9, 0);
    expect(steps.every(({ reason }) => reason === '')).toBe(true);
  });

  it('gives every load one level, whose index its windows, records and events share', async () => {
    const sweep = virtualSweep(spec(SEARCH), proportional(2));
    const windows = await sweep.run();
    expect(new Set(windows.map(({ id }) => id)).size).toBe(windows.length);
    for (const { level, load } of windows) expect(sweep.driver.levels[level]).toBe(load);
    const phases = sweep.events.filter((event) => event.type === 'phase').filter(({ level }) => level >= 0);
    for (const { level, load } of phases) expect(sweep.driver.levels[level]).toBe(load);
    const results = sweep.events.filter((event) => event.type === 'level');
    expect(results.map(({ result }) => result.load)).toEqual(windows.map(({ load }) => load));
    const { bracket, estimate } = standing(sweep);
    const told = { slo: 'all', lastPass: bracket.pass, firstFail: bracket.fail, estimate };
    expect(results.at(-1)!.analysis.boundaries[0]).toMatchObject(told);
  });

  it('is not done as long as it goes on, however long that takes', async () => {
    const cliff = (_: number, inFlight: number): Script => ({ ttft: inFlight > 42 ? 2 : 0.3, gap: 0.25, tokens: 3 });
    const sweep = virtualSweep(spec('  search: { from: 1, to: 64, tolerance: 1 }'), cliff);
    await sweep.run();
    const { levels } = searchPlan(sweep.parts.spec.load)!;
    expect(standing(sweep).steps.length).toBeGreaterThan(levels.expected);
    const told = sweep.events.filter((event) => event.type === 'progress');
    const atWork = told.filter(({ phase }) => phase === 'warmup' || phase === 'measure');
    expect(atWork.length).toBeGreaterThan(20);
    expect(Math.max(...atWork.map(({ ratio }) => ratio))).toBeLessThan(0.95);
    expect(Math.min(...atWork.map(({ remainingSeconds }) => remainingSeconds))).toBeGreaterThan(5);
  });

  it('never drains between its levels', async () => {
    const sweep = virtualSweep(spec(SEARCH), proportional(3));
    await sweep.run();
    const loaded = sweep.seconds.filter(({ phase }) => phase === 'warmup' || phase === 'measure');
    expect(loaded.length).toBeGreaterThan(60);
    expect(loaded.every(({ inFlight }) => inFlight >= 1)).toBe(true);
  });

  it('goes on where an interrupted one was, and then takes the same decisions', async () => {
    const whole = virtualSweep(spec(SEARCH), proportional(4));
    const windows = await whole.run();
    const kept = windows.slice(0, 3);
    const upTo = kept.at(-1)!.endedAt;
    const records = whole.parts.recorder.records.filter(({ startedAt }) => startedAt < upTo);
    const early = replaySearch(whole.parts.spec, kept, records);
    expect(early.steps).toEqual(standing(whole).steps.slice(0, 3));
    expect(early.next).toMatchObject({ kind: 'level', load: windows[3]!.load });
    const again = virtualSweep(spec(SEARCH), proportional(5), { kept });
    again.parts.recorder.records.push(...records);
    await again.clock.advance(upTo + 1);
    await again.run();
    expect(again.driver.windows.slice(0, 4).map(({ id }) => id)).toEqual(windows.slice(0, 4).map(({ id }) => id));
    expect(standing(again).next).toEqual({ kind: 'end', end: 'found' });
  });

  it('refines a sweep: its levels count, and only those between are added', async () => {
    const sweep = virtualSweep(spec('  levels: [8, 32, 64]\n  search: {}', '20s'), proportional(6));
    await sweep.run();
    expect(loadsOf(sweep).slice(0, 3)).toEqual(['sweep 8 pass', 'sweep 32 pass', 'sweep 64 fail']);
    expect(
      standing(sweep)
        .steps.slice(3)
        .every(({ load }) => load > 32 && load < 64),
    ).toBe(true);
    expect(standing(sweep).next).toEqual({ kind: 'end', end: 'found' });
    const drains = sweep.events.filter((event) => event.type === 'phase' && event.phase === 'drain');
    expect(drains).toHaveLength(1);
  });

  it('finds a server that stays overloaded once it has been: the level that passed from below fails its probe', async () => {
    let overloaded = false;
    const sweep = virtualSweep(spec('  levels: [40, 42, 44]\n  search: { tolerance: 2 }'), (_, inFlight) => {
      if (inFlight >= 44) overloaded = true;
      return { ttft: overloaded ? 1.5 : 0.5, gap: 0.25, tokens: 3 };
    });
    await sweep.run();
    const probe = standing(sweep).steps.find(({ role }) => role === 'probe')!;
    expect(probe).toMatchObject({ load: 42, approach: 'above', outcome: 'fail' });
    expect(hysteresisAt(standing(sweep).steps, 42)!.verdict).toBe('found');
    expect(probe.windows).toEqual(['r2-l2']);
  });

  it('probes for at most as long as the visit that passed was measured', async () => {
    let [overloaded, asked] = [false, 0];
    const sweep = virtualSweep(spec('  levels: [40, 42, 44]\n  search: { tolerance: 2 }'), (_, inFlight) => {
      if (inFlight >= 44) overloaded = true;
      const hit = inFlight < 44 && !(overloaded && asked++ % 20 === 0);
      return { ttft: hit ? 0.5 : 1.5, gap: 0.25, tokens: 3 };
    });
    await sweep.run();
    const { steps, next } = standing(sweep);
    const probe = steps.find(({ role }) => role === 'probe')!;
    const mirrored = steps.find(({ load, role }) => load === 42 && role === 'sweep')!;
    expect(probe).toMatchObject({ load: 42, approach: 'above', outcome: 'open' });
    expect(probe.measuredSeconds).toBeLessThanOrEqual(mirrored.measuredSeconds + 1);
    expect(next).toEqual({ kind: 'end', end: 'found' });
  });

  it('measures a level again whose window the load generator spoilt', async () => {
    const sweep = virtualSweep(spec(SEARCH), proportional(10));
    const spoil = (): void => {
      const phase = sweep.events.findLast((event) => event.type === 'phase');
      if (phase?.phase === 'measure' && phase.load === 16 && phase.repetition === 1) sweep.parts.health.receive(LATE);
      sweep.clock.timer(1, spoil);
    };
    spoil();
    await sweep.run();
    expect(loadsOf(sweep).slice(1, 3)).toEqual(['double 16 invalid', 'retry 16 pass']);
    expect(standing(sweep).steps[1]!.reason).toBe('gates failed: stamp_delay');
    expect(standing(sweep).next).toEqual({ kind: 'end', end: 'found' });
  });

  /** TTFT above 40 users by the requests begun there. */
  function beyond40(ttft: (n: number) => number): VirtualSweep {
    const given = spec('  search: { from: 32, to: 64, maxLevels: 2 }');
    let n = 0;
    const script = (_: number, inFlight: number): Script => ({
      ttft: inFlight > 40 ? ttft(n++) : 0.3,
      ...{ gap: 0.05, tokens: 3 },
    });
    return virtualSweep({ ...given, load: { ...given.load, warmupSeconds: 20 } }, script);
  }

  it('does not wait for a level to get steady that is too slow beyond doubt', async () => {
    const sweep = beyond40((n) => 1.5 + n / 5000);
    const [, slow] = await sweep.run();
    expect(slow!.warmup).toMatchObject({
      steady: false,
      reason: 'not steady yet, but ttft_p95 is missed beyond doubt',
    });
    expect(slow!.warmup.seconds).toBeGreaterThanOrEqual(20);
    expect(slow!.warmup.seconds).toBeLessThan(40); // of 100
    expect(standing(sweep).steps[1]).toMatchObject({ load: 64, outcome: 'fail', reason: '' });
  });

  it('waits for a level to get steady that is too slow at first', async () => {
    const sweep = beyond40((n) => (n < 390 ? 3 : 0.5));
    const [, quick] = await sweep.run();
    expect(quick!.warmup.reason).not.toMatch(/beyond doubt/);
    expect(standing(sweep).steps[1]).toMatchObject({ load: 64, outcome: 'pass' });
  });

  it('keeps what was found when it is stopped', async () => {
    const sweep = virtualSweep(spec(SEARCH), proportional(8));
    sweep.clock.timer(60, () => sweep.stop('asked to'));
    const windows = await sweep.run();
    expect(windows.at(-1)!.excluded).toBe('the sweep was stopped before its end');
    expect(standing(sweep).bracket.pass).toBeGreaterThanOrEqual(8);
    expect(sweep.target.inFlight).toBe(0);
  });

  it('ends when its time is over', async () => {
    const sweep = virtualSweep(spec('  search: { from: 2, to: 200, maxDuration: 50s }'), proportional(9));
    await sweep.run();
    expect(standing(sweep).next).toEqual({ kind: 'end', end: 'max_duration' });
    expect(standing(sweep).elapsed).toBeLessThan(80);
  });
});
