import type { LevelResult } from '../analysis/level-result.js';
import type { RunAnalysis } from '../analysis/run-analysis.js';
import type { SweepSpec } from '../config/spec.js';
import type { WindowRecord } from '../measure/records.js';
import { inSeconds, plainNumber } from './format.js';

/** Told of each window below, with the reason that its warm-up gives. */
const PER_WINDOW = 'unsteady';

/** What a reader has to know before trusting the figures, each with the numbers behind it. */
export function deriveWarnings(
  spec: SweepSpec,
  levels: readonly LevelResult[],
  windows: readonly WindowRecord[],
  analysis: RunAnalysis,
): string[] {
  return [
    ...workloadWarnings(spec),
    ...analysis.warnings.filter(({ kind }) => kind !== PER_WINDOW).map(({ text }) => text),
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
