import type { Objective, ObjectiveCheck, SweepLevel, Verdict } from './model.js';
import type { RawLevel } from './levels.js';

/** Limits of the verdicts that the panel works out where the exporter gave none; the same as the exporter's. */
export interface VerdictLimits {
  /** TTFT p50 against that of the lowest level. */
  saturatedTtftRatio: number;
  /** Throughput gained per user added, (ΔX/X)/(ΔN/N). */
  gainPerUser: number;
  errorRatio: number;
}

export const DEFAULT_VERDICT_LIMITS: VerdictLimits = { saturatedTtftRatio: 3, gainPerUser: 0.5, errorRatio: 0.05 };

/** Judges levels, given by rising load: checks the objectives, and fills in verdicts that are missing. */
export function judgeLevels(
  levels: readonly RawLevel[],
  objectives: readonly Objective[],
  limits: VerdictLimits,
  runningLoad: number | null,
): SweepLevel[] {
  return levels.map((level, index) => {
    const checks = objectives.map((objective) => checkObjective(level, objective));
    const lower = levels.slice(0, index).filter(({ verdict }) => verdict !== 'invalid');
    const told = level.verdict !== 'unknown';
    return {
      ...level,
      checks,
      verdict: told ? level.verdict : deriveVerdict(level, lower, checks, limits),
      verdictFrom: told ? ('exporter' as const) : ('panel' as const),
      running: level.load === runningLoad && Object.keys(level.quantiles).length === 0,
    };
  });
}

/** By the share of requests that met it where that is known (errors miss), else by the quantile. */
function checkObjective({ quantiles, sloShares }: RawLevel, objective: Objective): ObjectiveCheck {
  const valueSeconds = quantiles[objective.measure]?.[objective.q]?.point ?? NaN;
  const share = sloShares[objective.name] ?? NaN;
  const required = Number(objective.q.slice(1)) / 100;
  if (!Number.isNaN(share) && required > 0 && required <= 1)
    return { objective, valueSeconds, pass: share >= required - 1e-9 };
  return { objective, valueSeconds, pass: Number.isNaN(valueSeconds) ? null : valueSeconds <= objective.limitSeconds };
}

function throughput({ figures }: RawLevel): number {
  return Number.isNaN(figures.outputTokensPerSecond) ? figures.requestsPerSecond : figures.outputTokensPerSecond;
}

/** (ΔX/X)/(ΔN/N) against the lower level with the highest throughput; NaN where there is none. */
function gainPerUser(level: RawLevel, lower: readonly RawLevel[]): number {
  const known = lower.filter((one) => throughput(one) > 0 && one.load > 0);
  if (known.length === 0) return NaN;
  const best = known.reduce((a, b) => (throughput(b) > throughput(a) ? b : a));
  return (throughput(level) / throughput(best) - 1) / (level.load / best.load - 1);
}

function deriveVerdict(
  level: RawLevel,
  lower: readonly RawLevel[],
  checks: readonly ObjectiveCheck[],
  limits: VerdictLimits,
): Verdict {
  const p50 = level.quantiles.ttft?.p50?.point ?? NaN;
  const errors = level.figures.errorRatio;
  if (errors >= limits.errorRatio) return 'saturated';
  if (Object.keys(level.quantiles).length === 0) return 'unknown';
  const first = lower.map((one) => one.quantiles.ttft?.p50?.point ?? NaN).find((value) => !Number.isNaN(value)) ?? NaN;
  const flat = gainPerUser(level, lower) < limits.gainPerUser;
  if (p50 > limits.saturatedTtftRatio * first && flat) return 'saturated';
  if (flat || checks.some(({ pass }) => pass === false)) return 'degrading';
  return 'clean';
}

/** Between which loads the objectives stop being met: `lastPass` null: nowhere; NaN: not known. */
export function sloBoundary(levels: readonly SweepLevel[]): { lastPass: number | null; firstFail: number | null } {
  const judged = levels.filter(
    ({ checks, verdict }) => verdict !== 'invalid' && checks.some(({ pass }) => pass !== null),
  );
  if (judged.length === 0) return { lastPass: NaN, firstFail: NaN };
  const failing = judged.findIndex(({ checks }) => checks.some(({ pass }) => pass === false));
  if (failing === -1) return { lastPass: judged.at(-1)!.load, firstFail: null };
  return { lastPass: failing === 0 ? null : judged[failing - 1]!.load, firstFail: judged[failing]!.load };
}
