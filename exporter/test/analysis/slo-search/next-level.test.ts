import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextAction, type SearchEnd } from '../../../src/analysis/slo-search/next-level.js';
import { widestGap, type SearchLimits } from '../../../src/analysis/slo-search/search-limits.js';
import { approachTo, bracketOf, fittedBoundary, type Visit } from '../../../src/analysis/slo-search/visits.js';

const LIMITS: SearchLimits = {
  from: 4,
  to: 256,
  tolerance: { kind: 'relative', ratio: 0.05 },
  maxLevels: 100,
  maxSeconds: 1e9,
  whole: true,
};

const FIRST: Visit = {
  load: 4,
  role: 'double',
  approach: 'below',
  outcome: 'pass',
  measuredSeconds: 60,
  weight: 1,
  strains: [-1],
};

interface Walk {
  visits: Visit[];
  end: SearchEnd;
}

/** Follows a search over levels that answer as told, `strain` being ln(quantile ÷ limit). */
function walk(
  limits: SearchLimits,
  strain: (load: number) => number,
  answer: (load: number) => Visit['outcome'],
): Walk {
  const visits: Visit[] = [];
  let before = 0;
  for (;;) {
    const action = nextAction(limits, visits, visits.length);
    if (action.kind === 'end') return { visits, end: action.end };
    if (visits.length > 500) throw new Error('does not end');
    const { load, role, via } = action;
    const approach = (via ?? before) > load ? 'above' : 'below';
    visits.push({
      load,
      role,
      approach,
      outcome: answer(load),
      measuredSeconds: 60,
      weight: 100,
      strains: [strain(load)],
    });
    before = load;
  }
}

/** A server whose quantile is proportional to a power of the load, and at its limit at `boundary`. */
const server = (boundary: number, power: number) => ({
  strain: (load: number): number => power * Math.log(load / boundary),
  answer: (load: number): Visit['outcome'] => (load <= boundary ? 'pass' : 'fail'),
});

