import type { Clock } from '../clock/clock.js';
import type { ResetCacheSpec } from '../config/spec.js';
import type { ServerConfig } from '../target/http-config.js';
import { askPlainly } from '../target/plain-http.js';
import type { SweepEvent } from './events.js';

const TIMEOUT_SECONDS = 10;

/**
 * Asks for the reset of the prefix cache by an empty POST. Resolves with what the server said.
 * @throws TargetError or Error with what is wrong
 */
export async function askForReset(config: ServerConfig, reset: ResetCacheSpec, clock: Clock): Promise<string> {
  const elsewhere = 'url' in reset ? new URL(reset.url) : null;
  const path = elsewhere === null ? (reset as { path: string }).path : elsewhere.pathname + elsewhere.search;
  const asked = elsewhere === null ? config : { ...config, baseUrl: elsewhere.origin, apiKey: null, headers: {} };
  const { status, body } = await askPlainly(asked, clock, { method: 'POST', path, timeoutSeconds: TIMEOUT_SECONDS });
  if (status >= 200 && status < 300) return `answered ${status}`;
  const hint = status === 404 ? '; vLLM has it in development mode only (VLLM_SERVER_DEV_MODE=1)' : '';
  throw new Error(`answered ${status}${body === '' ? '' : ` (${body.slice(0, 100)})`}${hint}`);
}

/**
 * The hook of the driver: asks and goes on at once, so that no level waits for it. A reset that failed is told, and once
 * for the report.
 */
export function cacheReset(
  ask: () => Promise<string>,
  emit: (event: SweepEvent) => void,
  remarks: string[],
): (load: number) => void {
  return (load) => {
    ask().then(
      (answer) =>
        emit({ type: 'note', severity: 'info', message: `prefix cache reset before level ${load}: ${answer}` }),
      (error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        const message = `the prefix cache was not reset before level ${load}: ${why}`;
        remarks.push(message);
        emit({ type: 'note', severity: 'warning', message });
      },
    );
  };
}
