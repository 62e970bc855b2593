import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addSnapshots,
  BucketHistogram,
  decodeSparse,
  diffSnapshots,
  durationEdges,
  encodeSparse,
  interChunkEdges,
  tpotEdges,
  ttftEdges,
  TURN_LABELS,
  turnIndex,
} from '../../src/measure/log-histogram.js';

const ranges = [
  { name: 'TTFT', edges: ttftEdges, lowest: 0.002, highest: 120 },
  { name: 'TPOT', edges: tpotEdges, lowest: 0.001, highest: 2 },
  { name: 'inter-chunk gap', edges: interChunkEdges, lowest: 0.0005, highest: 10 },
  { name: 'duration', edges: durationEdges, lowest: 0.02, highest: 300 },
];

/** How many times each edge is the one below it. */
const stepsOf = (edges: readonly number[]): number[] => edges.slice(1).map((edge, i) => edge / edges[i]!);

describe.each(ranges)('the edges of $name', ({ edges, lowest, highest }) => {
  it('cover the range in steps of at most 20 %', () => {
    const plain = edges([]);
    expect(plain[0]).toBeLessThanOrEqual(lowest);
    expect(plain.at(-1)).toBeGreaterThanOrEqual(highest);
    const steps = stepsOf(plain);
    expect(Math.min(...steps)).toBeGreaterThan(1);
    expect(Math.max(...steps)).toBeLessThanOrEqual(1.2);
  });

  it('have one edge exactly on each SLO and stay within 20 %', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 500, max: 900_000_000 }), { maxLength: 4 }), (micros) => {
        const slos = micros.map((value) => value / 1e6);
        const withSlos = edges(slos);
        for (const slo of slos) expect(withSlos).toContain(slo);
        const steps = stepsOf(withSlos);
        expect(Math.min(...steps)).toBeGreaterThan(1);
        expect(Math.max(...steps)).toBeLessThanOrEqual(1.2);
      }),
    );
  });

  it('stay few', () => {
    expect(edges([0.6]).length).toBeLessThanOrEqual(66);
  });

  it('refuse an SLO that is no duration', () => {
    expect(() => edges([0])).toThrow('SLO edge must be a positive number of seconds, got 0');
    expect(() => edges([NaN])).toThrow(RangeError);
  });
});

describe('the row of a turn', () => {
  it('is its own for turns 1 to 4 and one for all later ones', () => {
    expect([1, 2, 3, 4, 5, 6, 40].map((turn) => TURN_LABELS[turnIndex(turn)])).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5+',
      '5+',
      '5+',
    ]);
  });
});

