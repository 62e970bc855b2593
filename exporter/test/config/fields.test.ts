import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../src/config/duration.js';
import { formatByteCount, formatPercent, parsePercent } from '../../src/config/quantities.js';
import { closestTo } from '../../src/config/suggestions.js';
import { complaints, specOf, yaml } from './example-spec.js';

describe('a duration', () => {
  it.each([
    ['500ms', 0.5],
    ['600ms', 0.6],
    ['60s', 60],
    ['1.5s', 1.5],
    ['5m', 300],
    ['1h', 3600],
    ['1h30m', 5400],
    ['1m30s', 90],
    ['250us', 0.00025],
    ['2d', 172_800],
    ['-5s', -5],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', '5', 's', '5 s', '5x', '1m 30s', 'NaN', '1e999', '--5s', '5sm'])('%p is none', (text) => {
    expect(parseDuration(text)).toBeNaN();
  });

  it.each([
    [0, '0s'],
    [0.6, '600ms'],
    [1.5, '1.5s'],
    [90, '90s'],
    [300, '5m'],
    [3600, '1h'],
    [5400, '90m'],
  ])('of %d seconds is written as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('reads back as it was written', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds === 0 ? 0 : seconds);
      }),
    );
  });
});

describe('a share', () => {
  it('is a percentage, exactly', () => {
    expect([parsePercent('1%'), parsePercent('0.7 %'), parsePercent('100%')]).toEqual([0.01, 0.007, 1]);
  });

  it('reads back as it was written', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (ratio) => {
        const written = formatPercent(ratio);
        expect(typeof written === 'number' ? written : parsePercent(written)).toBe(ratio === 0 ? 0 : ratio);
      }),
    );
  });
});

describe('a size', () => {
  it('takes decimal and binary units', () => {
    expect(specOf(yaml({ extra: 'output: {keepBytes: 1.5GB}' })).output.keepBytes).toBe(1.5e9);
    expect(specOf(yaml({ extra: 'output: {keepBytes: 2 GiB}' })).output.keepBytes).toBe(2 ** 31);
  });

  it('is written in the largest unit that divides it', () => {
    expect([1e10, 1_500_000, 1_234].map(formatByteCount)).toEqual(['10GB', '1500kB', '1234B']);
  });
});

describe('levels', () => {
  const levelsOf = (written: string): readonly number[] =>
    specOf(yaml({ load: `levels: ${written}, arrival: poisson` })).load.levels;

  it.each([
    ['"50..80/10"', [50, 60, 70, 80]],
    ['"1..32*2"', [1, 2, 4, 8, 16, 32]],
    ['"1..3"', [1, 2, 3]],
    ['"1..10/4"', [1, 5, 9]],
    ['"0.1..0.4/0.1"', [0.1, 0.2, 0.3, 0.4]],
    ['"1, 2, 8..32*2"', [1, 2, 8, 16, 32]],
    ['[1, "4..6", 9]', [1, 4, 5, 6, 9]],
    ['7', [7]],
  ])('%s', (written, levels) => {
    expect(levelsOf(written)).toEqual(levels);
  });

  it.each([
    ['"9..1"', 'load.levels: range must go upwards, got "9..1"'],
    ['"1..9/0"', 'load.levels: range needs a step above 0, got "1..9/0"'],
    ['"1..9*1"', 'load.levels: range needs a factor above 1, got "1..9*1"'],
    ['"1..9/x"', 'load.levels: range needs a step above 0, got "1..9/x"'],
    ['"0..9"', 'load.levels: range must begin above 0, got "0..9"'],
    ['[4, "1..1000000"]', 'load.levels[1]: range "1..1000000" has more than 200 levels'],
    ['["1..150", "200..300"]', 'load.levels: has 251 levels, at most 200 make a sweep'],
    [
      '{from: 1}',
      'load.levels: must be levels such as [1, 2, 4], "50..160/10" (steps of 10) or "1..32*2" (doubling), got a map',
    ],
  ])('%s is refused', (written, complaint) => {
    expect(complaints(yaml({ load: `levels: ${written}` }))).toEqual([complaint]);
  });
});

