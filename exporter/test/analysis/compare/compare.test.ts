import { describe, expect, it } from '@jest/globals';
import { compareRuns } from '../../../src/analysis/compare/compare.js';
import {
  DEFAULT_COMPARE,
  type ComparedFigure,
  type FigureComparison,
  type RunComparison,
} from '../../../src/analysis/compare/types.js';
import { comparedRun, OWN_DEFINITIONS, pointLevel, syntheticLevel } from '../../support/compared-runs.js';
import { quantiles, seedResults } from '../../support/seed-levels.js';

function figureOf({ levels }: RunComparison, load: number, figure: ComparedFigure): FigureComparison {
  return levels.find((level) => level.load === load)!.figures.find((one) => one.figure === figure)!;
}

/** One level in both runs, measured by us with `conversations` on each side. */
function measured(base: object, candidate: object, conversations = 200): RunComparison {
  const run = (changes: object, seed: number) =>
    comparedRun([syntheticLevel({ users: 8, conversations, seed, ...changes })]);
  return compareRuns(run(base, 11), run(candidate, 12));
}

const published = (name: string, workload = 'chat') =>
  comparedRun(
    seedResults(name).map((result) => ({ result, definitions: OWN_DEFINITIONS, observations: null })),
    { id: name, name, workload: { kind: 'conversation', description: workload, seed: null } },
  );

describe('an EAGLE-3 run against its baseline, as published', () => {
  const comparison = compareRuns(published('000-vllm-70b'), published('001-eagle3'));

  it('tells the collapse of TTFT first', () => {
    expect(comparison.findings[0]).toMatchObject({ kind: 'collapse' });
    expect(comparison.findings[0]!.text).toBe(
      'TTFT p50 collapses at 70, 80 and 100 users: ×31.6 to ×133 of the base (206 ms → 6.52 s at 70); ' +
        'at 50 and 60 users it is +36 % to +39 %. These are points without intervals.',
    );
  });

  it('calls times not comparable where more than 5 % failed: survivors', () => {
    const survivors = comparison.levels.filter(({ figures }) => figures.some(({ why }) => why === 'survivors'));

    expect(survivors.map(({ load }) => load)).toEqual([90, 110, 120]);
    expect(figureOf(comparison, 120, 'tpot_p50')).toMatchObject({ verdict: 'not comparable', why: 'survivors' });
  });

  it('says that a shorter TPOT among survivors is no finding', () => {
    const finding = comparison.findings.find(({ kind }) => kind === 'survivors')!;

    expect(finding.text).toContain('Not comparable: survivors. At 90, 110 and 120 users');
    expect(finding.text).toContain('that is no finding');
  });

  it('tells the errors that only the candidate has', () => {
    expect(comparison.findings.map(({ kind }) => kind).slice(0, 4)).toEqual([
      'collapse',
      'collapse',
      'errors',
      'survivors',
    ]);
  });

  it('counts throughput by what succeeded', () => {
    expect(figureOf(comparison, 120, 'ok_per_second').candidate).toBeCloseTo(0.8, 1);
  });

  it('claims nothing of chance, since there are no intervals, but calls the collapse a regression', () => {
    expect(comparison.verdict).toBe('no interval');
    expect(comparison.regressions).toContain('TTFT p50 collapses at 70, 80 and 100 users');
  });

  it('names the levels that only one of them has', () => {
    expect(comparison.onlyCandidate).toEqual([130, 140, 150, 160]);
    expect(comparison.onlyBase).toEqual([]);
  });
});

describe('runs with raw requests', () => {
  it('show a slower candidate as worse, with an interval that holds the true change', () => {
    const comparison = measured({}, { tpot: 0.024 });
    const tpot = figureOf(comparison, 8, 'tpot_p50');

    expect(tpot).toMatchObject({ verdict: 'worse', method: 'bootstrap' });
    expect(tpot.lower).toBeLessThan(0.2);
    expect(tpot.upper).toBeGreaterThan(0.2);
    expect(comparison.verdict).toBe('worse');
  });

  it('show a faster candidate as better', () => {
    expect(measured({}, { ttft: 0.1 }).verdict).toBe('better');
  });

  it('call throughput better when it is higher', () => {
    const figure = figureOf(measured({}, { tpot: 0.015 }), 8, 'output_tokens_per_second');

    expect(figure).toMatchObject({ verdict: 'better', method: 'slices' });
    expect(figure.difference).toBeGreaterThan(0.1);
  });

  it('show no difference where the interval lies within what matters', () => {
    expect(figureOf(measured({}, {}, 800), 8, 'tpot_p50').verdict).toBe('no difference');
  });

  it('are underpowered, with the smallest detectable difference, where the interval is wide', () => {
    const ttft = figureOf(measured({}, {}, 120), 8, 'ttft_p95');

    expect(ttft.verdict).toBe('underpowered');
    expect(ttft.detectable).toBeGreaterThan(0.05);
  });

  it('compare a run with itself as equal', () => {
    const run = comparedRun([syntheticLevel({ users: 8, conversations: 100, seed: 3 })]);
    const { levels, findings } = compareRuns(run, run);

    expect(levels[0]!.figures.map(({ difference }) => difference)).toEqual(levels[0]!.figures.map(() => 0));
    expect(findings.filter(({ kind }) => kind === 'worse' || kind === 'better')).toEqual([]);
  });

  it('take the errors of the candidate for a regression, whatever its times', () => {
    const comparison = measured({}, { errorShare: 0.2, tpot: 0.01 });

    expect(figureOf(comparison, 8, 'tpot_p50').why).toBe('survivors');
    expect(figureOf(comparison, 8, 'error_ratio').verdict).toBe('worse');
    expect(comparison.regressions).toContain('errors exceed the limit at 8 users');
  });

  it('are too few for a p95 with hardly a conversation beyond it', () => {
    expect(figureOf(measured({}, {}, 20), 8, 'ttft_p95')).toMatchObject({ method: 'none', verdict: 'underpowered' });
  });
});

