import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { NODE_FLAGS } from '../../src/cli/node-flags.js';

describe('the flags given to Node', () => {
  it('are those of the first line of the executable', () => {
    const script = readFileSync(new URL('../../bin/sweepscope.js', import.meta.url), 'utf8');
    expect(script.split('\n')[0]).toBe(`#!/usr/bin/env -S node ${NODE_FLAGS.join(' ')}`);
  });
});