describe('a distribution', () => {
  const inputOf = (written: string): unknown => {
    const { workload } = specOf(yaml({ workload: `kind: synthetic, outputTokens: 8, inputTokens: ${written}` }));
    return workload.kind === 'synthetic' ? workload.inputTokens : null;
  };

  it.each([
    ['256', { kind: 'fixed', value: 256 }],
    ['{uniform: [10, 20]}', { kind: 'uniform', min: 10, max: 20 }],
    ['{normal: {mean: 100, stddev: 10}}', { kind: 'normal', mean: 100, stddev: 10, min: 60, max: 140 }],
    ['{normal: {mean: 20, stddev: 10, max: 30}}', { kind: 'normal', mean: 20, stddev: 10, min: 1, max: 30 }],
    [
      '{lognormal: {median: 300, sigma: 0.5, min: 16, max: 2048}}',
      { kind: 'lognormal', median: 300, sigma: 0.5, min: 16, max: 2048 },
    ],
  ])('%s', (written, expected) => {
    expect(inputOf(written)).toEqual(expected);
  });

  it.each([
    ['0', 'workload.inputTokens: must be a positive integer, got 0'],
    ['1.5', 'workload.inputTokens: must be a positive integer, got 1.5'],
    ['{uniform: [20, 10]}', 'workload.inputTokens.uniform: must have its lower end first, got 20 to 10'],
    ['{uniform: [20]}', 'workload.inputTokens: must be exactly one distribution'],
    ['{}', 'workload.inputTokens: must be exactly one distribution'],
    ['{gauss: {mean: 3}}', 'workload.inputTokens.gauss: is not a key of the spec'],
    ['{normal: {mean: 3}}', 'workload.inputTokens.normal.stddev: is missing: it must be a number from 1'],
  ])('%s is refused', (written, complaint) => {
    const text = yaml({ workload: `kind: synthetic, outputTokens: 8, inputTokens: ${written}` });
    expect(complaints(text)).toContain(complaint);
  });

  it('of think times takes durations', () => {
    const { workload } = specOf(yaml({ workload: 'kind: conversation, thinkTime: {uniform: [500ms, 2s]}' }));
    expect(workload).toHaveProperty('thinkTime', { kind: 'uniform', min: 0.5, max: 2 });
  });
});

describe('a follow-up', () => {
  const followUpOf = (written: string): unknown => {
    const { workload } = specOf(yaml({ workload: `kind: conversation, followUp: ${written}` }));
    return workload.kind === 'conversation' ? workload.followUp : null;
  };

  it('by its word alone has the built-in texts', () => {
    expect(followUpOf('fixed')).toMatchObject({ kind: 'fixed', text: expect.stringMatching(/./) });
    expect(followUpOf('template')).toMatchObject({ kind: 'template' });
  });

  it('may have texts of its own, or a second model', () => {
    expect(followUpOf('{fixed: Go on.}')).toEqual({ kind: 'fixed', text: 'Go on.' });
    expect(followUpOf('{template: [a, b]}')).toEqual({ kind: 'template', templates: ['a', 'b'] });
    expect(followUpOf('{model: {url: "http://x", model: m}}')).toEqual({
      kind: 'model',
      url: 'http://x',
      model: 'm',
      apiKeyEnv: null,
      maxTokens: 100,
      timeoutSeconds: 30,
    });
  });
});

describe('a suggestion', () => {
  const keys = ['levels', 'warmup', 'maxInFlight', 'repetitions'];

  it.each([
    ['level', 'levels'],
    ['LEVELS', 'levels'],
    ['warm-up', 'warmup'],
    ['wramup', 'warmup'],
    ['max_in_flight', 'maxInFlight'],
    ['reptition', 'repetitions'],
    ['banana', null],
    ['x', null],
  ])('for %s is %s', (word, suggestion) => {
    expect(closestTo(word, keys)).toBe(suggestion);
  });
});
