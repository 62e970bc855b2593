import { describe, expect, it } from '@jest/globals';
import { FieldType, type DataFrame, type Field } from '@grafana/data';
import { cleanup, render, screen } from '@testing-library/react';
import fc from 'fast-check';
import type { MatrixSeries } from '../../host/src/datasource/matrix.js';
import { toFrames } from '../../host/src/datasource/to-frames.js';
import { playSweep } from '../../host/src/scenarios/sweep-script.js';
import type { View } from '../../src/options/options.js';
import { panel } from '../support/panel.js';
import { PLAIN, rangeFrames, START, tableFrames } from '../support/scenario-frames.js';

const VIEWS: View[] = ['timeline', 'curve', 'levels'];
const SWEEP = playSweep({ ...PLAIN, levels: PLAIN.levels.slice(0, 3) }, START + 1140, 60);
const END = START + 1140;

/** All words of the panel, in each of its views. */
function words(frames: DataFrame[]): string {
  const texts = VIEWS.map((view) => {
    render(panel({ frames, options: { view } }));
    const text = document.body.textContent;
    cleanup();
    return text;
  });
  return texts.join('\n');
}

const withValues = (frame: DataFrame, name: string, change: (value: unknown, row: number) => unknown): DataFrame => ({
  ...frame,
  fields: frame.fields.map((field): Field =>
    field.name === name ? { ...field, values: field.values.map(change) } : field,
  ),
});

const isTtft = (frame: DataFrame): boolean => frame.name?.startsWith('loadgen_ttft_all_seconds') === true;
const isResult = (frame: DataFrame): boolean => frame.name?.startsWith('loadgen_result_ttft_seconds') === true;

/** The sweep's frames, those that `which` picks with other values. */
function damaged(which: (frame: DataFrame) => boolean, change: (value: unknown, row: number) => unknown): DataFrame[] {
  return rangeFrames(SWEEP).map((frame) => (which(frame) ? withValues(frame, 'Value', change) : frame));
}

const result = (labels: Record<string, string>, value: string): MatrixSeries => ({
  metric: { __name__: 'loadgen_result_ttft_seconds', run: PLAIN.run, q: 'p95', bound: 'point', ...labels },
  values: [[END, value]],
});

const KINDS: readonly [kind: string, frames: () => DataFrame[], reason: RegExp][] = [
  [
    'all values NaN',
    () =>
      damaged(
        () => true,
        () => NaN,
      ),
    /No sweep in this time range|No figures of levels/,
  ],
  ['infinities', () => damaged(isTtft, () => Infinity), /infinite values or text, which are left out/],
  ['negative infinities', () => damaged(isResult, () => -Infinity), /infinite values or text, which are left out/],
  ['text where numbers belong', () => damaged(isTtft, () => 'seven'), /infinite values or text, which are left out/],
  [
    'times out of order',
    () =>
      rangeFrames(SWEEP).map((frame) =>
        isTtft(frame) ? withValues(frame, 'Time', (_, row) => (END - row) * 1000) : frame,
      ),
    /was not in order of time and has been sorted/,
  ],
  [
    'a level told twice by two series',
    () => rangeFrames([...SWEEP, result({ level: '50', copy: 'a' }, '1'), result({ level: '50', copy: 'b' }, '2')]),
    /level 50 was told twice with different values/,
  ],
  [
    'a level told twice in one table',
    () =>
      toFrames([{ refId: 'T', format: 'instant', result: [result({ level: '9' }, '1'), result({ level: '9' }, '2')] }]),
    /T was told twice with different values/,
  ],
  ['negative figures', () => damaged(isResult, () => -0.2), /negative ttft p50/],
  ['a negative level', () => rangeFrames([...SWEEP, result({ level: '-5' }, '1')]), /not a level: -5/],
  ['a level that is text', () => rangeFrames([...SWEEP, result({ level: 'many' }, '1')]), /not a level: many/],
  [
    '10,000 series',
    () =>
      rangeFrames(
        Array.from({ length: 10_000 }, (_, i) => ({
          metric: { __name__: 'x', pod: String(i) },
          values: [
            [START, '1'],
            [START + 60, '2'],
          ] as [number, string][],
        })),
      ),
    /too many series to draw \(10000 > 60\)/,
  ],
  ['no frames', () => [], /No sweep in this time range.*Add queries for/],
  ['empty frames', () => [{ refId: 'A', fields: [], length: 0 }], /No sweep in this time range.*Add queries for/],
  [
    'frames without rows',
    () => tableFrames([]).concat(rangeFrames([{ metric: { __name__: 'loadgen_level', run: 'r' }, values: [] }])),
    /No sweep in this time range/,
  ],
  [
    'frames without numbers',
    () => [{ refId: 'A', fields: [{ name: 'a', type: FieldType.string, config: {}, values: ['x'] }], length: 1 }],
    /query A has no numbers/,
  ],
];

describe('bad data', () => {
  it.each(KINDS)('(%s) is named in the panel', (_, frames, reason) => {
    expect(words(frames())).toMatch(reason);
  });

  it('of any kinds at once throws nothing in any view', () => {
    const junk = fc.constantFrom<unknown>(
      NaN,
      Infinity,
      -Infinity,
      -1,
      0,
      null,
      undefined,
      'seven',
      '',
      1e308,
      true,
      {},
    );
    const frames = rangeFrames(SWEEP);
    const damage = fc.record({
      frame: fc.nat(frames.length - 1),
      field: fc.constantFrom('Time', 'Value'),
      every: fc.integer({ min: 1, max: 5 }),
      with: junk,
    });
    fc.assert(
      fc.property(fc.array(damage, { maxLength: 40 }), fc.constantFrom(...VIEWS), (damages, view) => {
        const all = [...frames];
        for (const { frame, field, every, with: bad } of damages) {
          all[frame] = withValues(all[frame]!, field, (value, row) => (row % every === 0 ? bad : value));
        }
        render(panel({ frames: all, options: { view } }));
        expect(screen.queryByRole('alert')).toBeNull();
        cleanup();
      }),
      { numRuns: 40 },
    );
  });
});

it('leaves out nothing of a sweep that is whole', () => {
  expect(words(rangeFrames(SWEEP))).not.toMatch(/left out|sorted|told twice|not a level|too many/);
});