describe('a search', () => {
  it('doubles from the lowest load, then takes one load on either side of where the boundary is expected', () => {
    const { strain, answer } = server(77, 1);
    const { visits, end } = walk(LIMITS, strain, answer);
    expect(visits.map(({ role, load, outcome }) => `${role} ${load} ${outcome}`)).toEqual([
      'double 4 pass',
      'double 8 pass',
      'double 16 pass',
      'double 32 pass',
      'double 64 pass',
      'close-in 79 fail',
      'close-in 75 pass',
    ]);
    expect(end).toBe('found');
  });

  it('doubles up to a failure where latency gives no warning of it', () => {
    const answer = (load: number): Visit['outcome'] => (load <= 77 ? 'pass' : 'fail');
    const { visits, end } = walk(LIMITS, (load) => (load <= 77 ? -1 : 1), answer);
    expect(visits.slice(0, 6).map(({ role, load }) => `${role} ${load}`)).toEqual(
      [4, 8, 16, 32, 64, 128].map((load) => `double ${load}`),
    );
    expect(end).toBe('found');
  });

  it('doubles all the same after two levels that were expected to fail and did not', () => {
    const visit = (load: number, role: Visit['role'], ratio: number): Visit => {
      return {
        load,
        role,
        approach: 'below',
        outcome: 'pass',
        measuredSeconds: 60,
        weight: 100,
        strains: [Math.log(ratio)],
      };
    };
    const visits = [visit(20, 'double', 0.4), visit(40, 'double', 0.8)];
    expect(nextAction(LIMITS, visits, 0)).toMatchObject({ role: 'close-in', load: 52 }); // 50, and half of a gap of 3
    visits.push(visit(52, 'close-in', 0.95));
    expect(nextAction(LIMITS, visits, 0)).toMatchObject({ role: 'close-in', load: 57 }); // 54.9 from 20 and 52
    visits.push(visit(57, 'close-in', 0.99));
    expect(nextAction(LIMITS, visits, 0)).toMatchObject({ role: 'double', load: 114 });
  });

  it('visits a level that has only passed from below once more from above, for at most as long', () => {
    const visits: Visit[] = [64, 67].map((load) => ({
      load,
      role: 'sweep',
      approach: 'below',
      outcome: load < 66 ? 'pass' : 'fail',
      measuredSeconds: load,
      weight: 100,
      strains: [0],
    }));
    const probe = { kind: 'level', role: 'probe', load: 64, mostSeconds: 64, mayGiveUp: true };
    expect(nextAction(LIMITS, visits, 0)).toEqual({ ...probe, via: null });
    const lastBelow = visits.toReversed();
    expect(nextAction(LIMITS, lastBelow, 0)).toEqual({ ...probe, via: 67 });
  });

  it('counts a level as failing when its probe fails, and goes on below it', () => {
    const visit = (load: number, outcome: Visit['outcome'], role: Visit['role'] = 'sweep'): Visit => {
      const approach = role === 'probe' ? 'above' : 'below';
      return { load, outcome, role, approach, measuredSeconds: 60, weight: 100, strains: [NaN] };
    };
    const visits = [visit(32, 'pass'), visit(64, 'pass'), visit(67, 'fail'), visit(64, 'fail', 'probe')];
    expect(bracketOf(visits)).toEqual({ pass: 32, fail: 64 });
    expect(nextAction(LIMITS, visits, 0)).toMatchObject({ kind: 'level', role: 'close-in' });
  });

  const at = (load: number, outcome: Visit['outcome'], strain: number, role: Visit['role'] = 'close-in'): Visit => ({
    ...FIRST,
    ...{ load, outcome, role, weight: 100, strains: [strain] },
    approach: role === 'probe' ? 'above' : 'below',
  });
  /** 40 users passed coming from below. */
  const PASSED = [
    at(20, 'pass', -0.8, 'double'),
    at(40, 'pass', -0.05, 'double'),
    at(44, 'fail', 0.1),
    at(42, 'fail', 0.05),
  ];

  it('goes by what a failing probe saw, not by the pass that it was to confirm', () => {
    const visits = [...PASSED, at(40, 'fail', 0.02, 'probe')];
    expect(fittedBoundary(visits)).toBeCloseTo(39.3, 1); // ln 20 + 0.8 / 0.82 × ln 2
    expect(nextAction(LIMITS, visits, 0)).toMatchObject({ role: 'close-in', load: 38 });
  });

  it('measures a load on that was seen to miss in its probe, though not beyond doubt', () => {
    const visits = [...PASSED, at(40, 'open', 0.02, 'probe')];
    expect(bracketOf(visits)).toEqual({ pass: 20, fail: 42 });
    expect(nextAction(LIMITS, visits, 0)).toMatchObject({ role: 'retry', load: 40, via: null, mayGiveUp: true });
    expect(bracketOf([...visits, at(40, 'fail', 0.02, 'retry')])).toEqual({ pass: 20, fail: 40 });
    const after = [...visits, at(40, 'pass', -0.01, 'retry')];
    expect(nextAction(LIMITS, after, 0)).toEqual({ kind: 'end', end: 'found' });
    const confirmed = [...PASSED, at(40, 'open', -0.01, 'probe')];
    expect(nextAction(LIMITS, confirmed, 0)).toEqual({ kind: 'end', end: 'found' });
  });

  it('measures an undecided level to the end where no other would do, and does so once', () => {
    const visits = [at(20, 'pass', -0.8, 'double'), at(43, 'fail', 0.1), at(40, 'open', 0.01), at(39, 'open', -0.01)];
    expect(nextAction(LIMITS, visits, 0)).toMatchObject({ role: 'close-in', load: 38, mayGiveUp: true });
    visits.push(at(38, 'pass', -0.03));
    expect(nextAction(LIMITS, visits, 0)).toMatchObject({ role: 'retry', load: 40, mayGiveUp: false });
    const { strain } = server(77, 1);
    const { visits: walked, end } = walk(LIMITS, strain, (load) =>
      Math.abs(load - 77) < 9 ? 'open' : server(77, 1).answer(load),
    );
    expect(end).toBe('undecided');
    const times = walked.filter(({ outcome }) => outcome === 'open').map(({ load }) => load);
    expect(Math.max(...times.map((load) => times.filter((other) => other === load).length))).toBe(2);
  });

  it('knows from where a load is approached, whatever was measured there before', () => {
    expect(approachTo(40, 44, [])).toBe('above');
    expect(approachTo(40, 38, [])).toBe('below');
    expect(approachTo(40, 40, [at(40, 'open', 0.02, 'probe')])).toBe('above');
    expect(approachTo(40, 40, [at(40, 'invalid', NaN)])).toBe('below');
  });

  it('does not take a pass above a level that was seen to miss for longer, and goes on below that', () => {
    const seen = { ...FIRST, role: 'close-in' } as const;
    const miss: Visit = { ...seen, load: 75, outcome: 'open', weight: 2500, strains: [0.01] };
    const pass: Visit = { ...seen, load: 76, weight: 200, strains: [-0.01] };
    const fail: Visit = { ...seen, load: 80, outcome: 'fail', weight: 100, strains: [0.1] };
    const visits = [FIRST, { ...FIRST, load: 64 }, fail, miss, pass];
    expect(bracketOf(visits)).toEqual({ pass: 64, fail: 80 });
    const action = nextAction(LIMITS, visits, 0);
    expect(action).toMatchObject({ kind: 'level', role: 'close-in' });
    expect(action.kind === 'level' && action.load).toBeLessThan(75);
    const fewer = { ...miss, weight: 100 };
    expect(bracketOf([FIRST, fail, fewer, pass])).toEqual({ pass: 76, fail: 80 });
    expect(bracketOf([FIRST, fail, { ...miss, strains: [-0.01] }, pass])).toEqual({ pass: 76, fail: 80 });
  });

  it('does not stop at a level that cannot be decided, but tries those beside it', () => {
    const { strain, answer } = server(77, 1);
    const { visits, end } = walk(LIMITS, strain, (load) => (Math.abs(load - 77) < 1.5 ? 'open' : answer(load)));
    expect(end).toBe('found');
    const { pass, fail } = bracketOf(visits);
    expect([pass! <= 77, fail! > 77]).toEqual([true, true]);
  });

  it('ends undecided when no level within the tolerance can be decided', () => {
    const { strain, answer } = server(77, 1);
    const { end } = walk(LIMITS, strain, (load) => (Math.abs(load - 77) < 9 ? 'open' : answer(load)));
    expect(end).toBe('undecided');
  });

  it('tries an invalid level once more', () => {
    const visits: Visit[] = [{ ...FIRST, outcome: 'invalid', strains: [NaN] }];
    expect(nextAction(LIMITS, visits, 0)).toMatchObject({ role: 'retry', load: 4 });
    expect(nextAction(LIMITS, [...visits, { ...visits[0]!, role: 'retry' }], 0)).toMatchObject({
      role: 'double',
      load: 8,
    });
  });

  it('comes back to invalid levels when no others would do', () => {
    const { strain, answer } = server(6, 1);
    const seen = new Map<number, number>();
    const spoiltTwice = (load: number): Visit['outcome'] => {
      seen.set(load, (seen.get(load) ?? 0) + 1);
      return [5, 6, 7].includes(load) && seen.get(load)! <= 2 ? 'invalid' : answer(load);
    };
    const { visits, end } = walk({ ...LIMITS, from: 2 }, strain, spoiltTwice);
    expect([end, bracketOf(visits)]).toEqual(['found', { pass: 6, fail: 7 }]);
  });

  it.each([
    ['the lowest load', 4, (load: number) => (load === 4 ? 'invalid' : 'fail')],
    ['the highest load', 16, (load: number) => (load === 16 ? 'invalid' : 'pass')],
    ['a load between', 6, (load: number) => (load > 4 && load < 8 ? 'invalid' : load < 6 ? 'pass' : 'fail')],
  ] as const)('measures %s four times at most, when it is never valid', (_, invalid, answer) => {
    const { visits, end } = walk({ ...LIMITS, to: 16 }, (load) => Math.log(load / 6), answer);
    expect(end).toBe('undecided');
    const times = new Map<number, number>();
    for (const { load, role } of visits) if (role !== 'probe') times.set(load, (times.get(load) ?? 0) + 1);
    expect(times.get(invalid)).toBe(4);
    expect(Math.max(...times.values())).toBe(4);
  });

  it('says so when everything passes, and when nothing does', () => {
    expect(
      walk(
        LIMITS,
        () => -1,
        () => 'pass',
      ).end,
    ).toBe('all_pass');
    expect(
      walk(
        LIMITS,
        () => 1,
        () => 'fail',
      ).end,
    ).toBe('none_pass');
  });

  it('begins no level after its time, and none beyond its number', () => {
    const visits = [FIRST];
    expect(nextAction({ ...LIMITS, maxSeconds: 60 }, visits, 60)).toEqual({ kind: 'end', end: 'max_duration' });
    expect(nextAction({ ...LIMITS, maxLevels: 1 }, visits, 0)).toEqual({ kind: 'end', end: 'max_levels' });
  });
});

