import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { pastRuns } from '../../src/server/past-runs.js';
import { makeRunId } from '../../src/store/run-id.js';
import { setPinned } from '../../src/store/runs.js';
import { facts, sampleRun, STARTED } from '../report/sample-result.js';
import { temporaryFolders } from '../store/folders.js';

const freshFolder = temporaryFolders();
const unexpected = (message: string): never => {
  throw new Error(message);
};

/** Five finished runs, a day apart; returns their ids, newest first. */
function fiveRuns(base: string): string[] {
  return [5, 4, 3, 2, 1].map((day) => {
    const id = makeRunId(STARTED + day * 86_400, 'sample', `000${day}`);
    mkdirSync(join(base, id), { recursive: true });
    writeFileSync(join(base, id, 'result.json'), JSON.stringify(sampleRun({ facts: facts({ id }) })));
    return id;
  });
}

describe('the runs that /metrics shows after a restart', () => {
  it('are the newest', () => {
    const base = freshFolder();
    const ids = fiveRuns(base);
    expect(pastRuns(base, 3, unexpected).map(({ run }) => run.run)).toEqual(ids.slice(0, 3));
  });

  it('are joined by a pinned one however old it is', () => {
    const base = freshFolder();
    const ids = fiveRuns(base);
    setPinned(join(base, ids[4]!), true);
    expect(pastRuns(base, 3, unexpected).map(({ run }) => run.run)).toEqual([...ids.slice(0, 3), ids[4]]);
  });

  it('do not count a pinned one among the newest', () => {
    const base = freshFolder();
    const ids = fiveRuns(base);
    setPinned(join(base, ids[0]!), true);
    expect(pastRuns(base, 3, unexpected).map(({ run }) => run.run)).toEqual(ids.slice(0, 4));
  });

  it('leave out one that cannot be read, and say so', () => {
    const base = freshFolder();
    const ids = fiveRuns(base);
    writeFileSync(join(base, ids[1]!, 'result.json'), '{"schemaVersion": 1, "run"');
    const told: string[] = [];
    expect(pastRuns(base, 3, (message) => told.push(message)).map(({ run }) => run.run)).toEqual([
      ids[0],
      ids[2],
      ids[3],
    ]);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(ids[1]!);
  });
});
