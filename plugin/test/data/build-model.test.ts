import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DataFrame } from '@grafana/data';
import { buildSweepModel } from '../../src/data/build-model.js';
import { playSweep } from '../../host/src/scenarios/sweep-script.js';
import { framesAfter, PLAIN, PLAIN_SECONDS, rangeFrames, START, tableFrames } from '../support/scenario-frames.js';

const modelAt = (frames: DataFrame[], afterSeconds: number) =>
  buildSweepModel(frames, { toMs: (START + afterSeconds) * 1000, stepMs: 10_000 });
const finished = framesAfter(PLAIN, PLAIN_SECONDS + 60);

describe('a finished sweep', () => {
  const { runs, problems } = modelAt(finished, PLAIN_SECONDS + 60);
  const run = runs[0]!;

  it('is one completed run with its name and model', () => {
    expect(runs).toHaveLength(1);
    expect(run).toMatchObject({ id: PLAIN.run, name: 'plain-70b', model: 'llama-3.1-70b', state: 'completed' });
    expect(run.endMs).toBe((START + PLAIN_SECONDS) * 1000);
    expect(problems).toEqual([]);
  });

  it('has its windows at the edges that the values tell, not at the samples', () => {
    expect(run.windows.map(({ load }) => load)).toEqual([50, 60, 70, 80, 90, 100, 110, 120]);
    expect(run.windows[0]).toMatchObject({
      startMs: START * 1000,
      measureStartMs: (START + 60) * 1000,
      measureEndMs: (START + 360) * 1000,
      endMs: (START + 360) * 1000,
    });
  });

  it('has the verdicts that the exporter gave', () => {
    expect(run.levels.map(({ verdict }) => verdict)).toEqual([
      ...['clean', 'clean', 'clean', 'degrading', 'degrading', 'degrading', 'saturated', 'saturated'],
    ]);
    expect(run.levels.every(({ verdictFrom }) => verdictFrom === 'exporter')).toBe(true);
  });

  it('has each level’s quantiles with their interval', () => {
    expect(run.levels[3]!.quantiles.tpot!.p95!.point).toBeCloseTo(0.061);
    expect(run.levels[3]!.quantiles.tpot!.p95!.lower).toBeCloseTo(0.061 * 0.92);
    expect(run.levels[6]!.figures.errorRatio).toBeCloseTo(0.017);
  });

  it('finds the SLO boundary between 70 and 80', () => {
    expect(run).toMatchObject({ lastPass: 70, firstFail: 80 });
  });
});

describe('a sweep that runs', () => {
  const after = 3 * 360 + 100;
  const run = modelAt(framesAfter(PLAIN, after), after).runs[0]!;

  it('is running at its level and phase', () => {
    expect(run).toMatchObject({ state: 'running', live: { load: 80, phase: 'measure' } });
  });

  it('has an open window and no figures for that level yet', () => {
    expect(run.windows.at(-1)!.endMs).toBeNaN();
    expect(run.levels.at(-1)).toMatchObject({ load: 80, running: true, verdict: 'unknown' });
  });
});

describe('the state of a run', () => {
  it('is interrupted when its samples stop without an end', () => {
    const stoppedAt = START + 700;
    expect(modelAt(framesAfter({ ...PLAIN, end: undefined }, 3000, stoppedAt), 3000).runs[0]!.state).toBe(
      'interrupted',
    );
  });

  it('is aborted when the exporter says so', () => {
    const script = { ...PLAIN, levels: PLAIN.levels.slice(0, 3), end: 'aborted' as const };
    expect(modelAt(framesAfter(script, 3 * 360 + 30), 3 * 360 + 30).runs[0]!.state).toBe('aborted');
  });
});

