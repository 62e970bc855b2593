import { describe, expect, it } from '@jest/globals';
import { formatProblems } from '../../src/config/problems.js';

const problem = {
  path: 'load.levels[2]',
  message: 'must be a positive integer, got "7O"',
  hint: null,
  line: 7,
  source: 'a.yaml',
};

describe('problems for people', () => {
  it('name file, line and path', () => {
    expect(formatProblems([problem])).toBe('a.yaml:7: load.levels[2]: must be a positive integer, got "7O"');
  });

  it('put the hint on a line of its own', () => {
    expect(formatProblems([{ ...problem, hint: 'do this' }]).split('\n')).toEqual([
      'a.yaml:7: load.levels[2]: must be a positive integer, got "7O"',
      '    do this',
    ]);
  });

  it('do without file, line or path', () => {
    expect(formatProblems([{ ...problem, source: null, line: null }])).toBe(
      'load.levels[2]: must be a positive integer, got "7O"',
    );
    expect(formatProblems([{ ...problem, source: null, path: '' }])).toBe(
      'line 7: must be a positive integer, got "7O"',
    );
  });
});
