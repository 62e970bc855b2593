import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { endOf, layoutBands, openEnd } from '../../src/draw/bands.js';
import { laneRange, LANE_GAP_PX, layoutLanes, project, scaleRange } from '../../src/draw/lanes.js';
import { freeLabels } from '../../src/draw/paint-lanes.js';
import { fittingLabel, zoneStrip } from '../../src/draw/strip.js';
import { linearTicks, logTicks, thinnedTicks } from '../../src/draw/ticks.js';
import { groupZones, layoutZones, wantsLogAxis, zoneEdges } from '../../src/draw/zones.js';
import { alignSeries } from '../../src/data/align.js';
import { buildSweepModel } from '../../src/data/build-model.js';
import { framesAfter, PLAIN, PLAIN_SECONDS, START } from '../support/scenario-frames.js';

const runAfter = (seconds: number) =>
  buildSweepModel(framesAfter(PLAIN, seconds), { toMs: (START + seconds) * 1000, stepMs: 10_000 }).runs[0]!;
const toPx = (timeMs: number): number => (timeMs - START * 1000) / 7200;
const everything = { left: 0, right: 10_000 };

describe('bands', () => {
  it('share their edges: each begins on the pixel on which the one before ends', () => {
    const bands = layoutBands(runAfter(PLAIN_SECONDS + 60), toPx, everything, 0);
    expect(bands).toHaveLength(8);
    for (let i = 1; i < bands.length; i++) expect(bands[i]!.left).toBe(bands[i - 1]!.right);
    for (const { left, right } of bands) expect([left, right].every(Number.isInteger)).toBe(true);
  });

  it('are hatched until the measurement begins', () => {
    const [first] = layoutBands(runAfter(PLAIN_SECONDS + 60), toPx, everything, 0);
    expect([first!.left, first!.measureLeft, first!.right]).toEqual([0, 8, 50]);
  });

  it('are clipped to the axis, and left out beyond it', () => {
    const bands = layoutBands(runAfter(PLAIN_SECONDS + 60), toPx, { left: 60, right: 120 }, 0);
    expect(bands.map(({ left, right }) => [left, right])).toEqual([
      [60, 100],
      [100, 120],
    ]);
  });

  it('of a running level reach to now, and of one just begun are hatched wholly', () => {
    const run = runAfter(3 * 360 + 30);
    const end = openEnd(run, (START + 3 * 360 + 30) * 1000, (START + 3 * 360 + 30) * 1000);
    const last = layoutBands(run, toPx, everything, end).at(-1)!;
    expect(last).toMatchObject({ running: true, verdict: 'unknown', left: 150, right: 154, measureLeft: 154 });
  });

  it('never end before they begin, whatever the clocks say', () => {
    const [window] = runAfter(100).windows;
    expect(endOf(window!, undefined, START * 1000 - 50_000)).toBe(window!.measureStartMs);
  });
});

describe('lanes', () => {
  it('fill the plot from top to bottom without overlap', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 60, max: 1000 }),
        (weights, height) => {
          const lanes = layoutLanes(
            weights.map((weight, i) => ({ key: String(i), measure: 'ttft', title: '', weight })),
            height,
          );
          expect(lanes.length).toBeGreaterThanOrEqual(1);
          expect(lanes.at(-1)!.from).toBeCloseTo(0);
          lanes.forEach(({ from, to }, i) => {
            expect(to).toBeGreaterThan(from);
            expect((i === 0 ? 1 : lanes[i - 1]!.from) - to).toBeCloseTo(LANE_GAP_PX / height);
          });
        },
      ),
    );
  });

  it('put their least and greatest value at their own edges', () => {
    const lane = { from: 0.25, to: 0.75 };
    for (const log of [false, true]) {
      const range = { low: 0.1, high: 10, log };
      const [min, max] = scaleRange(range, lane);
      const place = (value: number): number => (project(value, range) - min) / (max - min);
      expect(place(0.1)).toBeCloseTo(0.25);
      expect(place(10)).toBeCloseTo(0.75);
    }
  });

  it('begin at zero and show the limit even where all values are far below it', () => {
    expect(laneRange(0.02, 0.03, [0.6], 'auto')).toMatchObject({ low: 0, log: false });
    expect(laneRange(0.02, 0.03, [0.6], 'auto').high).toBeGreaterThan(0.6);
  });

  it('turn to logarithms when values span a factor of more than 30', () => {
    expect(laneRange(0.2, 70, [0.6], 'auto').log).toBe(true);
    expect(laneRange(0.2, 70, [0.6], 'linear').log).toBe(false);
    expect(laneRange(0, 70, [0.6], 'log').log).toBe(false);
  });

  it('have a range that ends above its beginning for whatever values', () => {
    const value = fc.option(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), { nil: null });
    fc.assert(
      fc.property(value, value, fc.constantFrom('auto' as const, 'linear' as const, 'log' as const), (a, b, scale) => {
        const { low, high } = laneRange(a, b, [], scale);
        expect(high).toBeGreaterThan(low);
      }),
    );
  });
});