describe('what dashboards ask for results alone', () => {
  const results = (script: typeof PLAIN, seconds: number) =>
    tableFrames(
      playSweep(script, START + seconds, 10).filter(
        ({ metric }) =>
          !/_(level|phase|snapshot)$|_all_seconds$/.test(metric.__name__!) ||
          metric.__name__ === 'loadgen_level_verdict',
      ),
    );

  it('does not call a run interrupted that may well go on', () => {
    expect(modelAt(results(PLAIN, 800), 800).runs[0]!.state).toBe('unknown');
  });

  it('takes a bound that the exporter left out for none, where it told the other', () => {
    const frames = [
      ...results(PLAIN, 800),
      ...rangeFrames([
        {
          metric: { __name__: 'loadgen_run_slo_level', run: PLAIN.run, bound: 'last_pass', job: 'sweepscope' },
          values: [[START, '60']],
        },
      ]),
    ];
    expect(modelAt(frames, 800).runs[0]).toMatchObject({ lastPass: 60, firstFail: null });
  });

  it('is no run while the exporter only probes', () => {
    const metric = { __name__: 'loadgen_level', run: 'probe' };
    expect(
      modelAt(
        rangeFrames([
          {
            metric,
            values: [
              [START, '1'],
              [START + 10, '1'],
            ],
          },
        ]),
        10,
      ).runs,
    ).toEqual([]);
  });
});

describe('many instances and runs', () => {
  it('are one run when a pod was replaced', () => {
    const script = { ...PLAIN, restart: { at: START + 900, instance: '10.0.0.9:9464' } };
    const model = modelAt(framesAfter(script, PLAIN_SECONDS + 60), PLAIN_SECONDS + 60);
    expect(model.runs).toHaveLength(1);
    expect(model.runs[0]!.windows).toHaveLength(8);
    expect(model.series.filter(({ measure, q }) => measure === 'ttft' && q === 'p95')).toHaveLength(1);
  });

  it('are two runs when two jobs have one run id each', () => {
    const frames = [...framesAfter(PLAIN, 800), ...framesAfter({ ...PLAIN, job: 'other', instance: 'b:1' }, 800)];
    const model = modelAt(frames, 800);
    expect(model.runs.map(({ key }) => key)).toEqual([`${PLAIN.run} (//other)`, `${PLAIN.run} (//sweepscope)`]);
    expect(model.series.filter(({ measure, q }) => measure === 'ttft' && q === 'p95').map(({ tag }) => tag)).toEqual([
      ...['10.0.0.7:9464 sweepscope', 'b:1 other'],
    ]);
  });

  it('stay apart when two runs are in one range', () => {
    const later = { ...PLAIN, run: '20260224T161349Z-plain-70b-aaaa', startedAt: START + 7200 };
    const frames = [...framesAfter(later, 500), ...finished];
    expect(modelAt(frames, 7700).runs.map(({ state }) => state)).toEqual(['completed', 'running']);
  });
});

describe('the shape of the answer does not matter', () => {
  const expected = modelAt(finished, PLAIN_SECONDS + 60);

  it('whether range or instant table', () => {
    const { runs } = modelAt(tableFrames(playSweep(PLAIN, START + PLAIN_SECONDS + 60, 10)), PLAIN_SECONDS + 60);
    expect(runs[0]!.levels).toEqual(expected.runs[0]!.levels);
    expect(runs[0]!.windows).toEqual(expected.runs[0]!.windows);
  });

  it('in whatever order frames and fields come', () => {
    const orders = fc.array(fc.nat(), { minLength: finished.length, maxLength: finished.length });
    fc.assert(
      fc.property(orders, fc.boolean(), (order, flip) => {
        const shuffled = finished
          .map((frame, i) => ({ frame, at: order[i]! }))
          .sort((a, b) => a.at - b.at)
          .map(({ frame }) => (flip ? { ...frame, fields: [...frame.fields].reverse() } : frame));
        expect(withoutSources(modelAt(shuffled, PLAIN_SECONDS + 60))).toEqual(withoutSources(expected));
      }),
      { numRuns: 30 },
    );
  });

  it('with the metric’s name dropped and a role given by label', () => {
    const renamed = playSweep(PLAIN, START + PLAIN_SECONDS + 60, 10).map(
      ({ metric: { __name__, ...metric }, values }) => ({
        metric: { ...metric, role: ROLES[__name__!] ?? 'ignore' },
        values,
      }),
    );
    const { runs } = modelAt(rangeFrames(renamed), PLAIN_SECONDS + 60);
    expect(runs[0]!.levels).toEqual(expected.runs[0]!.levels);
    expect(runs[0]!.windows).toEqual(expected.runs[0]!.windows);
  });
});

