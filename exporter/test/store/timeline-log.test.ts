import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LifetimeMeasures } from '../../src/measure/lifetime.js';
import { snapshotLifetime } from '../../src/measure/timeline.js';
import { AppendLog } from '../../src/store/append-log.js';
import { TimelineLog, windowsOf } from '../../src/store/timeline-log.js';
import { record, window } from '../analysis/samples.js';
import { temporaryFolders } from './folders.js';

const freshFolder = temporaryFolders();

function timeline(): { lifetime: LifetimeMeasures; log: TimelineLog; lines: () => string[] } {
  const path = join(freshFolder(), 'timeline.jsonl');
  const file = new AppendLog(path);
  const lifetime = new LifetimeMeasures({ latency: [], errorRatio: null });
  const lines = (): string[] => {
    file.flush();
    return readFileSync(path, 'utf8').trimEnd().split('\n');
  };
  return { lifetime, log: new TimelineLog(file, snapshotLifetime(lifetime)), lines };
}

const place = { phase: 'measure', level: 0, load: 1, repetition: 1, inFlight: 1 };

describe('timeline.jsonl', () => {
  it('tells what each second brought, not what had come before', () => {
    const { lifetime, log, lines } = timeline();
    lifetime.started = 3;
    lifetime.firstToken(record(1), 1, 0);
    log.second({ at: 1, ...place, snapshot: snapshotLifetime(lifetime) });
    lifetime.started = 5;
    log.second({ at: 2, ...place, snapshot: snapshotLifetime(lifetime) });
    const seconds = lines().map((line) => JSON.parse(line) as { counters: object; histograms: { ttft: unknown[] } });
    expect(seconds.map(({ counters }) => counters)).toMatchObject([{ started: 3 }, { started: 2 }]);
    expect(seconds.map(({ histograms }) => histograms.ttft.length)).toEqual([1, 0]);
  });

  it('gives windows back as they were, unknown values included, and on disk at once', () => {
    const { log, lines } = timeline();
    const whole = window({ throttledRatio: NaN, stampDelayP99: NaN });
    log.window(whole);
    expect(windowsOf(lines())).toEqual([whole]);
  });

  it('leaves out a window that a crash has torn', () => {
    const { log, lines } = timeline();
    log.window(window());
    log.window(window({ id: 'r1-l2' }));
    const [first, second] = lines();
    expect(windowsOf([first!, second!.slice(0, 60)]).map(({ id }) => id)).toEqual(['r1-l1']);
  });
});
