import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PanelFeed, type SeriesSource } from '../../src/server/panel-feed/panel-feed.js';
import { SampleRing } from '../../src/server/panel-feed/sample-ring.js';
import { VirtualClock } from '../../src/clock/virtual-clock.js';

const level = (value: number, run = 'r') => ({ metric: { __name__: 'loadgen_level', run }, value });

describe('the ring of samples', () => {
  it('gives back what was put in', () => {
    const ring = new SampleRing(10);
    ring.add(1, [level(5)]);
    ring.add(2, [level(6)]);
    expect(ring.read(0)).toEqual([
      {
        metric: { __name__: 'loadgen_level', run: 'r' },
        values: [
          [1, '5'],
          [2, '6'],
        ],
      },
    ]);
  });

  it('gives only what came after a moment', () => {
    const ring = new SampleRing(10);
    [1, 2, 3].forEach((at) => ring.add(at, [level(at)]));
    expect(ring.read(2)[0]!.values).toEqual([[3, '3']]);
    expect(ring.read(3)).toEqual([]);
  });

  it('leaves out what was not known', () => {
    const ring = new SampleRing(10);
    ring.add(1, [level(NaN)]);
    ring.add(2, []);
    ring.add(3, [level(7)]);
    expect(ring.read(0)[0]!.values).toEqual([[3, '7']]);
  });

  it('never keeps more than its capacity, spans everything, and every value stands at its own time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 1, max: 500 }), (capacity, count) => {
        const ring = new SampleRing(capacity);
        for (let at = 1; at <= count; at++) ring.add(at, [level(at)]);
        const values = ring.read(0)[0]?.values ?? [];
        expect(values.length).toBeLessThanOrEqual(capacity);
        for (const [at, value] of values) expect(value).toBe(String(at));
        expect(values[0]![0]).toBe(1);
        expect(count - values.at(-1)![0]).toBeLessThan(ring.everyNth);
      }),
    );
  });

  it('forgets series that have gone once no row of theirs is left', () => {
    const ring = new SampleRing(4);
    ring.add(1, []);
    ring.add(2, [level(1, 'gone')]);
    for (let at = 3; at < 60; at++) ring.add(at, [level(at)]);
    expect(ring.read(0).map(({ metric }) => metric.run)).toEqual(['r']);
  });
});

describe('the feed of the panels', () => {
  const source: SeriesSource = {
    readSeries: (wanted) =>
      [
        level(5),
        { metric: { __name__: 'loadgen_ttft_all_seconds', quantile: '0.95' }, value: 0.2 },
        { metric: { __name__: 'loadgen_ttft_all_seconds', quantile: '0.99' }, value: 0.3 },
        { metric: { __name__: 'loadgen_window_timestamp_seconds', run: 'r', edge: 'start' }, value: 100 },
        { metric: { __name__: 'loadgen_result_ttft_seconds', run: 'r', level: '5' }, value: NaN },
      ].filter(({ metric }) => wanted(metric.__name__)),
  };

  it('samples each second while it runs', async () => {
    const clock = new VirtualClock();
    const feed = new PanelFeed(source, clock);
    feed.start();
    await clock.advance(3.5);
    feed.stop();
    await clock.advance(5);
    const { live, step } = feed.answer(0);
    expect(live.map(({ metric, values }) => [metric.__name__, metric.quantile, values.length])).toEqual([
      ['loadgen_level', undefined, 3],
      ['loadgen_ttft_all_seconds', '0.95', 3],
    ]);
    expect(step).toBe(1);
  });

  it('tells the record as it is now, without what is not known', () => {
    const { record, now } = new PanelFeed(source, new VirtualClock()).answer(0);
    expect(record).toEqual([
      { metric: { __name__: 'loadgen_window_timestamp_seconds', run: 'r', edge: 'start' }, values: [[now, '100']] },
    ]);
  });
});
