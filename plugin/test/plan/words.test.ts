import { describe, expect, it } from '@jest/globals';
import { CAUSES, VERDICTS } from '../../../exporter/src/analysis/run-analysis.js';
import { createTheme } from '@grafana/data';
import { buildSweepModel } from '../../src/data/build-model.js';
import { chooseRuns } from '../../src/data/choose-runs.js';
import { paletteOf } from '../../src/draw/palette.js';
import { formatChange, formatLoad, formatNumber, formatRatio, formatSeconds } from '../../src/format.js';
import { DEFAULT_OPTIONS } from '../../src/options/options.js';
import { planCurve } from '../../src/plan/curve.js';
import { headlineOf } from '../../src/plan/headline.js';
import { levelColumns } from '../../src/plan/level-columns.js';
import { curveReadout, timelineReadout } from '../../src/plan/readout.js';
import { planTimeline } from '../../src/plan/timeline.js';
import { TEXT } from '../../src/text.js';
import { structureKey } from '../../src/plan/chart-plan.js';
import { SPECULATIVE_70B } from '../../../plugin/host/src/scenarios/published.js';
import { framesAfter, PLAIN, PLAIN_SECONDS, START } from '../support/scenario-frames.js';

const palette = paletteOf(createTheme());
const modelAfter = (seconds: number, script = PLAIN) =>
  buildSweepModel(framesAfter(script, seconds), { toMs: (START + seconds) * 1000, stepMs: 10_000 });
const finished = modelAfter(PLAIN_SECONDS + 60);
const run = finished.runs[0]!;

describe('the result in words', () => {
  it('tells up to where the SLO holds, what breaks it, and where the server saturates', () => {
    expect(headlineOf(run).sentences.map(({ text }) => text)).toEqual([
      'Meets the SLO up to 70',
      'misses it at 80 (TPOT p95 61 ms > 60 ms)',
      'Saturated from 110 (queue)',
    ]);
  });

  it('tells what goes on while the sweep runs', () => {
    expect(headlineOf(modelAfter(3 * 360 + 30).runs[0]!).sentences[0]!.text).toBe('Now: level 80, warm-up');
  });

  it('says so where even the lowest level misses the SLO', () => {
    const script = { ...PLAIN, levels: SPECULATIVE_70B };
    const text = headlineOf(modelAfter(12 * 360 + 60, script).runs[0]!).sentences.map((sentence) => sentence.text);
    expect(text).toEqual([
      'Misses the SLO at every level from 50 (TPOT p95 68 ms > 60 ms)',
      'Saturated from 70 (slot limit)',
    ]);
  });
});

describe('the words', () => {
  it('name every cause and verdict that the exporter knows', () => {
    expect(VERDICTS.filter((verdict) => !(verdict in TEXT.verdict))).toEqual([]);
    expect(CAUSES.filter((cause) => TEXT.cause[cause] === undefined)).toEqual([]);
  });
});

describe('figures in words', () => {
  it.each([
    [0.061, '61 ms'],
    [0.9996, '1 s'],
    [5.815, '5.82 s'],
    [145, '2.42 min'],
    [0.00012, '120 µs'],
    [0, '0 s'],
    [NaN, '–'],
  ])('%p seconds are %p', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));

  it('keep three digits', () => {
    expect([formatNumber(3448.8), formatRatio(0.017), formatLoad(0.1 + 0.2), formatNumber(NaN)]).toEqual([
      '3\u202f449',
      '1.7 %',
      '0.3',
      '–',
    ]);
  });

  it.each([
    [0.236, 0.174, '+36 %'],
    [0.07, 0.084, '−17 %'],
    [6.519, 0.206, '×31.6'],
    [1, 1, '±0 %'],
    [1, 0, ''],
    [NaN, 1, ''],
  ])('%p against %p is %p', (value, base, text) => expect(formatChange(value, base)).toBe(text));
});

describe('the chart of a timeline', () => {
  const plan = (seconds: number) =>
    planTimeline({
      model: modelAfter(seconds),
      current: modelAfter(seconds).runs[0] ?? null,
      options: DEFAULT_OPTIONS,
      palette,
      fromMs: START * 1000,
      toMs: (START + 3000) * 1000,
      plotPx: 400,
      hidden: new Set(),
    });

  it('keeps its structure through levels, verdicts and results, so that it is never made anew', () => {
    const keys = new Set([50, 359, 362, 721, 2500].map((seconds) => structureKey(plan(seconds))));
    expect(keys.size).toBe(1);
  });

  it('reads level, phase, cause and the distance to the SLO off a moment', () => {
    const readout = timelineReadout(plan(PLAIN_SECONDS + 60), (START + 6 * 360 + 200) * 1000, 0, () => 'noon');
    expect(readout.level).toMatchObject({
      verdict: 'saturated',
      text: 'Level 110 · measured · saturated',
      detail: 'cause: queue',
    });
    expect(readout.rows.map(({ label, tone }) => [label, tone])).toEqual([
      ['TTFT p50', 'plain'],
      ['TTFT p95', 'bad'],
      ['TPOT p50', 'plain'],
      ['TPOT p95', 'bad'],
    ]);
  });
});

describe('the chart of a curve', () => {
  const plan = planCurve({ run, baseline: null, options: DEFAULT_OPTIONS, palette, plotPx: 400, hidden: new Set() });

  it('marks the SLO boundary between the last level that passes and the first that fails', () => {
    expect(plan.markers).toEqual([{ kind: 'boundary', load: 75, label: 'SLO boundary 70–80' }]);
  });

  it('has a whisker for every figure with an interval', () => {
    expect(plan.whiskers).toHaveLength(8 * 4);
  });

  it('takes requests for throughput where no tokens are known', () => {
    expect(plan.lanes.map(({ key }) => key)).toEqual(['ttft', 'tpot', 'requests']);
  });

  it('reads the nearest level', () => {
    expect(curveReadout(plan, 83)!.title).toBe('Level 80');
  });
});

describe('the table of levels', () => {
  it('has only columns with figures, and marks what meets an objective', () => {
    const columns = levelColumns(run, null);
    expect(columns.map(({ title }) => title)).toEqual([
      'TTFT p50',
      'TTFT p95',
      'TPOT p50',
      'TPOT p95',
      'E2E p50',
      'E2E p95',
      'Errors',
      'req/s',
      'n',
    ]);
    expect(run.levels.map((level) => columns[3]!.cell(level, undefined).pass)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('the runs that are shown', () => {
  const later = { ...run, key: 'later', id: 'later', name: 'again', startMs: run.startMs + 1 };
  it.each([
    ['the newest, against the one before', '$run', '$baseline', 'later', run.id],
    ['those that are named', run.id, 'later', run.id, 'later'],
    ['by name', 'plain-70b', 'none', run.id, undefined],
    ['no baseline where the one named is not there', '', 'gone', 'later', undefined],
  ])('are %s', (_, wanted, base, current, baseline) => {
    const chosen = chooseRuns([run, later], wanted, base);
    expect([chosen.current?.id, chosen.baseline?.id]).toEqual([current, baseline]);
  });
});
