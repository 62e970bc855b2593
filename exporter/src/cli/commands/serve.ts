import { Command, InvalidArgumentError } from 'commander';
import type { ServeOptions } from '../actions/serve.js';
import { withListenOptions } from './listen-options.js';
import { repeated, withSpecOptions } from './spec-options.js';

/** Requests per second: 30 a minute carry a p95. */
const PROBE_RATE = 0.5;

const EXAMPLES = `
Examples:
  sweepscope serve --config sidecar.yaml --listen 0.0.0.0:9464 --token-file /run/secrets/sweepscope
  sweepscope serve --target http://127.0.0.1:8000 --model qwen
  curl -X POST -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{}' http://127.0.0.1:9464/api/v1/sweeps
`;

export function serveCommand(): Command {
  const command = new Command('serve').description(
    'run the sidecar: /metrics, the live page and the API that starts sweeps',
  );
  return withListenOptions(withSpecOptions(command))
    .option('--config <file>', 'sweep spec that is used where a request does not say otherwise')
    .addOption(repeated('--allow-target <origin>', 'further target that requests may name; may be repeated'))
    .option('--max-users <number>', 'no request can ask for more users', Number, 1000)
    .option('--max-duration <seconds>', 'no sweep may be planned longer', Number, 8 * 3600)
    .option('--max-tokens <number>', 'no request may ask for more output tokens per turn', Number, 8192)
    .option('--probe', 'between sweeps, keep one user at a low rate: alerts on TTFT need requests', false)
    .option('--probe-rate <per second>', 'requests per second of the probe', probeRate, PROBE_RATE)
    .addHelpText('after', EXAMPLES)
    .action(async (options: ServeOptions) => {
      const { serve } = await import('../actions/serve.js');
      await serve(options);
    });
}

function probeRate(text: string): number {
  const rate = Number(text);
  if (rate > 0 && rate <= 10) return rate;
  throw new InvalidArgumentError('must be above 0 and at most 10 requests per second');
}
