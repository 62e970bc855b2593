import { describe, expect, it } from '@jest/globals';
import { withWaiting } from '../../src/analysis/cause-of-waiting.js';
import type { LevelResult } from '../../src/analysis/level-result.js';
import type { Cause, NamedCause } from '../../src/analysis/run-analysis.js';
import { quantiles, UNKNOWN_LEVEL } from '../support/seed-levels.js';

const level: LevelResult = {
  ...UNKNOWN_LEVEL,
  load: 10,
  requestsPerSecond: 24,
  ttft: quantiles(400, 500),
  valid: true,
};
const LIMIT = { slots: 8, lower: 7.5, upper: 8.5, baseSeconds: 0.03 } as Parameters<typeof withWaiting>[2]['limit'];
const SERIAL = { requestsPerSecond: 24, text: '' };
const named = (...causes: Cause[]): NamedCause[] => causes.map((cause) => ({ cause, text: `found ${cause}` }));
const causes = (list: readonly NamedCause[]): Cause[] => list.map(({ cause }) => cause);

describe('what all levels tell of waiting, beside the signals of one', () => {
  it('adds the slots that the waiting times tell', () => {
    const found = withWaiting([], level, { limit: LIMIT, serial: null });
    expect(found[0]!.text).toBe('2 of 10 users wait for one of 8 slots: at 24 requests per second that takes 83.3 ms');
  });

  it.each(['admission_limit', 'kv_pressure'] as const)("adds no slots where the server's signals say %s", (cause) => {
    expect(withWaiting(named(cause), level, { limit: LIMIT, serial: null })).toEqual(named(cause));
  });

  it('says that requests are served one by one, instead of what follows from it', () => {
    const seen = named('client', 'compute_bound', 'speculation_useless');
    const found = withWaiting(seen, level, { limit: LIMIT, serial: SERIAL });
    expect(causes(found)).toEqual(['admission_limit', 'speculation_useless']);
    expect(found[0]!.text).toBe(
      'requests are served one after the other, S = 1: of 10 users 9 wait, at 24 requests per second 375 ms',
    );
  });

  it('does not excuse a load generator whose own gates failed', () => {
    const invalid = { ...level, valid: false };
    expect(causes(withWaiting(named('client'), invalid, { limit: null, serial: SERIAL }))).toEqual(['client']);
  });
});