describe('a search of any server whose latency rises with the load', () => {
  const cases = fc.record({
    from: fc.integer({ min: 1, max: 40 }),
    span: fc.integer({ min: 0, max: 2000 }),
    boundary: fc.double({ min: 0.5, max: 3000, noNaN: true }),
    power: fc.double({ min: 0.05, max: 12, noNaN: true }),
    tolerance: fc.oneof(
      fc.record({ kind: fc.constant('relative' as const), ratio: fc.double({ min: 0.01, max: 0.3, noNaN: true }) }),
      fc.record({ kind: fc.constant('absolute' as const), load: fc.integer({ min: 1, max: 20 }) }),
    ),
    whole: fc.boolean(),
  });

  it('ends, stays within its limits, visits no level twice but to probe it, and brackets the boundary', () => {
    fc.assert(
      fc.property(cases, ({ from, span, boundary, power, tolerance, whole }) => {
        const limits = { ...LIMITS, from, to: from + span, tolerance, whole };
        const { strain, answer } = server(boundary, power);
        const { visits, end } = walk(limits, strain, answer);
        expect(visits.every(({ load }) => load >= limits.from && load <= limits.to)).toBe(true);
        if (whole) expect(visits.every(({ load }) => Number.isInteger(load))).toBe(true);
        const measured = visits.filter(({ role }) => role !== 'probe').map(({ load }) => load);
        expect(new Set(measured).size).toBe(measured.length);
        const { pass, fail } = bracketOf(visits);
        expect(end).toBe(boundary < limits.from ? 'none_pass' : boundary >= limits.to ? 'all_pass' : 'found');
        if (end !== 'found') return;
        expect(pass).toBeLessThanOrEqual(boundary);
        expect(fail).toBeGreaterThan(boundary);
        expect(fail! - pass!).toBeLessThanOrEqual(widestGap(limits, pass!) * (1 + 1e-6));
      }),
      { numRuns: 400 },
    );
  });

  it('ends whatever the levels answer', () => {
    const outcomes = fc.array(fc.constantFrom<Visit['outcome']>('pass', 'fail', 'open', 'invalid'), { minLength: 1 });
    fc.assert(
      fc.property(outcomes, fc.double({ min: -2, max: 2, noNaN: true }), (answers, tilt) => {
        let asked = 0;
        const { visits } = walk(
          LIMITS,
          (load) => tilt * Math.log(load / 50),
          () => answers[asked++ % answers.length]!,
        );
        expect(visits.length).toBeLessThan(300);
      }),
      { numRuns: 300 },
    );
  });
});
