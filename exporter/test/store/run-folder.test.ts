import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { AppendLog } from '../../src/store/append-log.js';
import { writeAtomically } from '../../src/store/atomic-file.js';
import { startLine } from '../../src/store/requests-log.js';
import { readRequests, readTimeline, RunFolder } from '../../src/store/run-folder.js';
import { StoreError } from '../../src/store/store-error.js';
import { record } from '../analysis/samples.js';
import { temporaryFolders } from './folders.js';

const freshFolder = temporaryFolders();
const RUN = '20260224T141349Z-quick-9f3c';

describe('the folder of a run', () => {
  it('holds the spec from the beginning', () => {
    const folder = RunFolder.create(join(freshFolder(), 'new', 'runs'), RUN, 'name: quick\n');
    expect(readFileSync(join(folder.dir, 'spec.yaml'), 'utf8')).toBe('name: quick\n');
    folder.close();
  });

  it('is never made twice', () => {
    const base = freshFolder();
    RunFolder.create(base, RUN, '').close();
    expect(() => RunFolder.create(base, RUN, '')).toThrow(StoreError);
  });

  it('that cannot be made is refused with path and advice', () => {
    const base = join(freshFolder(), 'file');
    writeFileSync(base, '');
    expect(() => RunFolder.create(base, RUN, '')).toThrow(/file.*cannot create it.*output\.dir/s);
  });

  it('keeps its lines in order over a crash and a reopening, and counts none twice', async () => {
    const base = freshFolder();
    const first = RunFolder.create(base, RUN, '');
    first.requests.line(startLine(record(1)));
    first.flush();
    appendFileSync(join(first.dir, 'requests.jsonl'), startLine(record(2)).slice(0, 15));
    const second = RunFolder.reopen(first.dir);
    second.requests.line(startLine(record(3)));
    second.close();
    const log = await readRequests(first.dir);
    expect(log.records.map(({ startedAt }) => startedAt)).toEqual([1, 3]);
    expect(log.torn).toEqual([2]);
  });

  it('without a spec is not one to go on with', () => {
    expect(() => RunFolder.reopen(freshFolder())).toThrow('is not the folder of a run');
  });

  it('without logs reads as empty', async () => {
    const dir = freshFolder();
    expect((await readRequests(dir)).records).toEqual([]);
    expect(await readTimeline(dir)).toEqual([]);
  });
});

describe('a log that grows', () => {
  it('is on disk once flushed', () => {
    const path = join(freshFolder(), 'log');
    const log = new AppendLog(path);
    log.line('one');
    log.line('zwei ü');
    log.flush();
    expect(readFileSync(path, 'utf8')).toBe('one\nzwei ü\n');
    log.close();
  });

  it('does not wait for a flush when much is pending', () => {
    const path = join(freshFolder(), 'log');
    const log = new AppendLog(path);
    for (let i = 0; i < 2000; i++) log.line('x'.repeat(100));
    expect(readFileSync(path).length).toBeGreaterThan(60_000);
    log.close();
  });

  const full = existsSync('/dev/full') ? it : it.skip;
  full('on a full disk says so instead of losing lines silently', () => {
    const log = new AppendLog('/dev/full');
    log.line('lost?');
    expect(() => log.flush()).toThrow(/\/dev\/full: cannot append to it: .*ENOSPC.*the disk is full/);
    expect(() => log.flush()).toThrow(StoreError);
    expect(() => log.close()).toThrow(StoreError);
  });

  it('that cannot be opened is refused', () => {
    const dir = freshFolder();
    mkdirSync(join(dir, 'log'));
    expect(() => new AppendLog(join(dir, 'log'))).toThrow(/cannot open it for appending/);
  });
});

describe('a file written atomically', () => {
  it('replaces the old one and leaves nothing else behind', () => {
    const dir = freshFolder();
    writeAtomically(join(dir, 'result.json'), 'old');
    writeAtomically(join(dir, 'result.json'), 'new');
    expect(readdirSync(dir)).toEqual(['result.json']);
    expect(readFileSync(join(dir, 'result.json'), 'utf8')).toBe('new');
  });

  it('that fails leaves the old one as it was', () => {
    const dir = freshFolder();
    mkdirSync(join(dir, 'result.json'));
    writeFileSync(join(dir, 'result.json', 'inside'), 'kept');
    expect(() => writeAtomically(join(dir, 'result.json'), 'new')).toThrow(/result\.json: cannot write it/);
    expect(readdirSync(dir)).toEqual(['result.json']);
  });
});
