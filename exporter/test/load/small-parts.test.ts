import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../../src/clock/virtual-clock.js';
import { poissonGaps } from '../../src/load/arrivals.js';
import { Backoff } from '../../src/load/backoff.js';
import { Ordinals } from '../../src/load/ordinals.js';
import { Permits } from '../../src/load/permits.js';
import { limitRequests } from '../../src/load/request-limits.js';
import { PlainWorkload } from '../support/scripted-load.js';

describe('backing off', () => {
  it('doubles from 0.1 s to 5 s', () => {
    const backoff = new Backoff(() => 0.5);
    const waits = Array.from({ length: 8 }, () => backoff.failed(NaN));
    expect(waits).toEqual([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5]);
  });

  it('spreads users by half either way', () => {
    expect(new Backoff(() => 0).failed(NaN)).toBeCloseTo(0.05, 9);
    expect(new Backoff(() => 0.999).failed(NaN)).toBeLessThan(0.15);
  });

  it('begins anew after a success', () => {
    const backoff = new Backoff(() => 0.5);
    backoff.failed(NaN);
    backoff.failed(NaN);
    backoff.succeeded();
    expect(backoff.failed(NaN)).toBe(0.1);
  });
});

describe('permits', () => {
  it('do not pile up while nobody asks', async () => {
    const clock = new VirtualClock(0);
    const permits = new Permits(clock, 2);
    await clock.advance(10);
    const granted: number[] = [];
    for (let k = 0; k < 4; k++) permits.request(() => granted.push(clock.now()));
    await clock.advance(5);
    expect(granted).toEqual([10, 10.5, 11, 11.5]);
  });

  it('follow a new rate from the next request on', async () => {
    const clock = new VirtualClock(0);
    const permits = new Permits(clock, 1);
    const granted: number[] = [];
    permits.request(() => granted.push(clock.now()));
    permits.setRate(10);
    for (let k = 0; k < 3; k++) permits.request(() => granted.push(clock.now()));
    await clock.advance(5);
    expect(granted.map((at) => Math.round(at * 10) / 10)).toEqual([0, 1, 1.1, 1.2]);
  });
});

describe('ordinals', () => {
  it('count each user’s conversations per level and repetition', () => {
    const ordinals = new Ordinals(0);
    const place = { repetition: 1, level: 2 };
    expect([ordinals.key(place, 0), ordinals.key(place, 0), ordinals.key(place, 1)].map((key) => key.ordinal)).toEqual([
      0, 1, 0,
    ]);
    expect(ordinals.key({ repetition: 2, level: 2 }, 0).ordinal).toBe(0);
  });

  it('never repeat those of an earlier segment of the run', () => {
    const place = { repetition: 1, level: 0 };
    expect(new Ordinals(1).key(place, 0)).not.toEqual(new Ordinals(0).key(place, 0));
  });
});

describe('Poisson gaps', () => {
  it('have the mean of the rate', () => {
    let seed = 1;
    const random = (): number => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    const gap = poissonGaps(random);
    const n = 20_000;
    const mean = Array.from({ length: n }, () => gap(4)).reduce((a, b) => a + b, 0) / n;
    expect(mean).toBeGreaterThan(0.24);
    expect(mean).toBeLessThan(0.26);
  });
});

describe('the spec’s limits on requests', () => {
  const key = { repetition: 1, level: 0, slot: 0, ordinal: 0 };

  it('win over the workload’s own wishes', () => {
    const limited = limitRequests(new PlainWorkload(), { maxTokens: 3, ignoreEos: false });
    expect(limited.conversation(key).request(1)).toMatchObject({ maxTokens: 3, ignoreEos: false });
  });

  it('leave alone what they do not name', () => {
    const limited = limitRequests(new PlainWorkload(), { maxTokens: 3, ignoreEos: null });
    expect(limited.conversation(key).request(1)).toMatchObject({ maxTokens: 3, ignoreEos: true });
  });
});
