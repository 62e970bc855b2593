import type { LevelResult } from '../analysis/level-result.js';
import type { SweepSpec } from '../config/spec.js';
import type { WindowRecord } from '../measure/records.js';
import { asPercent, inSeconds, plainNumber } from './format.js';

/** Above this share of failures, the figures of a level are those of its survivors. */
const MANY_ERRORS = 0.05;

/** What a reader has to know before trusting the figures, each with the numbers behind it. */
export function deriveWarnings(
  spec: SweepSpec,
  levels: readonly LevelResult[],
  windows: readonly WindowRecord[],
): string[] {
  return [
    ...workloadWarnings(spec),
    ...levels.flatMap(levelWarnings),
    ...tokenWarnings(levels),
    ...windows.filter((window) => !window.warmup.steady).map(unsteadyWarning),
  ];
}

function workloadWarnings({ workload }: SweepSpec): string[] {
  const shared = (workload.kind === 'conversation' || workload.kind === 'dataset') && workload.salt === 'none';
  return shared
    ? [
        'The workload is unsalted: conversations share their prefixes with earlier ones, so a prefix cache answers part of the prefill and TTFT is better than with texts never seen before.',
      ]
    : [];
}

function levelWarnings(level: LevelResult): string[] {
  const load = plainNumber(level.load);
  const found: string[] = [];
  if (!level.valid)
    found.push(
      `Level ${load} has no valid window (${level.invalidReasons.join(', ')}): its figures are shown, not to be relied on.`,
    );
  if (level.errorRatio > MANY_ERRORS) {
    const failed = level.completed - level.ok;
    found.push(
      `At level ${load}, ${asPercent(level.errorRatio)} of the requests failed (${failed} of ${level.completed}): TPOT and latency are those of the survivors and not comparable with levels without errors.`,
    );
  }
  if (level.censored > 0) {
    found.push(
      `At level ${load}, ${level.censored} of ${level.completed} requests ran into a client time-out: their true times are longer, and the upper quantiles too low.`,
    );
  }
  return found;
}

function tokenWarnings(levels: readonly LevelResult[]): string[] {
  const found: string[] = [];
  const counted = levels.filter((level) => level.ok > 0 && level.tokensSource !== 'usage');
  if (counted.length > 0) {
    found.push(
      `The server told no token usage at level ${loads(counted)}: output tokens are counted token chunks, and TPOT and tokens/s are wrong where a chunk holds several tokens.`,
    );
  }
  const grouped = levels.filter((level) => level.tokensSource === 'usage' && level.tokensPerChunk > 1.05);
  if (grouped.length > 0) {
    const most = Math.max(...grouped.map((level) => level.tokensPerChunk));
    found.push(
      `Token chunks hold several tokens (up to ${most.toFixed(2)} on average, level ${loads(grouped)}): ITL is the gap between chunks, TPOT the time per token.`,
    );
  }
  return found;
}

function loads(levels: readonly LevelResult[]): string {
  return levels.map((level) => plainNumber(level.load)).join(', ');
}

function unsteadyWarning({ id, load, warmup }: WindowRecord): string {
  return `Window ${id} (level ${plainNumber(load)}) may not be steady, after ${inSeconds(warmup.seconds)} of warm-up: ${warmup.reason}.`;
}
