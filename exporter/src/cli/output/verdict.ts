import type { LevelResult } from '../../analysis/level-result.js';
import type { Paint } from './terminal-style.js';

export interface ShownVerdict {
  text: string;
  paint: Paint;
}

const METRICS: Readonly<Record<string, string>> = { ttft: 'TTFT', tpot: 'TPOT', itl: 'ITL', latency: 'E2E' };

/** `ttft_p95` in words: `TTFT p95`. */
function objectiveName(slo: string): string {
  const [metric = '', ...rest] = slo.split('_');
  return [METRICS[metric] ?? metric, ...rest].join(' ');
}

/** What to say of a finished level: `ok`, `SLO missed: TTFT p95` or `invalid: little`. */
export function levelVerdict(result: LevelResult): ShownVerdict {
  if (!result.valid) {
    const reasons = result.invalidReasons.map((reason) => reason.replaceAll('_', ' ')).join(', ');
    return { text: reasons === '' ? 'invalid' : `invalid: ${reasons}`, paint: 'red' };
  }
  const missed = result.slo.filter((share) => share.pass === false).map((share) => objectiveName(share.slo));
  if (result.errorSlo?.pass === false) missed.push('errors');
  if (missed.length > 0) return { text: `SLO missed: ${missed.join(', ')}`, paint: 'yellow' };
  return result.steady ? { text: 'ok', paint: 'green' } : { text: 'ok, not steady', paint: 'yellow' };
}