describe('ticks', () => {
  it('are round and lie within the range', () => {
    expect(linearTicks(0, 0.066, 4)).toEqual([0, 0.02, 0.04, 0.06]);
    expect(logTicks(0.15, 100, 6)).toEqual([0.3, 1, 3, 10, 30, 100]);
  });

  it('are never more than asked for, by much', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        (low, span, most) => {
          expect(linearTicks(low, low + span, most).length).toBeLessThanOrEqual(most + 2);
        },
      ),
    );
  });

  it('whose labels would run into each other are left out', () => {
    expect(thinnedTicks([50, 60, 70, 80], (load) => load * 2, 30)).toEqual([50, 70]);
  });
});

describe('zones', () => {
  const run = runAfter(PLAIN_SECONDS + 60);

  it('have their edges half-way between levels', () => {
    expect(zoneEdges([50, 60, 80], false)).toEqual([45, 55, 70, 90]);
    expect(zoneEdges([1, 4], true)).toEqual([0.5, 2, 8]);
    expect(zoneEdges([], false)).toEqual([]);
  });

  it('of one verdict are told as one', () => {
    const groups = groupZones(layoutZones(run.levels, false));
    expect(groups.map(({ verdict, loads }) => [verdict, loads[0], loads.at(-1)])).toEqual([
      ['clean', 50, 70],
      ['degrading', 80, 100],
      ['saturated', 110, 120],
    ]);
  });

  it('stay saturated above the first saturated level', () => {
    const levels = run.levels.map((level) =>
      level.load === 120 ? { ...level, verdict: 'degrading' as const } : level,
    );
    expect(layoutZones(levels, false).at(-1)!.verdict).toBe('saturated');
  });

  it('are read by logarithm where levels double', () => {
    expect(wantsLogAxis([1, 2, 4, 8, 16, 32])).toBe(true);
    expect(wantsLogAxis([50, 60, 70, 80])).toBe(false);
    expect(wantsLogAxis([0, 1, 2, 4, 32])).toBe(false);
  });
});

describe('labels', () => {
  it('are as long as there is room, and empty where there is none', () => {
    const candidates = ['110 ✕ saturated', '110 ✕', '110'];
    expect([200, 50, 36, 5].map((width) => fittingLabel(candidates, width))).toEqual([...candidates, '']);
  });
});

describe('joining series on their times', () => {
  it('keeps the arrays of series that have the same times', () => {
    const [times, values] = [
      [1000, 2000, 3000],
      [1, null, 3],
    ];
    const columns = alignSeries([
      { times, values },
      { times: [...times], values },
    ]);
    expect(columns[0]).toBe(times);
    expect(columns[1]).toBe(values);
  });

  it('breaks a line at a pause', () => {
    const times = [0, 1000, 2000, 60_000, 61_000];
    expect(alignSeries([{ times, values: [1, 2, 3, 4, 5] }])).toEqual([
      [0, 1000, 2000, 2001, 60_000, 61_000],
      [1, 2, 3, null, 4, 5],
    ]);
  });

  it('loses no value, whatever the times', () => {
    const series = fc.uniqueArray(fc.integer({ min: 0, max: 1e6 }), { maxLength: 40 }).map((times) => {
      const sorted = [...times].sort((a, b) => a - b);
      return { times: sorted, values: sorted.map((time) => time * 2) };
    });
    fc.assert(
      fc.property(fc.array(series, { maxLength: 4 }), (all) => {
        const [xs, ...columns] = alignSeries(all);
        all.forEach(({ times, values }, i) => {
          times.forEach((time, row) => expect(columns[i]![xs.indexOf(time)]).toBe(values[row]));
        });
      }),
    );
  });
});

describe('labels of limits', () => {
  const limit = { laneKey: 'tpot', value: 0.06, label: 'SLO', labelBelow: false };

  it('stand on the side of the line on which no series ends', () => {
    const side = (...ends: number[]): boolean => freeLabels([limit], () => ends)[0]!.labelBelow;
    expect(side(0.068, 0.2)).toBe(true);
    expect(side(0.05, 0.2)).toBe(false);
    expect(side()).toBe(false);
  });
});

describe('the cause in the label of a zone', () => {
  const zone = (load: number, cause: string) => ({
    ...{ load, from: load - 5, to: load + 5, cause, running: false },
    verdict: 'saturated' as const,
  });

  it('is what all its levels share, and those without one do not count', () => {
    const [group] = groupZones([zone(70, 'admission_limit, queue'), zone(80, ''), zone(90, 'admission_limit')]);
    expect(zoneStrip([group!], (load) => load * 20)[0]).toMatchObject({
      label: '✕ saturated 70–90: slot limit',
      spoken: 'saturated: 70–90: slot limit',
    });
  });
});
