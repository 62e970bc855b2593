import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { makeRunId, isRunId } from '../../src/store/run-id.js';
import { findRun, listRuns, readResultText, readSpecText, removeOldRuns, setPinned } from '../../src/store/runs.js';
import { temporaryFolders } from './folders.js';

const freshFolder = temporaryFolders();

/** Four runs of 1,000 bytes, a day apart; returns their ids, newest first. */
function fourRuns(base: string): string[] {
  const ids = [4, 3, 2, 1].map((day) => makeRunId(1771942429 + day * 86_400, 'quick', `000${day}`));
  for (const id of ids) {
    mkdirSync(join(base, id), { recursive: true });
    writeFileSync(join(base, id, 'spec.yaml'), 'x'.repeat(1000));
  }
  return ids;
}

describe('run ids', () => {
  it('begin with UTC time, so that names sort by age', () => {
    expect(makeRunId(1771942429.9, 'Quick look: 70B!', '9f3c')).toBe('20260224T141349Z-quick-look-70b-9f3c');
  });

  it.each(['', '---', '日本', 'x'.repeat(200), '../../etc'])(
    'are safe folder names for a sweep called "%s"',
    (name) => {
      const id = makeRunId(0, name, '0000');
      expect(id).toMatch(/^19700101T000000Z-[a-z0-9-]{1,40}-0000$/);
      expect(isRunId(id)).toBe(true);
    },
  );
});

describe('runs on disk', () => {
  it('are listed newest first, other folders and files left out', () => {
    const base = freshFolder();
    const ids = fourRuns(base);
    mkdirSync(join(base, 'notes'));
    writeFileSync(join(base, '20260224T141349Z-file-9f3c'), '');
    expect(listRuns(base).map(({ id }) => id)).toEqual(ids);
  });

  it('are none where the folder does not exist', () => {
    expect(listRuns(join(freshFolder(), 'nowhere'))).toEqual([]);
  });

  it('are found by id and by path, and a wrong name is told the right ones', () => {
    const base = freshFolder();
    const [newest] = fourRuns(base);
    expect(findRun(base, newest!)).toBe(join(base, newest!));
    expect(findRun('elsewhere', join(base, newest!))).toBe(join(base, newest!));
    expect(() => findRun(base, 'quick')).toThrow(new RegExp(`neither the folder nor the id of a run; .*${newest!}`));
  });

  it('have no result before one was written', () => {
    const base = freshFolder();
    const [newest] = fourRuns(base);
    expect(readResultText(join(base, newest!))).toBeNull();
    expect(readSpecText(join(base, newest!))).toHaveLength(1000);
    expect(() => readSpecText(base)).toThrow(/spec\.yaml: cannot read it/);
  });
});

describe('retention', () => {
  it('removes the oldest beyond a number', () => {
    const base = freshFolder();
    const ids = fourRuns(base);
    expect(removeOldRuns(base, 3, Infinity, '')).toEqual([ids[3]]);
    expect(listRuns(base)).toHaveLength(3);
  });

  it('removes the oldest beyond a size', () => {
    const base = freshFolder();
    const ids = fourRuns(base);
    expect(removeOldRuns(base, 100, 2500, '')).toEqual([ids[2], ids[3]]);
  });

  it('never removes a pinned run, which does not count either', () => {
    const base = freshFolder();
    const ids = fourRuns(base);
    setPinned(join(base, ids[3]!), true);
    expect(removeOldRuns(base, 2, Infinity, '')).toEqual([ids[2]]);
    setPinned(join(base, ids[3]!), false);
    expect(removeOldRuns(base, 2, Infinity, '')).toEqual([ids[3]]);
  });

  it('never removes the run that is being written', () => {
    const base = freshFolder();
    const ids = fourRuns(base);
    expect(removeOldRuns(base, 0, 0, ids[1]!)).toEqual([ids[0], ids[2], ids[3]]);
  });
});
