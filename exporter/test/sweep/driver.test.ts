import { describe, expect, it } from '@jest/globals';
import { observesEnd, observesFirstToken, measuredSpan } from '../../src/analysis/window-cut.js';
import { diffSnapshots } from '../../src/measure/log-histogram.js';
import { BucketHistogram, turnIndex } from '../../src/measure/log-histogram.js';
import { tpotSeconds } from '../../src/measure/request-times.js';
import { FAST } from '../support/scripted-load.js';
import type { Script } from '../support/scripted-target.js';
import { specOf, virtualSweep } from '../support/virtual-sweep.js';

const spec = (load = ''): ReturnType<typeof specOf> =>
  specOf(`
name: test
target: { url: 'http://127.0.0.1:1', model: m }
workload: { kind: prompt, prompt: hello }
slo: { ttft: { p95: 250ms }, errors: 1% }
load:
  levels: [1, 2, 4]
  prime: 2s
  warmup: 4s
  measure: { duration: 20s, minSamples: 10 }
  snapshots: 2
  cooldown: 3s
${load}
`);

/** TTFT that grows with the load, with a little noise that repeats. */
const growing = (n: number, inFlight: number): Script => ({
  ttft: 0.1 * inFlight * (1 + 0.05 * Math.sin(n * 2.4)),
  gap: 0.02,
  tokens: 11,
});

