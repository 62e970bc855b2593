import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { chooseWriter } from '../../../src/cli/output/choose-writer.js';
import { JsonWriter } from '../../../src/cli/output/json-writer.js';
import { PlainWriter } from '../../../src/cli/output/plain-writer.js';
import { TtyWriter } from '../../../src/cli/output/tty-writer.js';
import type { SweepEvent } from '../../../src/sweep/events.js';
import { levelEvent } from '../../support/level-event.js';
import { Screen } from './screen.js';
import { LIVE, PROGRESS, START, levelResult, phase } from './level-results.js';

const STYLE = { colour: false, unicode: true };
const END: SweepEvent = { type: 'end', state: 'completed', reason: '', runDir: 'runs/x' };
const LEVEL: SweepEvent = levelEvent(levelResult());

function note(severity: 'info' | 'warning' | 'error', message: string): SweepEvent {
  return { type: 'note', severity, message };
}

describe('the terminal writer', () => {
  it('draws each frame over the last, and leaves the final one', () => {
    const screen = new Screen(100, 30);
    const writer = new TtyWriter(screen, STYLE);
    for (const event of [START, phase({}), PROGRESS, LEVEL, PROGRESS, END]) writer.handle(event);
    expect(screen.text()).toEqual([
      '20260102-030405-quick',
      '               TTFT ms        TPOT ms        E2E s',
      '   users    p50    p95     p50    p95    p50   p95  err %  req/s  tok/s     n  verdict',
      '       8   60.9   88.4     5.5    7.4   0.77  0.82    0.0   10.2   1312   153  clean',
      '      16      –      –       –      –      –     –      –      –      –     –',
      '      32      –      –       –      –      –     –      –      –      –     –',
      '',
      'completed',
    ]);
  });

  it('puts notes above the table, where they stay', () => {
    const screen = new Screen(100, 30);
    const writer = new TtyWriter(screen, STYLE);
    for (const event of [START, note('warning', 'slow \u001b[2Jserver\nhere'), PROGRESS, note('info', 'more'), END])
      writer.handle(event);
    expect(screen.text().slice(0, 3)).toEqual(['warning: slow server here', 'more', '20260102-030405-quick']);
    expect(screen.text().filter((line) => line.startsWith('20260102'))).toHaveLength(1);
  });

  it('hides the cursor while it draws and gives it back at the end', () => {
    const screen = new Screen(100, 30);
    const writer = new TtyWriter(screen, STYLE);
    writer.handle(START);
    expect(screen.cursorVisible).toBe(false);
    writer.handle(END);
    expect(screen.cursorVisible).toBe(true);
  });

  it('gives the cursor back when it is closed in the middle, once', () => {
    const screen = new Screen(100, 30);
    const writer = new TtyWriter(screen, STYLE);
    writer.handle(START);
    writer.close();
    const written = screen.writes.length;
    writer.close();
    writer.handle(PROGRESS);
    expect([screen.cursorVisible, screen.writes.length, screen.listenerCount('resize')]).toEqual([true, written, 0]);
  });

  it('redraws when the terminal gets another width, without leaving remains', () => {
    const screen = new Screen(120, 30);
    const writer = new TtyWriter(screen, STYLE);
    for (const event of [START, LEVEL, phase({}), PROGRESS]) writer.handle(event);
    screen.resize(70, 30);
    expect(screen.text().filter((line) => line.startsWith('20260102'))).toHaveLength(1);
    expect(Math.max(...screen.text().map((line) => line.length))).toBeLessThan(70);
  });

  it('writes each frame in one piece', () => {
    const screen = new Screen(100, 30);
    const writer = new TtyWriter(screen, STYLE);
    writer.handle(START);
    writer.handle(PROGRESS);
    expect(screen.writes).toHaveLength(2);
  });

  it('fits a terminal of few lines', () => {
    const screen = new Screen(80, 8);
    const writer = new TtyWriter(screen, STYLE);
    const levels = Array.from({ length: 30 }, (_, index) => index + 1);
    for (const event of [{ ...START, levels } as SweepEvent, phase({ level: 9 }), PROGRESS, PROGRESS])
      writer.handle(event);
    expect(screen.scrolled).toBe(0);
  });
});

