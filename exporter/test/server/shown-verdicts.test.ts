import { describe, expect, it } from '@jest/globals';
import { conclusionsOf, windowVerdict, type ShownAnalysis } from '../../src/server/shown-verdicts.js';

const ANALYSIS: ShownAnalysis = {
  levels: [
    { level: 0, load: 50, verdict: 'clean', codes: [], causes: [] },
    { level: 1, load: 70, verdict: 'saturated', codes: ['ttft', 'throughput'], causes: [{ cause: 'admission_limit' }] },
    { level: 2, load: 60, verdict: 'degrading', codes: ['tpot_p95'], causes: [] },
  ],
  boundaries: [{ lastPass: 50, firstFail: 60, estimate: NaN }],
  knee: { load: 63 },
};

describe('a window is shown', () => {
  it('with the verdict, the first cause and the codes of its level', () => {
    expect(windowVerdict(1, [], ANALYSIS)).toEqual({
      verdict: 'saturated',
      cause: 'admission_limit',
      reasons: ['ttft', 'throughput'],
    });
    expect(windowVerdict(0, [], ANALYSIS)).toEqual({ verdict: 'clean', cause: 'none', reasons: [] });
    expect(windowVerdict(2, [], ANALYSIS)).toEqual({ verdict: 'degrading', cause: 'unknown', reasons: ['tpot_p95'] });
  });

  it('as invalid by its own gates, whatever its level is', () => {
    expect(windowVerdict(0, ['little', 'excluded'], ANALYSIS)).toMatchObject({
      verdict: 'invalid',
      reasons: ['little', 'excluded'],
    });
  });

  it('as unknown while its level has not ended once, and in results that did not conclude', () => {
    const unknown = { verdict: 'unknown', cause: 'unknown', reasons: [] };
    expect(windowVerdict(7, [], ANALYSIS)).toEqual(unknown);
    expect(windowVerdict(0, [], null)).toEqual(unknown);
  });
});

describe('what a run lets conclude', () => {
  it('is its levels, the boundary of all objectives and the knee', () => {
    expect(conclusionsOf(ANALYSIS)).toMatchObject({ boundary: { lastPass: 50, firstFail: 60 }, knee: 63 });
    expect(conclusionsOf({ ...ANALYSIS, boundaries: [], knee: null })).toMatchObject({ boundary: null, knee: null });
    expect(conclusionsOf(null)).toBeNull();
  });
});
