import { describe, expect, it } from '@jest/globals';
import { completionTime } from '../../src/target/completion.js';

describe('the time at which an answer was complete', () => {
  it.each([
    { lastTokenAt: 3, finishedAt: 2, completed: 3 },
    { lastTokenAt: 2, finishedAt: 3, completed: 3 },
    { lastTokenAt: NaN, finishedAt: 3, completed: 3 },
    { lastTokenAt: 2, finishedAt: NaN, completed: 2 },
    { lastTokenAt: NaN, finishedAt: NaN, completed: NaN },
  ])('is $completed for a last token at $lastTokenAt and a finish at $finishedAt', ({ completed, ...exchange }) => {
    expect(completionTime(exchange)).toBe(completed);
  });
});
