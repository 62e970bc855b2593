import { describe, expect, it } from '@jest/globals';
import { decideLevel, isHopeless, type LevelClaim } from '../../../src/analysis/slo-search/level-decision.js';
import type { ObjectiveEvidence } from '../../../src/analysis/slo-search/level-evidence.js';

const objective = (slo: string, changes: Partial<ObjectiveEvidence> = {}): ObjectiveEvidence => ({
  slo,
  required: 0.95,
  good: 400,
  bad: 0,
  undecided: 0,
  designEffect: 1,
  strain: -0.1,
  ...changes,
});

const LEAST = { seconds: 30, samples: 60 };

function decide(objectives: ObjectiveEvidence[], seconds = 200): LevelClaim {
  const samples = Math.min(...objectives.map(({ good, bad }) => good + bad));
  return decideLevel({ objectives, samples, turnover: 10 }, seconds, LEAST);
}

describe('a level', () => {
  it('passes when every objective is proven, and its binding one is the furthest from what a proof needs', () => {
    const { claim, binding } = decide([objective('ttft'), objective('tpot', { designEffect: 3 })]);
    expect([claim, binding]).toEqual(['pass', 'tpot']);
  });

  it('is bound by the objective that is still open, not by one that is proven', () => {
    const { claim, binding, objectives } = decide([objective('ttft'), objective('tpot', { designEffect: 20 })]);
    expect([claim, binding]).toEqual(['open', 'tpot']);
    expect(objectives.map((each) => each.claim)).toEqual(['pass', 'open']);
  });

  it('fails by the objective that is missed the most clearly', () => {
    const missed = objective('tpot', { good: 100, bad: 300 });
    const { claim, binding } = decide([objective('ttft', { good: 300, bad: 100 }), missed, objective('latency')]);
    expect([claim, binding]).toEqual(['fail', 'tpot']);
  });

  it('needs no proof of its errors, which then do not bind', () => {
    const errors = objective('errors', { required: 0.99 });
    expect(decide([objective('ttft'), errors])).toMatchObject({ claim: 'pass', binding: 'ttft' });
    const some = { ...errors, good: 394, bad: 6 };
    expect(decide([objective('ttft'), some])).toMatchObject({ claim: 'open', binding: 'errors' });
    expect(decide([errors])).toMatchObject({ claim: 'open', binding: 'errors' });
  });

  it('is open before its least time, its least samples and three turnovers', () => {
    expect(decide([objective('ttft')], 29).claim).toBe('open');
    expect(decide([objective('ttft')], 31).claim).toBe('pass');
    expect(decide([objective('ttft', { good: 59 })]).claim).toBe('open');
    const slow = { objectives: [objective('ttft')], samples: 400, turnover: 70 };
    expect(decideLevel(slow, 200, LEAST).claim).toBe('open');
  });
});

describe('a level that is still open', () => {
  it('is given up after a tenth of its longest time when it would take three times that', () => {
    const near = decide([objective('ttft', { good: 380, bad: 21 })]);
    expect(near.claim).toBe('open');
    expect(isHopeless(near, 59, 600)).toBe(false);
    expect(isHopeless(near, 60, 600)).toBe(true);
    const far = decide([objective('ttft', { good: 60 })]);
    expect(isHopeless(far, 200, 600)).toBe(false);
  });
});
