import { describe, expect, it } from '@jest/globals';
import { Barriers } from '../../src/load/barriers.js';

const settled = async (promise: Promise<void>): Promise<boolean> => {
  let done = false;
  void promise.then(() => (done = true));
  await new Promise((resolve) => setImmediate(resolve));
  return done;
};

describe('a barrier', () => {
  it('is over when every worker has answered', async () => {
    const barriers = new Barriers(2);
    let id = -1;
    const barrier = barriers.begin((asked) => (id = asked));
    barriers.answered(id);
    expect(await settled(barrier)).toBe(false);
    barriers.answered(id);
    expect(await settled(barrier)).toBe(true);
  });

  it('does not wait for a worker that is gone', async () => {
    const barriers = new Barriers(1);
    const before = barriers.begin(() => undefined);
    barriers.workerLost();
    expect(await settled(before)).toBe(true);
    expect(await settled(barriers.begin(() => undefined))).toBe(true);
  });
});
