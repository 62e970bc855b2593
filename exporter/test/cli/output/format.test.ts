import { describe, expect, it } from '@jest/globals';
import { clockTime, inColumn, milliseconds, percentage, rate, seconds } from '../../../src/cli/output/format.js';
import { paintLine, printable, segment, terminalStyle, toAscii } from '../../../src/cli/output/terminal-style.js';
import { levelVerdict } from '../../../src/cli/output/verdict.js';
import type { Verdict } from '../../../src/analysis/run-analysis.js';
import { levelEvent } from '../../support/level-event.js';
import { levelResult } from './level-results.js';

describe('figures', () => {
  it('have about three digits', () => {
    expect([0.027, 0.1354, 6.519, 0.09996].map(milliseconds)).toEqual(['27.0', '135', '6519', '100']);
    expect([0.679, 9.996, 40.61, 102.4].map(seconds)).toEqual(['0.68', '10.0', '40.6', '102']);
    expect([1.21, 29.5, 3773].map(rate)).toEqual(['1.21', '29.5', '3773']);
    expect(percentage(0.16326)).toBe('16.3');
  });

  it('that are missing are –, never 0', () => {
    expect([milliseconds, seconds, rate, percentage, clockTime].map((format) => format(NaN))).toEqual(
      Array(5).fill('–'),
    );
  });

  it('of time left are read like a clock', () => {
    expect([0, 7.4, 83, 3723].map(clockTime)).toEqual(['0:00', '0:07', '1:23', '1:02:03']);
  });

  it('too long for a column are written with an exponent', () => {
    expect(inColumn('123456789', 6)).toBe('  1e+8');
  });
});

describe('the style of a terminal', () => {
  const utf8 = { LANG: 'en_GB.UTF-8' };

  it('has colour on a terminal only', () => {
    expect([terminalStyle(utf8, true).colour, terminalStyle(utf8, false).colour]).toEqual([true, false]);
  });

  it('has none where NO_COLOR or a dumb terminal say so; an empty NO_COLOR says nothing', () => {
    const colours = [{ NO_COLOR: '1' }, { TERM: 'dumb' }, { NO_COLOR: '' }].map(
      (env) => terminalStyle(env, true).colour,
    );
    expect(colours).toEqual([false, false, true]);
  });

  it('takes the characters from the locale, LC_ALL before LANG', () => {
    const unicode = [utf8, { LANG: 'C' }, {}, { ...utf8, LC_ALL: 'C' }, { LC_CTYPE: 'C.utf8' }];
    expect(unicode.map((env) => terminalStyle(env, true).unicode)).toEqual([true, false, false, false, true]);
  });

  it('cuts a line that is too long, visibly', () => {
    const style = { colour: false, unicode: true };
    expect(paintLine([segment('abc'), segment('defgh')], 6, style)).toBe('abcde…');
    expect(paintLine([segment('abc'), segment('def')], 6, style)).toBe('abcdef');
  });

  it('does not colour what is cut away', () => {
    expect(paintLine([segment('abcd', 'red'), segment('ef', 'green')], 4, { colour: true, unicode: true })).toBe(
      '\u001b[31mabc\u001b[0m…',
    );
  });

  it('replaces characters one by one in ASCII', () => {
    expect(toAscii('━─–▸…×ü')).toBe('=-->~x?');
  });

  it('takes control characters out of text from outside', () => {
    expect(printable('a\u001b[31mb\r\nc\u0007\u202ed')).toBe('ab c d');
  });
});

describe('a verdict', () => {
  const textOf = (codes: string[], verdict: Verdict, changes: Parameters<typeof levelResult>[0] = {}): string => {
    const result = levelResult(changes);
    const judgement = levelEvent(result).analysis.levels[0]!;
    return levelVerdict(result, { ...judgement, verdict, codes }).text;
  };

  it.each([
    [[], 'clean', {}, 'clean'],
    [[], 'clean', { steady: false }, 'clean, not steady'],
    [['ttft_p95', 'latency_p99'], 'degrading', {}, 'degrading: TTFT p95, E2E p99'],
    [['ttft', 'throughput'], 'saturated', { steady: false }, 'saturated: TTFT, throughput, not steady'],
    [['errors'], 'saturated', {}, 'saturated: errors'],
    [['little', 'in_flight'], 'invalid', { steady: false }, 'invalid: little, in flight'],
  ] as const)('for %j is %s %j: %s', (codes, verdict, changes, text) => {
    expect(textOf([...codes], verdict, changes)).toBe(text);
  });

  it('is unknown where nothing judged the level', () => {
    expect(levelVerdict(levelResult(), undefined)).toEqual({ text: 'unknown', paint: 'dim' });
  });
});
