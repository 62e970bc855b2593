import type { Cause, Verdict } from '../analysis/run-analysis.js';
import type { Conclusions, WindowMark } from '../metrics/sources.js';

/** What of an analysis is shown, alike in memory (unknown: NaN) and in `result.json` (unknown: null). */
export interface ShownAnalysis {
  levels: readonly {
    level: number;
    load: number;
    verdict: Verdict;
    codes: readonly string[];
    causes: readonly { cause: Cause }[];
  }[];
  boundaries: readonly { lastPass: number | null; firstFail: number | null; estimate: number | null }[];
  knee: { load: number } | null;
}

/** An analysis as `/metrics` shows it; null where there is none. */
export function conclusionsOf(analysis: ShownAnalysis | null): Conclusions | null {
  if (analysis === null) return null;
  const { levels, boundaries, knee } = analysis;
  return { levels, boundary: boundaries[0] ?? null, knee: knee?.load ?? null };
}

/**
 * A window's verdict: invalid by its own gates or exclusion, else that of its level so far; of a level that has not ended
 * once it is not known.
 */
export function windowVerdict(
  level: number,
  failed: readonly string[],
  analysis: ShownAnalysis | null,
): Pick<WindowMark, 'verdict' | 'cause' | 'reasons'> {
  const judgement = analysis?.levels.find((judged) => judged.level === level);
  if (failed.length > 0)
    return { verdict: 'invalid', cause: judgement?.causes[0]?.cause ?? 'unknown', reasons: failed };
  if (judgement === undefined) return { verdict: 'unknown', cause: 'unknown', reasons: [] };
  const { verdict, codes, causes } = judgement;
  return { verdict, cause: causes[0]?.cause ?? (verdict === 'clean' ? 'none' : 'unknown'), reasons: codes };
}
