import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventLog } from '../../src/server/event-log.js';
import type { NumberedEvent } from '../../src/server/sweep-service.js';
import type { SweepEvent } from '../../src/sweep/events.js';
import { liveStats } from './memory-service.js';

const note = (message: string): SweepEvent => ({ type: 'note', severity: 'info', message });
const progress = (ratio: number): SweepEvent => ({
  type: 'progress',
  ratio,
  remainingSeconds: 0,
  phase: 'measure',
  load: 1,
  live: liveStats(1),
});
const end: SweepEvent = { type: 'end', state: 'completed', reason: '', runDir: '' };

function replay(log: EventLog, after: number): number[] {
  const seen: NumberedEvent[] = [];
  log.subscribe(after, (event) => seen.push(event)).unsubscribe();
  return seen.map(({ seq }) => seq);
}

describe('the event log of a run', () => {
  it('keeps of the progress events only the newest', () => {
    const log = new EventLog();
    for (const event of [note('a'), progress(0.1), note('b'), progress(0.2), progress(0.3)]) log.push(event);
    expect(replay(log, 0)).toEqual([1, 3, 5]);
  });

  it('replays everything to who knows a place that it never reached', () => {
    const log = new EventLog();
    log.push(note('a'));
    expect(replay(log, 99)).toEqual([1]);
  });

  it('says when nothing more will come, and takes nothing more', () => {
    const log = new EventLog();
    log.push(end);
    expect(log.subscribe(1, () => undefined).ended).toBe(true);
    expect(() => log.push(note('late'))).toThrow(/after the end/);
  });

  it('tells a listener nothing after it left', () => {
    const log = new EventLog();
    const seen: number[] = [];
    const subscription = log.subscribe(0, ({ seq }) => seen.push(seq));
    log.push(note('a'));
    subscription.unsubscribe();
    log.push(note('b'));
    expect(seen).toEqual([1]);
  });

  it('loses no event but superseded progress, wherever a listener leaves and comes back', () => {
    const events = fc.array(fc.constantFrom('note', 'progress'), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(events, fc.nat(30), fc.nat(30), (kinds, a, b) => {
        const [leave, back] = [Math.min(a, b), Math.max(a, b)];
        const log = new EventLog();
        const seen: NumberedEvent[] = [];
        const listen = (): { unsubscribe(): void } => log.subscribe(seen.at(-1)?.seq ?? 0, (event) => seen.push(event));
        let subscription = listen();
        kinds.forEach((kind, i) => {
          if (i === leave) subscription.unsubscribe();
          if (i === back) {
            subscription.unsubscribe();
            subscription = listen();
          }
          log.push(kind === 'note' ? note(String(i)) : progress(i));
        });
        subscription.unsubscribe();
        listen();
        const notes = seen.filter(({ event }) => event.type === 'note').map(({ seq }) => seq);
        expect(notes).toEqual(kinds.flatMap((kind, i) => (kind === 'note' ? [i + 1] : [])));
        expect(seen.map(({ seq }) => seq)).toEqual([...new Set(seen.map(({ seq }) => seq))].sort((x, y) => x - y));
      }),
    );
  });
});