describe('figures with intervals of their own', () => {
  it('give a difference with an interval where raw requests are missing', () => {
    const level = (value: number, spread: number) =>
      pointLevel(4, {
        ttft: {
          ...quantiles(),
          p50: { value, n: 500, lower: value * (1 - spread), upper: value * (1 + spread), warning: null },
        },
      });
    const comparison = compareRuns(comparedRun([level(0.2, 0.02)]), comparedRun([level(0.3, 0.02)]));

    expect(figureOf(comparison, 4, 'ttft_p50')).toMatchObject({ verdict: 'worse', method: 'intervals' });
  });
});

describe('comparability', () => {
  const level = pointLevel(4, { ttft: quantiles(200, 300) });
  const base = comparedRun([level]);

  it('blocks different workloads', () => {
    const other = comparedRun([level], {
      workload: { kind: 'synthetic', description: '4096 in, 128 out', seed: null },
    });
    const comparison = compareRuns(base, other);

    expect(comparison.verdict).toBe('not comparable');
    expect(comparison.reason).toContain('256 in, 128 out against 4096 in, 128 out');
    expect(figureOf(comparison, 4, 'ttft_p50').why).toBe('workload');
  });

  it('blocks users against request rates', () => {
    expect(compareRuns(base, comparedRun([level], { arrival: 'poisson' })).reason).toContain('arrival differs');
  });

  it('cautions of another model, and goes on', () => {
    const comparison = compareRuns(base, comparedRun([level], { model: 'large' }));

    expect(comparison.comparability.find(({ what }) => what === 'model')!.status).toBe('caution');
    expect(figureOf(comparison, 4, 'ttft_p50').why).toBeNull();
  });

  it('lists changed flags as what the comparison is about', () => {
    const one = comparedRun([level], { deployment: { 'max-num-seqs': 64, GPU: 'L4' } });
    const other = comparedRun([level], { deployment: { 'max-num-seqs': 128, gpu: 'L4' } });
    const items = compareRuns(one, other).comparability;

    expect(items.find(({ what }) => what === 'max-num-seqs')).toMatchObject({
      base: '64',
      candidate: '128',
      status: 'changed',
    });
    expect(items.find(({ what }) => what === 'GPU')!.status).toBe('same');
  });

  it('cautions where the same texts may have been in the prefix cache', () => {
    const seeded = comparedRun([level], { workload: { ...base.workload, seed: 42 } });

    expect(compareRuns(seeded, seeded).comparability.find(({ what }) => what === 'seed')!.note).toContain(
      'prefix cache',
    );
  });

  it('cautions where answers differ in length', () => {
    const length = (tokens: number) =>
      comparedRun([pointLevel(4, { ttft: quantiles(200, 300), outputTokensMean: tokens })]);

    expect(
      compareRuns(length(100), length(70)).comparability.find(({ what }) => what === 'mean output tokens')!.note,
    ).toContain('30.0 % shorter');
  });

  it('keeps figures of other definitions apart', () => {
    const foreign = comparedRun([{ ...level, definitions: { ...OWN_DEFINITIONS, ttft_p50: 'vllm_ttft' } }], {
      tool: 'vLLM bench serve',
    });
    const comparison = compareRuns(base, foreign);

    expect(figureOf(comparison, 4, 'ttft_p50').why).toBe('definitions');
    expect(figureOf(comparison, 4, 'ttft_p95').why).toBeNull();
  });

  it('leaves levels without a valid window out', () => {
    const invalid = comparedRun([pointLevel(4, { ttft: quantiles(20, 30), valid: false, invalidReasons: ['little'] })]);
    const comparison = compareRuns(base, invalid);

    expect(figureOf(comparison, 4, 'ttft_p50').why).toBe('invalid');
    expect(comparison.verdict).toBe('not comparable');
  });

  it('refuses runs without a common level, and says which they have', () => {
    const other = comparedRun([pointLevel(8, {}), pointLevel(16, {})]);

    expect(() => compareRuns(base, other)).toThrow('no level in common: base 4; candidate 8, 16');
  });

  it('tells up to where the objectives are met', () => {
    const met = (load: number, pass: boolean) =>
      pointLevel(load, {
        ttft: quantiles(200, 300),
        slo: [
          {
            slo: 'ttft_p95',
            good: 1,
            bad: 0,
            undecided: 0,
            share: { value: 1, n: 1, lower: NaN, upper: NaN, warning: null },
            required: 0.95,
            pass,
          },
        ],
      });
    const one = comparedRun([met(4, true), met(8, true)], { objectives: 'TTFT p95 ≤ 600 ms' });
    const other = comparedRun([met(4, true), met(8, false)], { objectives: 'TTFT p95 ≤ 600 ms' });

    expect(compareRuns(one, other).findings.at(-1)).toEqual({
      kind: 'slo',
      text: 'Every objective is met up to 4 users; in the base up to 8 users.',
    });
  });
});

describe('the correction for many figures', () => {
  it('asks more of each the more are tested', () => {
    const [first] = compareRuns(
      comparedRun([syntheticLevel({ users: 8, conversations: 100, seed: 1 })]),
      comparedRun([syntheticLevel({ users: 8, conversations: 100, seed: 2 })]),
      { ...DEFAULT_COMPARE, leastEffect: 1e-6 },
    ).levels[0]!.figures;

    expect(first!.adjustedP).toBeGreaterThan(first!.p);
  });
});
