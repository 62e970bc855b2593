import { describe, expect, it } from '@jest/globals';
import { compareRuns } from '../../../src/analysis/compare/compare.js';
import { comparedRun, syntheticLevel } from '../../support/compared-runs.js';

const DRAWS = 400;

/** Share of comparisons of two equal runs in which any figure is called better or worse. */
function falseAlarms(conversations: number): number {
  let alarms = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const run = (side: number) =>
      comparedRun(
        [4, 8].map((users) => syntheticLevel({ users, conversations, seed: 7919 * draw + 31 * users + side })),
      );
    const { levels } = compareRuns(run(1), run(2));
    const told = levels
      .flatMap(({ figures }) => figures)
      .some(({ verdict }) => verdict === 'better' || verdict === 'worse');
    if (told) alarms += 1;
  }
  return alarms / DRAWS;
}

describe('two equal runs', () => {
  it.each([30, 60, 150])(
    'of %d conversations a level are called different in at most 5 %',
    (conversations) => {
      // 5 % plus what 400 draws of a true 5 % stay below in 97.5 of 100 cases.
      expect(falseAlarms(conversations)).toBeLessThanOrEqual(0.05 + 0.022);
    },
    600_000,
  );
});
