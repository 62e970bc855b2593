import { Command } from 'commander';
import type { ServeOptions } from '../actions/serve.js';
import { withListenOptions } from './listen-options.js';
import { collect, withSpecOptions } from './spec-options.js';

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
    .option('--allow-target <origin>', 'further target that requests may name; may be repeated', collect, [])
    .option('--max-users <number>', 'no request can ask for more users', Number, 1000)
    .option('--max-duration <seconds>', 'no sweep may be planned longer', Number, 8 * 3600)
    .option('--max-tokens <number>', 'no request may ask for more output tokens per turn', Number, 8192)
    .addHelpText('after', EXAMPLES)
    .action(async (options: ServeOptions) => {
      const { serve } = await import('../actions/serve.js');
      await serve(options);
    });
}
