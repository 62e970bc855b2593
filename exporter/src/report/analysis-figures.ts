import type { LevelOutcomes, Tail } from '../analysis/level-outcomes.js';
import type { LevelJudgement, RunAnalysis } from '../analysis/run-analysis.js';
import type { AnalysisFigures } from './analysis-schema.js';
import { orNull } from './figures.js';

type JudgementFigures = AnalysisFigures['levels'][number];
type OutcomeFigures = NonNullable<JudgementFigures['outcomes']>;
type TailFigures = OutcomeFigures['ttftSurvival'];

/** A run's analysis as `result.json` has it. */
export function analysisFigures(analysis: RunAnalysis): AnalysisFigures {
  const { knee, slotLimit } = analysis;
  return {
    ...analysis,
    levels: analysis.levels.map(judgementFigures),
    boundaries: analysis.boundaries.map((boundary) => ({
      ...boundary,
      ...interval(boundary),
      estimate: orNull(boundary.estimate),
    })),
    knee:
      knee === null
        ? null
        : { ...knee, ...interval(knee), f: orNull(knee.f), p: orNull(knee.p), bicGain: orNull(knee.bicGain) },
    slotLimit: slotLimit === null ? null : { ...slotLimit, ...interval(slotLimit) },
  };
}

function interval({ lower, upper }: { lower: number; upper: number }): { lower: number | null; upper: number | null } {
  return { lower: orNull(lower), upper: orNull(upper) };
}

function judgementFigures(judgement: LevelJudgement): JudgementFigures {
  const { numbers, bindingSlo, outcomes } = judgement;
  return {
    ...judgement,
    numbers: {
      ttftRatio: orNull(numbers.ttftRatio),
      gainPerUser: orNull(numbers.gainPerUser),
      errorRatio: orNull(numbers.errorRatio),
      censoredRatio: orNull(numbers.censoredRatio),
      predictedTtftSeconds: orNull(numbers.predictedTtftSeconds),
    },
    bindingSlo: bindingSlo === null ? null : { ...bindingSlo, margin: orNull(bindingSlo.margin) },
    outcomes: outcomes === null ? null : outcomeFigures(outcomes),
  };
}

function outcomeFigures(outcomes: LevelOutcomes): OutcomeFigures {
  const { attainment } = outcomes;
  return {
    ...outcomes,
    attainment: { ...attainment, value: orNull(attainment.value), ...interval(attainment) },
    goodputPerSecond: orNull(outcomes.goodputPerSecond),
    ttftSurvival: tailFigures(outcomes.ttftSurvival),
    latencySurvival: tailFigures(outcomes.latencySurvival),
    ttftWithFailures: tailFigures(outcomes.ttftWithFailures),
    latencyWithFailures: tailFigures(outcomes.latencyWithFailures),
  };
}

function tailFigures({ p50, p95, p99 }: Tail): TailFigures {
  return { p50: orInfinite(p50), p95: orInfinite(p95), p99: orInfinite(p99) };
}

function orInfinite(seconds: number): TailFigures['p50'] {
  return seconds === Infinity ? 'infinite' : orNull(seconds);
}