describe('the plain writer', () => {
  function lines(events: readonly SweepEvent[], { unicode = true, secondsPerEvent = 1 } = {}): string[] {
    let now = 0;
    let written = '';
    const writer = new PlainWriter({ write: (text) => (written += text) }, { now: () => now }, unicode);
    for (const event of events) {
      writer.handle(event);
      now += secondsPerEvent;
    }
    return written.trimEnd().split('\n');
  }

  it('writes a line for the start, each phase, each level, notes and the end', () => {
    const result = levelResult({ errorRatio: 0.06 });
    expect(lines([START, phase({}), levelEvent(result), note('error', 'disk full'), END])).toEqual([
      'run 20260102-030405-quick: levels 8, 16, 32 × 1, about 1:57',
      '[   0:41] measure 16 users, repetition 1, snapshot 2',
      'level 8 users: TTFT p50 60.9 p95 88.4 ms, TPOT p50 5.5 p95 7.4 ms, E2E p50 0.77 p95 0.82 s, errors 6.0 %, 10.2 req/s, 1312 tok/s, n 153: saturated: errors',
      'error: disk full',
      'completed',
    ]);
  });

  it('tells the progress every 10 seconds', () => {
    const told = lines(Array.from({ length: 25 }, () => PROGRESS));
    expect(told).toHaveLength(3);
    expect(told[0]).toBe('43 %, 1:23 left: 16 in flight, TTFT p50 104 ms, 17.8 req/s, 2277 tok/s, errors 0.0 %');
  });

  it('shows missing figures as –, in ASCII as -', () => {
    const missing = { ...PROGRESS, live: { ...LIVE, ttftP50: NaN } } as SweepEvent;
    expect(lines([missing])[0]).toContain('TTFT p50 – ms');
    expect(lines([missing], { unicode: false })[0]).toContain('TTFT p50 - ms');
  });

  it('keeps a note on one line', () => {
    expect(lines([note('info', 'a\nb\u001b[31mc')])).toEqual(['a bc']);
  });
});

describe('the JSON writer', () => {
  function written(event: SweepEvent): string {
    let text = '';
    new JsonWriter({ write: (piece) => (text += piece) }).handle(event);
    return text;
  }

  it('writes one object a line', () => {
    expect(written(note('info', 'a\nb'))).toBe('{"type":"note","severity":"info","message":"a\\nb"}\n');
  });

  it('writes missing figures as null', () => {
    const parsed = JSON.parse(
      written({ ...PROGRESS, live: { ...LIVE, ttftP95: NaN, ttftP50: Infinity } } as SweepEvent),
    ) as unknown;
    expect(parsed).toMatchObject({ live: { ttftP95: null, ttftP50: null, tpotP50: 0.006 } });
  });
});

describe('the choice of a writer', () => {
  const output = (isTTY: boolean) => Object.assign(new EventEmitter(), { isTTY, write: () => true });
  const choose = (isTTY: boolean, json = false, environment = {}) =>
    chooseWriter({ json, output: output(isTTY), environment, clock: { now: () => 0 }, unit: 'users' });

  it('is the live table on a terminal, plain lines elsewhere, JSON where asked for', () => {
    expect(choose(true)).toBeInstanceOf(TtyWriter);
    expect(choose(false)).toBeInstanceOf(PlainWriter);
    expect(choose(true, true)).toBeInstanceOf(JsonWriter);
  });

  it('is plain lines on a terminal that cannot move its cursor', () => {
    expect(choose(true, false, { TERM: 'dumb' })).toBeInstanceOf(PlainWriter);
  });
});
