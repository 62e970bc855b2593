import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitWords } from '../../../src/config/like/words.js';

describe('splitting a command line', () => {
  it.each([
    ['a  b\tc', ['a', 'b', 'c']],
    [`--x 'a b' "c d"`, ['--x', 'a b', 'c d']],
    [`--body='{"a": 1}'`, ['--body={"a": 1}']],
    [`"say \\"hi\\"" it\\'s`, ['say "hi"', "it's"]],
    ['vllm bench serve \\\n  --seed 1', ['vllm', 'bench', 'serve', '--seed', '1']],
    [`'' ""`, ['', '']],
    [`'$HOME|x' "cost: 5$"`, ['$HOME|x', 'cost: 5$']],
    ['', []],
  ])('reads %j as a shell does', (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });

  it.each([
    ['--url $URL', /a variable/],
    ['--url "${URL}"', /a variable/],
    ['a | tee log', /"\|".*need a shell/],
    ['a > file', /">"/],
    ["--x 'open", /single quotes/],
    ['--x "open', /double quotes/],
  ])('refuses %j', (line, message) => {
    expect(() => splitWords(line)).toThrow(message);
  });

  it('gives any words back that were quoted', () => {
    const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(splitWords(words.map(quote).join(' '))).toEqual(words);
      }),
    );
  });
});