const ROLES: Record<string, string> = {
  loadgen_window_timestamp_seconds: 'window_edge',
  loadgen_window_info: 'window_info',
  loadgen_level_verdict: 'verdict',
  loadgen_slo_seconds: 'slo',
  loadgen_run_info: 'run_info',
  loadgen_run_end_timestamp_seconds: 'run_end',
  loadgen_result_ttft_seconds: 'result_ttft',
  loadgen_result_tpot_seconds: 'result_tpot',
  loadgen_result_latency_seconds: 'result_latency',
  loadgen_result_requests_per_second: 'result_rps',
  loadgen_result_error_ratio: 'result_error',
  loadgen_result_samples: 'result_samples',
};

function withoutSources(model: ReturnType<typeof buildSweepModel>) {
  return { ...model, series: model.series.map((series) => ({ ...series, source: null })) };
}

describe('bad data', () => {
  const junk = fc.oneof(
    fc.double(),
    fc.constantFrom(NaN, Infinity, -Infinity, null, undefined, '', 'seven', '0x10', -1, 1e308, true, {}),
  );
  const labels = fc.dictionary(
    fc.constantFrom(
      'run',
      'level',
      'window',
      'edge',
      'role',
      '__name__',
      'q',
      'quantile',
      'bound',
      'verdict',
      'slo',
      'metric',
      'phase',
      'state',
      'repetition',
      'constructor',
      '__proto__',
    ),
    fc.oneof(
      fc.constantFrom(
        'r1',
        '10',
        '-3',
        '1e999',
        'NaN',
        'p95',
        'start',
        'end',
        'ttft',
        'loadgen_window_timestamp_seconds',
        'loadgen_result_ttft_seconds',
        'level',
        'measure',
        'toString',
        '',
      ),
      fc.string(),
    ),
  );
  const field = fc.record({
    name: fc.constantFrom('Time', 'Value', 'level', 'run', '__name__', 'constructor'),
    type: fc.constantFrom('time', 'number', 'string', 'boolean', 'other'),
    labels,
    config: fc.constant({}),
    values: fc.array(junk, { maxLength: 12 }),
  });
  const frame = fc.record({
    refId: fc.constantFrom('A', 'B', 'constructor', undefined),
    fields: fc.array(field, { maxLength: 5 }),
    length: fc.nat(12),
  });

  it('never throws, and all figures are finite or NaN', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), (frames) => {
        const model = buildSweepModel(frames as never, {
          toMs: 1e12,
          stepMs: 1000,
          foreign: { levelField: '', objectives: [] },
        });
        for (const { levels } of model.runs) {
          for (const { load, quantiles } of levels) {
            expect(Number.isFinite(load) && load >= 0).toBe(true);
            for (const stats of Object.values(quantiles))
              for (const { point } of Object.values(stats)) expect(Math.abs(point)).not.toBe(Infinity);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('draws no more than 60 of 10,000 series, and says so', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({
      metric: { __name__: 'x', pod: String(i) },
      values: [
        [1, '1'],
        [2, '2'],
      ] as [number, string][],
    }));
    const model = buildSweepModel(rangeFrames(many), { toMs: 3000, stepMs: 1000 });
    expect(model.series).toHaveLength(60);
    expect(model.problems).toEqual([{ code: 'too-many-series', detail: '10000 > 60' }]);
  });

  it.each([
    ['a level that is no number', { level: '7O' }, 'bad-level'],
    ['a negative level', { level: '-5' }, 'bad-level'],
  ])('leaves out %s and says so', (_, label, code) => {
    const metric = { __name__: 'loadgen_result_ttft_seconds', run: 'r', q: 'p50', bound: 'point', ...label };
    const model = buildSweepModel(rangeFrames([{ metric, values: [[1, '0.2']] }]), { toMs: 2000, stepMs: 1000 });
    expect(model.problems.map((problem) => problem.code)).toEqual([code]);
  });

  it('leaves out windows whose edges run backwards and says so', () => {
    const edge = (name: string, at: string) => ({
      metric: {
        __name__: 'loadgen_window_timestamp_seconds',
        run: 'r',
        window: 'w',
        level: '5',
        repetition: '1',
        edge: name,
      },
      values: [[100, at]] as [number, string][],
    });
    const model = buildSweepModel(rangeFrames([edge('start', '50'), edge('end', '20')]), {
      toMs: 100_000,
      stepMs: 1000,
    });
    expect(model.problems).toEqual([{ code: 'bad-edges', detail: 'w' }]);
  });
});
