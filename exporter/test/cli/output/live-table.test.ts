import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LiveState } from '../../../src/cli/output/live-state.js';
import { renderLiveTable } from '../../../src/cli/output/live-table.js';
import { levelEvent } from '../../support/level-event.js';
import { LIVE, PROGRESS, START, levelResult, phase, stateAfter } from './level-results.js';

const UNICODE = { colour: false, unicode: true };
const ASCII = { colour: false, unicode: false };
const COLOUR = { colour: true, unicode: true };
const WIDE = { width: 100, height: Infinity };

const midway = stateAfter(START, levelEvent(levelResult()), phase({}), PROGRESS);

describe('the live table', () => {
  it('shows finished levels, the running one with live figures, those to come, and the progress', () => {
    expect(renderLiveTable(midway, WIDE, UNICODE)).toEqual([
      '20260102-030405-quick',
      '               TTFT ms        TPOT ms        E2E s',
      '   users    p50    p95     p50    p95    p50   p95  err %  req/s  tok/s     n  verdict',
      '       8   60.9   88.4     5.5    7.4   0.77  0.82    0.0   10.2   1312   153  clean',
      '▸     16    104      –     6.0      –   0.88     –    0.0   17.8   2277     –  measure',
      '      32      –      –       –      –      –     –      –      –      –     –',
      '',
      '━━━━━━━━━━━━━━━━━━──────────────────────   43 %  measure 16 users, snapshot 2  1:23 left',
      '16 in flight · 16 conversations · oldest unanswered 0.05 s',
    ]);
  });

  it('leaves the less important columns out of a narrow terminal', () => {
    const [, groups, titles, first] = renderLiveTable(midway, { width: 60, height: 24 }, UNICODE);
    expect([groups, titles, first]).toEqual([
      '               TTFT ms  E2E s',
      '   users    p50    p95    p50  req/s  tok/s  verdict',
      '       8   60.9   88.4   0.77   10.2   1312  clean',
    ]);
  });

  it('does without any character beyond ASCII where the locale has none', () => {
    const lines = renderLiveTable(midway, WIDE, ASCII);
    expect(lines.join('')).toMatch(/^[\x20-\x7e]*$/);
    expect(lines[4]).toBe('>     16    104      -     6.0      -   0.88     -    0.0   17.8   2277     -  measure');
    expect(lines[7]).toMatch(/^=+-+ {3}43 %/);
  });

  it('names the unit of the levels', () => {
    const state = stateAfter(
      { ...START, levels: [0.5] } as typeof START,
      phase({ level: 0, load: 0.5, phase: 'warmup' }),
    );
    const lines = renderLiveTable(state, WIDE, UNICODE, 'req/s');
    expect(lines[2]).toMatch(/^ {3}req\/s /);
    expect(lines[3]).toMatch(/^▸ {4}0\.5 .* warm-up$/);
    expect(lines[5]).toContain('warm-up 0.5 req/s');
  });

  it('dims the running row, and colours verdicts by what they say', () => {
    const results = [
      levelResult(),
      levelResult({ level: 1, load: 16, requestsPerSecond: 11, okPerSecond: 11 }),
      levelResult({ level: 2, load: 32, valid: false, invalidReasons: ['little'] }),
    ];
    const state = stateAfter(START, levelEvent(...results.slice(0, 2)), levelEvent(...results));
    const lines = renderLiveTable(state, { ...WIDE, width: 120 }, COLOUR);
    expect(lines[3]).toContain('–');
    expect(lines[4]).toContain('\u001b[33mdegrading: throughput\u001b[0m');
    expect(lines[5]).toContain('\u001b[31minvalid: little\u001b[0m');
    expect(renderLiveTable(midway, WIDE, COLOUR)[3]).toContain('\u001b[32mclean\u001b[0m');
    expect(renderLiveTable(midway, WIDE, COLOUR)[4]).toMatch(/^\u001b\[2m▸.*measure\u001b\[0m$/);
  });

  it('forgets the live figures of a level when the next one begins', () => {
    const [, , , , row] = renderLiveTable(stateAfter(START, phase({}), PROGRESS, phase({ level: 2 })), WIDE, UNICODE);
    expect(row).not.toContain('104');
  });

  it('shows live figures again when a level is run another time', () => {
    const again = stateAfter(START, levelEvent(levelResult()), phase({ level: 0 }), PROGRESS);
    expect(renderLiveTable(again, WIDE, UNICODE)[3]).toMatch(/^▸ {6}8 {4}104 /);
  });

  it('keeps the running level in sight where the terminal is low', () => {
    const levels = Array.from({ length: 40 }, (_, index) => index + 1);
    const state = stateAfter({ ...START, levels } as typeof START, phase({ level: 20, load: 21 }));
    const lines = renderLiveTable(state, { width: 80, height: 14 }, UNICODE);
    expect(lines.length).toBeLessThanOrEqual(14);
    expect(lines.some((line) => line.startsWith('▸     21'))).toBe(true);
    expect(lines.some((line) => line.endsWith('… 33 more levels'))).toBe(true);
  });

  it('ends with how the sweep ended', () => {
    const end = { type: 'end', state: 'aborted', reason: 'stopped by SIGINT', runDir: 'x' } as const;
    expect(renderLiveTable(stateAfter(START, phase({}), PROGRESS, end), WIDE, UNICODE).at(-1)).toBe(
      'aborted: stopped by SIGINT',
    );
  });

  it('says who waits and what fails', () => {
    const live = { ...LIVE, backoffSlots: 3, errorRatio: 0.125 };
    const lines = renderLiveTable({ ...midway, live }, WIDE, UNICODE);
    expect(lines.at(-1)).toBe(
      '16 in flight · 16 conversations · 3 in back-off · 12.5 % errors · oldest unanswered 0.05 s',
    );
  });

  it('is never wider than the terminal nor higher than it, whatever the figures', () => {
    const figure = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, 0, 1e-9, 123_456_789));
    const states = fc
      .record({
        levels: fc.array(fc.oneof(fc.nat(), figure), { maxLength: 30 }),
        ttft: figure,
        rate: figure,
        errors: figure,
        reasons: fc.array(fc.string({ unit: 'binary' })),
        ratio: figure,
        running: fc.integer({ min: -1, max: 30 }),
        runId: fc.string({ unit: 'grapheme-ascii' }),
        repetitions: fc.nat(),
      })
      .map((drawn): LiveState => {
        const result = levelResult({
          valid: false,
          invalidReasons: drawn.reasons,
          requestsPerSecond: drawn.rate,
          completed: drawn.rate,
        });
        const live = { ...LIVE, ttftP50: drawn.ttft, errorRatio: drawn.errors, outputTokensPerSecond: drawn.rate };
        const { levels, ratio, runId, repetitions } = drawn;
        const results = new Map([[0, result]]);
        return {
          ...midway,
          levels,
          ratio,
          runId,
          repetitions,
          live,
          results,
          level: drawn.running,
          remainingSeconds: drawn.rate,
        };
      });
    fc.assert(
      fc.property(states, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 7, max: 60 }), (state, width, height) => {
        const lines = renderLiveTable(state, { width, height }, UNICODE);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
        expect(lines.length).toBeLessThanOrEqual(height);
      }),
      { numRuns: 500 },
    );
  });
});
