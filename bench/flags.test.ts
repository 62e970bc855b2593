import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { flagsOf } from './flags.js';

const options = { only: { type: 'string' }, json: { type: 'boolean', default: false } } as const;

describe("a bench's options", () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('are as given, else their defaults', () => {
    expect(flagsOf(options, ['--only', '003'])).toEqual({ only: '003', json: false });
  });

  it.each([
    ['--quick', "Unknown option '--quick'; there are: --only …, --json"],
    ['--only', "Option '--only <value>' argument missing; there are: --only …, --json"],
  ])('%s ends the bench with what there is', (arg, message) => {
    const told = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const ended = jest.spyOn(process, 'exit').mockImplementation(() => {
      throw new Error('ended');
    });
    expect(() => flagsOf(options, [arg])).toThrow('ended');
    expect(ended).toHaveBeenCalledWith(1);
    expect(told.mock.calls).toEqual([[message]]);
  });
});
