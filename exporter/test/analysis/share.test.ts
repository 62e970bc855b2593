import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shareByConversation, wilsonShare } from '../../src/analysis/share.js';

describe("Wilson's interval", () => {
  it.each([
    [10, 10, 0.722, 1],
    [0, 10, 0, 0.278],
    [95, 100, 0.888, 0.978],
  ])('of %d in %d runs from %d to %d', (good, n, lower, upper) => {
    const share = wilsonShare(good, n);
    expect(share.lower).toBeCloseTo(lower, 3);
    expect(share.upper).toBeCloseTo(upper, 3);
  });

  it('encloses the share and stays within 0 and 1', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), (good, bad) => {
        fc.pre(good + bad > 0);
        const { value, lower, upper } = wilsonShare(good, good + bad);
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(upper).toBeLessThanOrEqual(1);
        expect(lower).toBeLessThanOrEqual(value);
        expect(upper).toBeGreaterThanOrEqual(value);
      }),
    );
  });

  it('is unknown without data', () => {
    expect(wilsonShare(0, 0)).toMatchObject({ value: NaN, n: 0 });
  });
});

describe('share by conversation', () => {
  it('equals the plain one when every request is a conversation of its own', () => {
    const hits = Float64Array.from([1, 1, 0, 1, 1, 0, 1, 1, 1, 1]);
    const blocks = Uint32Array.from(hits.keys());
    const { lower, upper } = shareByConversation(hits, blocks);
    const plain = wilsonShare(8, 10);
    expect(lower).toBeCloseTo(plain.lower, 1);
    expect(upper).toBeCloseTo(plain.upper, 1);
  });

  it('counts a conversation once when its requests miss together', () => {
    const hits = Float64Array.from({ length: 100 }, (_, index) => (index < 50 ? 1 : 0));
    const blocks = Uint32Array.from({ length: 100 }, (_, index) => Math.floor(index / 10));
    const share = shareByConversation(hits, blocks);
    const tenConversations = wilsonShare(5, 10);
    expect(share).toMatchObject({ value: 0.5, n: 100 });
    expect(share.lower).toBeLessThan(tenConversations.lower + 0.02);
  });

  it('counts a conversation once when all requests hit', () => {
    const blocks = Uint32Array.from({ length: 100 }, (_, index) => Math.floor(index / 10));
    expect(shareByConversation(new Float64Array(100).fill(1), blocks).lower).toBeCloseTo(wilsonShare(10, 10).lower, 9);
  });
});
