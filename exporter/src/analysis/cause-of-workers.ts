import type { TelemetryFigures, WorkerFigures } from '../measure/telemetry-figures.js';
import { sayNumber } from './in-words.js';
import type { NamedCause } from './run-analysis.js';

/** Requests of the fullest worker beyond the emptiest, ÷ the mean, and at least so many. */
const SPREAD = { share: 0.4, requests: 1 };
/** Tokens per second and running request of the fastest worker over the slowest. */
const SPEED = 1.5;

/** Some workers have more to do than others, or take longer for the same. null: balanced, or fewer than two are told. */
export function imbalanceCause({ workers }: TelemetryFigures): NamedCause | null {
  const loads = workers.map(loadOf);
  if (loads.length < 2 || loads.some(Number.isNaN)) return null;
  const mean = loads.reduce((sum, load) => sum + load, 0) / loads.length;
  const spread = Math.max(...loads) - Math.min(...loads);
  const uneven = spread >= SPREAD.requests && spread >= SPREAD.share * mean;
  const speeds = workers.map(({ outputTokensPerSecond, running }) => outputTokensPerSecond / running);
  const comparable = workers.every(({ running }) => running >= SPREAD.requests) && !speeds.some(Number.isNaN);
  const slow = comparable && Math.max(...speeds) >= SPEED * Math.min(...speeds);
  if (!uneven && !slow) return null;
  const parts = workers.map((worker) => `${nameOf(worker)} ${sayNumber(loadOf(worker))}`);
  const speed = slow
    ? `; ${nameOf(workers[speeds.indexOf(Math.min(...speeds))]!)} makes ${sayNumber(Math.min(...speeds))} tokens/s a request, ` +
      `${nameOf(workers[speeds.indexOf(Math.max(...speeds))]!)} ${sayNumber(Math.max(...speeds))}`
    : '';
  return { cause: 'worker_imbalance', text: `workers are not alike: requests in them ${parts.join(', ')}${speed}` };
}

const nameOf = ({ upstream, replica }: WorkerFigures): string => (replica === '' ? upstream : `worker ${replica}`);

const loadOf = ({ running, waiting }: WorkerFigures): number => running + (Number.isNaN(waiting) ? 0 : waiting);
