import { describe, expect, it } from '@jest/globals';
import { analyseRun } from '../../src/analysis/analyse-run.js';
import { requireLevel } from '../../src/cli/verdict.js';
import { levelFigures } from '../../src/report/figures.js';
import type { FinishedRun } from '../../src/sweep/finish.js';
import { sampleRun } from '../report/sample-result.js';
import { levelResult } from './output/level-results.js';

function finished(errorRatio: number): FinishedRun {
  const completed = 1000;
  const ok = Math.round(completed * (1 - errorRatio));
  const levels = [levelResult({ completed, ok, errorRatio })];
  const result = { ...sampleRun(), levels: levels.map(levelFigures) };
  const slo = { latency: [], errorRatio: null };
  const analysis = analyseRun({ levels, slo, arrival: 'closed', totalTimeoutSeconds: 120, advertisedSlots: null });
  return { result, levels, analysis };
}

describe('--require-level', () => {
  it('holds at a clean level', () => {
    expect(requireLevel(finished(0), 8, () => undefined)).toBe(0);
  });

  it('does not hold at a saturated level, even where no objective was set', () => {
    const told: string[] = [];
    expect(requireLevel(finished(0.1), 8, (message) => told.push(message))).toBe(99);
    expect(told).toEqual(['level 8 does not hold: it is saturated: 10.0 % of the requests failed']);
  });
});