describe('a bucket histogram', () => {
  it('puts a value that equals an edge into the bucket of that edge', () => {
    const histogram = new BucketHistogram([0.1, 0.6, 1]);
    histogram.observe(0, 0.6);
    histogram.observe(0, 0.600001);
    expect(histogram.snapshot().counts[0]).toEqual([0, 1, 1, 0]);
  });

  it('is not fooled by the rounding of a difference of times', () => {
    const histogram = new BucketHistogram([0.3, 0.6]);
    expect(1000.7 - 1000.1).not.toBe(0.6);
    histogram.observe(0, 1000.7 - 1000.1);
    expect(histogram.countAt(0, 1)).toBe(1);
  });

  it('keeps what lies above the last edge in its last bucket', () => {
    const histogram = new BucketHistogram([0.1]);
    histogram.observe(1, 5);
    expect(histogram.countAt(1, 1)).toBe(1);
    expect(histogram.sumMicros(1)).toBe(5_000_000);
  });

  it('counts each turn in its own row', () => {
    const histogram = new BucketHistogram([1]);
    histogram.observe(0, 0.5);
    histogram.observe(4, 0.25);
    expect(histogram.snapshot().sumMicros).toEqual([500_000, 0, 0, 0, 250_000]);
  });

  it('does not count an unknown value, and counts a negative one as 0', () => {
    const histogram = new BucketHistogram([1]);
    expect(histogram.observe(0, NaN)).toBe(-1);
    expect(histogram.observe(0, Infinity)).toBe(-1);
    histogram.observe(0, -0.001);
    expect(histogram.snapshot().counts[0]).toEqual([1, 0]);
    expect(histogram.sumMicros(0)).toBe(0);
  });

  it('counts every observation in the first bucket whose edge is not below it', () => {
    const edges = ttftEdges([0.6]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200_000_000 }), (micros) => {
        const histogram = new BucketHistogram(edges);
        histogram.observe(2, micros / 1e6);
        const expected = edges.findIndex((edge) => micros <= Math.round(edge * 1e6));
        expect(histogram.countAt(2, expected === -1 ? edges.length : expected)).toBe(1);
      }),
    );
  });

  it('remembers the newest request of each bucket', () => {
    const histogram = new BucketHistogram([0.1, 1]);
    histogram.observeWithExemplar(0, 0.5, 'first', 1000);
    histogram.observeWithExemplar(0, 0.7, 'second', 1001);
    histogram.observe(0, 0.8);
    expect(histogram.exemplarAt(0, 1)).toEqual({ requestId: 'second', value: 0.7, timestamp: 1001 });
    expect(histogram.exemplarAt(0, 0)).toBeNull();
    expect(histogram.exemplarAt(1, 1)).toBeNull();
  });

  it('refuses edges that do not ascend', () => {
    expect(() => new BucketHistogram([0.1, 0.1])).toThrow('histogram edge 1 (0.1 s)');
    expect(() => new BucketHistogram([0])).toThrow(RangeError);
    expect(() => new BucketHistogram([])).toThrow('at least one edge');
  });
});

const observations = fc.array(
  fc.tuple(fc.integer({ min: 0, max: TURN_LABELS.length - 1 }), fc.double({ min: 0, max: 900, noNaN: true })),
  {
    maxLength: 60,
  },
);

describe('snapshots of a bucket histogram', () => {
  const edges = ttftEdges([]);
  const filled = (values: readonly (readonly [number, number])[]): BucketHistogram => {
    const histogram = new BucketHistogram(edges);
    for (const [turn, seconds] of values) histogram.observe(turn, seconds);
    return histogram;
  };

  it('differ by exactly what was observed in between, in whatever order', () => {
    fc.assert(
      fc.property(observations, observations, (before, between) => {
        const histogram = filled(before);
        const earlier = histogram.snapshot();
        for (const [turn, seconds] of between) histogram.observe(turn, seconds);
        const difference = diffSnapshots(histogram.snapshot(), earlier);
        expect(difference).toEqual(filled([...between].reverse()).snapshot());
        expect(addSnapshots(earlier, difference)).toEqual(histogram.snapshot());
      }),
    );
  });

  it('are copies', () => {
    const histogram = filled([[0, 1]]);
    const snapshot = histogram.snapshot();
    histogram.observe(0, 1);
    expect(snapshot.sumMicros[0]).toBe(1_000_000);
  });

  it('survive the sparse encoding and JSON', () => {
    fc.assert(
      fc.property(observations, (values) => {
        const snapshot = filled(values).snapshot();
        const text = JSON.stringify(encodeSparse(snapshot));
        expect(decodeSparse(JSON.parse(text) as number[][], edges.length)).toEqual(snapshot);
      }),
    );
  });

  it('encode to nothing when nothing was observed', () => {
    expect(encodeSparse(filled([]).snapshot())).toEqual([]);
  });

  it('refuse rows and buckets of another histogram', () => {
    expect(() => decodeSparse([[7, 0, 0, 1]], edges.length)).toThrow('names turn 7, expected 0 to 4');
    expect(() => decodeSparse([[0, 0, 999, 1]], edges.length)).toThrow('names bucket 999');
  });
});
