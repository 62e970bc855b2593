import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../../src/server/logging.js';

/** What the logger writes when `use` has used it. */
function logged(secrets: readonly string[], use: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  use(createLogger({ secrets, destination }));
  return text;
}

describe('the log', () => {
  it('masks secrets wherever they stand in what is logged, JSON still', () => {
    const secret = 'p"ss/w\\rd-1234';
    const line = logged([secret], (logger) => {
      logger.info({ deep: { er: [secret] }, err: new Error(`refused ${secret}`) }, `with ${secret}`);
    });
    expect(line).not.toContain('ss/w');
    const parsed = JSON.parse(line) as { msg: string; deep: unknown };
    expect(parsed.msg).toBe('with [redacted]');
    expect(parsed.deep).toEqual({ er: ['[redacted]'] });
  });

  it('masks fields that hold secrets by their name', () => {
    const line = logged([], (logger) =>
      logger.info({ token: 'abc', headers: { authorization: 'abc', cookie: 'abc' } }, 'x'),
    );
    expect(line).not.toContain('abc');
  });

  it('is silent below its level', () => {
    expect(logged([], (logger) => logger.debug('x'))).toBe('');
  });
});
