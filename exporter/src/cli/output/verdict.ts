import type { LevelResult } from '../../analysis/level-result.js';
import type { LevelJudgement, Verdict } from '../../analysis/run-analysis.js';
import type { Paint } from './terminal-style.js';

export interface ShownVerdict {
  text: string;
  paint: Paint;
}

const METRICS: Readonly<Record<string, string>> = { ttft: 'TTFT', tpot: 'TPOT', itl: 'ITL', latency: 'E2E' };

/** A code in words: `TTFT p95` of `ttft_p95`, `in flight` of `in_flight`. */
function codeName(code: string): string {
  const [metric = '', ...rest] = code.split('_');
  return [METRICS[metric] ?? metric, ...rest].join(' ');
}

const PAINTS: Readonly<Record<Verdict, Paint>> = {
  unknown: 'dim',
  clean: 'green',
  degrading: 'yellow',
  saturated: 'red',
  invalid: 'red',
};

/**
 * What to say of a finished level: `clean`, `degrading: TTFT p95`, `saturated: TTFT, throughput` or `invalid: little`,
 * with what decided; and `not steady` where its warm-up was cut short.
 */
export function levelVerdict(result: LevelResult, judgement: LevelJudgement | undefined): ShownVerdict {
  const { verdict, codes } = judgement ?? { verdict: 'unknown' as const, codes: [] };
  const why = codes.length === 0 ? '' : `: ${codes.map(codeName).join(', ')}`;
  const steady = result.steady || verdict === 'invalid' ? '' : ', not steady';
  return {
    text: `${verdict}${why}${steady}`,
    paint: steady !== '' && verdict === 'clean' ? 'yellow' : PAINTS[verdict],
  };
}
