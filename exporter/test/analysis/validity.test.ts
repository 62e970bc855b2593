import { describe, expect, it } from '@jest/globals';
import { judgeWindow, validityGates, windowTtftP50 } from '../../src/analysis/validity.js';
import { record, window } from './samples.js';

const steady = Array.from({ length: 40 }, (_, index) => record(index * 0.9, { endedAt: index * 0.9 + 0.899 }));

function gate(
  name: string,
  changes: Parameters<typeof window>[0],
  arrival: 'closed' | 'poisson' = 'closed',
  p50 = 0.1,
) {
  return validityGates(window(changes), steady, arrival, p50).find((check) => check.gate === name);
}

describe('validity gate', () => {
  it('lets a consistent window pass', () => {
    const judged = judgeWindow(window(), steady, 'closed');
    expect(judged.invalidReasons).toEqual([]);
    expect(judged.gates.map((check) => check.gate)).toEqual(['little', 'in_flight', 'stamp_delay', 'throttling']);
    expect(judged.gates.every((check) => check.pass)).toBe(true);
  });

  it('fails a window whose users were not all busy, with the reasons', () => {
    expect(judgeWindow(window({ load: 2 }), steady, 'closed').invalidReasons).toEqual(['little', 'in_flight']);
  });

  it('fails a window with foreign load', () => {
    const doubled = [...steady, ...steady];
    expect(judgeWindow(window(), doubled, 'closed').invalidReasons).toEqual(['little']);
  });

  it.each([
    [0.015, 0.1, true],
    [0.016, 0.1, false],
    [0.016, 1, true],
    [0.021, 1, false],
  ])('on a stamping delay of %d s with a TTFT of %d s says %p', (stampDelayP99, p50, pass) => {
    expect(gate('stamp_delay', { stampDelayP99 }, 'closed', p50)).toMatchObject({ value: stampDelayP99, pass });
  });

  it.each([
    [0.01, true],
    [0.011, false],
  ])('on a throttled share of %d says %p', (throttledRatio, pass) => {
    expect(gate('throttling', { throttledRatio })).toMatchObject({ value: throttledRatio, pass });
  });

  it('passes what cannot be measured here, and says so with null', () => {
    expect(gate('throttling', { throttledRatio: NaN })).toMatchObject({ value: null, pass: true });
    expect(gate('stamp_delay', { stampDelayP99: NaN })).toMatchObject({ value: null, pass: true });
  });

  it('asks in open loop whether the intended requests were started, and nothing about users', () => {
    const good = gate('started', { arrivalsIntended: 100, arrivalsDropped: 2 }, 'poisson');
    expect(good).toMatchObject({ value: 0.98, pass: true });
    expect(gate('started', { arrivalsIntended: 100, arrivalsDropped: 3 }, 'poisson')).toMatchObject({ pass: false });
    expect(gate('little', {}, 'poisson')).toBeUndefined();
    expect(gate('in_flight', {}, 'poisson')).toBeUndefined();
  });

  it('takes the median TTFT of first tokens in the window', () => {
    const requests = [record(9.95, { firstTokenAt: 10.15 }), record(12), record(19.95, { firstTokenAt: 25 })];
    expect(windowTtftP50(window(), requests)).toBeCloseTo(0.1, 9);
    expect(windowTtftP50(window(), [])).toBeNaN();
  });
});
