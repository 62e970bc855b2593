import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countTokens, tokenIds } from '../../src/simulator/text/tokenizer.js';

describe('the tokenizer', () => {
  it('counts about four characters of English a token', () => {
    const text =
      'It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, ' +
      'it was the epoch of belief, it was the epoch of incredulity, it was the season of Light.';
    expect(text.length / countTokens(text)).toBeGreaterThan(3.2);
    expect(text.length / countTokens(text)).toBeLessThan(4.8);
  });

  it.each([
    ['', 0],
    ['   ', 0],
    ['word', 1],
    [' word', 1],
    ['elephants', 2],
    ['a, b', 3],
    ['line\nline', 3],
    ['你好', 2],
    ['👍', 1],
  ])('counts %j as %d tokens', (text, tokens) => expect(countTokens(text)).toBe(tokens));

  it('names as many tokens as it counts', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => tokenIds(text).length === countTokens(text)));
  });

  it('gives equal pieces equal numbers', () => {
    const [first, second, third] = tokenIds(' word word and');
    expect(first).toBe(second);
    expect(third).not.toBe(first);
  });
});
