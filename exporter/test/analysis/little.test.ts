import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inFlightRatio, inFlightSeconds, littleRatio, windowLittleRatio } from '../../src/analysis/little.js';
import { record, window } from './samples.js';

describe("Little's law", () => {
  it.each([
    ['50 users of a cold start', 4.17, 37.3, 50, 3.1],
    ['90 users of a cold start', 4.58, 46.8, 90, 2.4],
    ['130 users beside foreign load', 5.2, 40.5, 130, 1.62],
  ])('exposes a measurement of %s', (_, completions, meanResidence, users, expected) => {
    expect(littleRatio({ completions, meanResidence, meanWaiting: 0, users })).toBeCloseTo(expected, 1);
  });

  it('counts users that think', () => {
    expect(littleRatio({ completions: 2, meanResidence: 3, meanWaiting: 4, users: 10 })).toBe(1);
  });

  it('holds for one user that asks without a pause', () => {
    const back = Array.from({ length: 40 }, (_, index) => record(index * 0.9));
    expect(windowLittleRatio(window(), back)).toBeCloseTo(0.99, 2);
  });

  it('counts failed requests as completions', () => {
    const back = Array.from({ length: 40 }, (_, index) => record(index * 0.9, { outcome: 'http_5xx' }));
    expect(windowLittleRatio(window(), back)).toBeCloseTo(0.99, 2);
  });

  it('is 0 when nothing completes', () => {
    expect(windowLittleRatio(window(), [record(2, { endedAt: NaN, outcome: null })])).toBe(0);
  });
});

describe('in-flight integral', () => {
  it('cuts requests to the window', () => {
    const requests = [record(9, { endedAt: 11 }), record(12, { endedAt: 13 }), record(19, { endedAt: 30 })];
    expect(inFlightSeconds(requests, 10, 20)).toBe(3);
  });

  it('takes a request that has not ended as in flight to the end', () => {
    expect(inFlightSeconds([record(14, { endedAt: NaN, outcome: null })], 10, 20)).toBe(6);
  });

  it('is additive over adjoining windows', () => {
    const interval = fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 50 }));
    fc.assert(
      fc.property(fc.array(interval), fc.integer({ min: 0, max: 150 }), (intervals, middle) => {
        const requests = intervals.map(([start, length]) => record(start, { endedAt: start + length }));
        const total = intervals.reduce((sum, [, length]) => sum + length, 0);
        expect(inFlightSeconds(requests, 0, middle) + inFlightSeconds(requests, middle, 150)).toBe(total);
      }),
    );
  });

  it('is measured against the users that do not wait', () => {
    const slotSeconds = { ...window().slotSeconds, running: 6, think: 3, backoff: 1 };
    expect(inFlightRatio(window({ slotSeconds }), [record(12, { endedAt: 18 })])).toBe(1);
  });

  it('is unknown when all users waited all the time', () => {
    expect(inFlightRatio(window({ slotSeconds: { ...window().slotSeconds, permit: 10 } }), [])).toBeNaN();
  });
});