describe('a sweep', () => {
  it('goes through prime, warm-up, measurement and cool-down for each repetition', async () => {
    const sweep = virtualSweep(spec('  repetitions: 2'), growing);
    await sweep.run();
    const phases = sweep.events.flatMap((event) => (event.type === 'phase' ? [`${event.phase} ${event.load}`] : []));
    const once = [
      'prime 1',
      'warmup 1',
      'measure 1',
      'warmup 2',
      'measure 2',
      'warmup 4',
      'measure 4',
      'drain 4',
      'cooldown 4',
    ];
    expect(phases).toEqual([...once, ...once, 'idle 0']);
  });

  it('measures every level as valid and steady when the server is steady', async () => {
    const windows = await virtualSweep(spec(), growing).run();
    expect(windows.map((window) => [window.id, window.invalidReasons, window.warmup.steady])).toEqual([
      ['r1-l1', [], true],
      ['r1-l2', [], true],
      ['r1-l3', [], true],
    ]);
    for (const window of windows) {
      expect(window.measureEndedAt - window.measureStartedAt).toBeGreaterThanOrEqual(20);
      expect(window.gates.find((gate) => gate.gate === 'little')!.value).toBeCloseTo(1, 1);
      expect(window.gates.find((gate) => gate.gate === 'in_flight')!.value).toBeGreaterThan(0.999);
      expect(window.snapshotEdges).toHaveLength(3);
    }
  });

  it('never drains between warm-up, snapshots and levels', async () => {
    const sweep = virtualSweep(spec(), growing);
    await sweep.run();
    const loaded = sweep.seconds.filter((second) => ['warmup', 'measure'].includes(second.phase));
    expect(loaded.length).toBeGreaterThan(60);
    expect(loaded.every((second) => second.inFlight >= 1)).toBe(true);
  });

  it('counts in the histograms between a window’s edges exactly what the records of that window say', async () => {
    const sweep = virtualSweep(spec(), growing);
    const windows = await sweep.run();
    for (const window of windows) {
      const [from, to] = ['measure_start', 'measure_end'].map(
        (edge) => sweep.edges.find((entry) => entry.window === window.id && entry.edge === edge)!.snapshot.histograms,
      );
      const span = measuredSpan(window);
      const again = {
        ttft: new BucketHistogram(sweep.parts.lifetime.histograms.ttft.edges),
        tpot: new BucketHistogram(sweep.parts.lifetime.histograms.tpot.edges),
        duration: new BucketHistogram(sweep.parts.lifetime.histograms.duration.edges),
      };
      for (const record of sweep.parts.recorder.records) {
        const turn = turnIndex(record.turn);
        if (observesFirstToken(record, span)) again.ttft.observe(turn, record.firstTokenAt - record.startedAt);
        if (!observesEnd(record, span) || record.outcome !== 'ok') continue;
        again.tpot.observe(turn, tpotSeconds(record));
        again.duration.observe(turn, record.completedAt - record.startedAt);
      }
      for (const name of ['ttft', 'tpot', 'duration'] as const) {
        expect(diffSnapshots(to![name], from![name])).toEqual(again[name].snapshot());
        expect(again[name].snapshot().counts[0]!.reduce((a, b) => a + b, 0)).toBeGreaterThan(10);
      }
    }
  });

  it('does not end a warm-up while a request of an earlier level is under way', async () => {
    const slowFirst = (n: number, inFlight: number): Script => (n === 0 ? { ...FAST, ttft: 17 } : growing(n, inFlight));
    const sweep = virtualSweep(spec(), slowFirst);
    const windows = await sweep.run();
    const first = sweep.parts.recorder.records[0]!;
    const second = windows[0]!;
    expect(second.measureStartedAt).toBeGreaterThan(first.endedAt);
  });

  it('gives up waiting for steadiness at five times the minimum, and says so', async () => {
    let clock = 0;
    const drifting = (): Script => ({ ttft: 0.1 + clock++ * 0.01, gap: 0.02, tokens: 3 });
    const windows = await virtualSweep(spec(), drifting).run();
    expect(windows[0]!.warmup.steady).toBe(false);
    expect(windows[0]!.warmup.reason).toMatch(/cap of 20 s/);
    expect(windows[0]!.warmup.seconds).toBeLessThan(21.5);
  });

  it('lists a repetition with too many errors and keeps it out of the level', async () => {
    let failures = 0;
    const sweep = virtualSweep(spec('  repetitions: 2\n  excludeErrorRate: 5%'), (n, inFlight) => {
      const failing = sweep.parts.state.repetition === 1 && sweep.parts.state.load === 4 && n % 4 === 0;
      if (failing) failures += 1;
      return failing ? { ...FAST, fail: { after: 0.05, outcome: 'http_5xx' } } : growing(n, inFlight);
    });
    const windows = await sweep.run();
    expect(failures).toBeGreaterThan(5);
    const bad = windows.filter((window) => window.excluded !== null);
    expect(bad.map((window) => window.id)).toEqual(['r1-l3']);
    expect(bad[0]!.excluded).toMatch(/of its requests failed, the limit is 5\.0 %/);
    const last = sweep.events.filter((event) => event.type === 'level').at(-1)!;
    expect(last.result.windowsUsed).toEqual(['r2-l3']);
    expect(last.result.windows).toEqual(['r1-l3', 'r2-l3']);
  });

  it('stops by itself when errors exceed the limit for long enough', async () => {
    const sweep = virtualSweep(spec('  stopAfter: { errorRate: 50%, for: 10s }'), (n, inFlight) =>
      sweep.parts.state.load >= 2 ? { ...FAST, fail: { after: 0.1, outcome: 'connect' } } : growing(n, inFlight),
    );
    const windows = await sweep.run();
    expect(sweep.parts.signal.aborted).toBe(true);
    expect(String(sweep.parts.signal.reason)).toMatch(/stopAfter: .* failed, the limit is 50\.0 %/);
    expect(windows.map((window) => window.id)).not.toContain('r1-l3');
  });

  it('judges all levels so far whenever one ends', async () => {
    const sweep = virtualSweep(spec(), growing);
    await sweep.run();
    const told = sweep.events.flatMap((event) => (event.type === 'level' ? [event] : []));
    expect(told.map(({ analysis }) => analysis.levels.map(({ load, verdict }) => `${load} ${verdict}`))).toEqual([
      ['1 clean'],
      ['1 clean', '2 degrading'],
      ['1 clean', '2 degrading', '4 saturated'],
    ]);
    const last = told.at(-1)!;
    expect(last.analysis.boundaries[0]).toMatchObject({ slo: 'all', lastPass: 2, firstFail: 4 });
    expect(last.analysis.levels[2]!.outcomes!.attainment.value).toBeLessThan(0.1);
  });

  it('leaves out higher levels once enough are saturated, in every repetition', async () => {
    const base = spec('  stopAfter: { saturatedLevels: 1 }\n  repetitions: 2');
    const sweep = virtualSweep({ ...base, load: { ...base.load, levels: [1, 4, 8, 16] } }, growing);
    const windows = await sweep.run();
    expect(windows.map((window) => window.id)).toEqual(['r1-l1', 'r1-l2', 'r2-l1', 'r2-l2']);
    expect(sweep.parts.signal.aborted).toBe(false);
    const notes = sweep.events.flatMap((event) => (event.type === 'note' ? [event.message] : []));
    expect(notes).toEqual(['stopAfter: 1 saturated, levels above 4 are left out']);
    expect(sweep.events.at(-1)).toMatchObject({ type: 'phase', phase: 'idle' });
  });

  it('keeps what was measured when it is stopped in the middle of a level', async () => {
    const sweep = virtualSweep(spec(), growing);
    sweep.clock.timer(40, () => sweep.stop('asked to'));
    const windows = await sweep.run();
    expect(windows[0]).toMatchObject({ id: 'r1-l1', excluded: null });
    expect(windows.at(-1)!.excluded).toBe('the sweep was stopped before its end');
    expect(sweep.target.inFlight).toBe(0);
  });

  it('measures only what an interrupted run has not yet completed', async () => {
    const kept = (await virtualSweep(spec(), growing).run()).slice(0, 2);
    const sweep = virtualSweep(spec(), growing, { kept });
    const windows = await sweep.run();
    expect(windows.slice(0, 2)).toEqual(kept);
    expect(windows.map((window) => window.id)).toEqual(['r1-l1', 'r1-l2', 'r1-l3']);
    expect(sweep.edges.map((edge) => edge.window)).toEqual(['r1-l3', 'r1-l3', 'r1-l3']);
    expect(sweep.parts.state.windows.map((marks) => marks.id)).toEqual(['r1-l1', 'r1-l2', 'r1-l3']);
  });

  it('asks for as many requests as the plan says instead of a duration', async () => {
    const base = spec();
    const windows = await virtualSweep(
      { ...base, load: { ...base.load, measure: { kind: 'requests', requests: 50 } } },
      growing,
    ).run();
    const { length } = windows;
    expect(length).toBe(3);
  });

  it('runs an open-loop sweep, judged by what was started of what was intended', async () => {
    const windows = await virtualSweep(spec('  arrival: poisson'), growing).run();
    for (const window of windows) {
      expect(window.gates.map((gate) => gate.gate)).toContain('started');
      expect(window.arrivalsIntended).toBeGreaterThan(5);
    }
  });
});

describe('muting of alerts', () => {
  it('lasts for the whole sweep unless the spec says up to where alerts are meant', async () => {
    const muted: boolean[] = [];
    const sweep = virtualSweep({ ...spec(), alertUpTo: 2 }, growing);
    sweep.clock.timer(5, () => muted.push(sweep.parts.state.alertsMuted));
    sweep.clock.timer(70, () => muted.push(sweep.parts.state.alertsMuted));
    await sweep.run();
    expect(muted).toEqual([false, true]);
    expect(sweep.parts.state.alertsMuted).toBe(false);
  });
});
