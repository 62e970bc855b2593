import type { Address, ListenOptions } from '../commands/listen-options.js';
import type { SpecOptions } from '../commands/spec-options.js';
import type { SweepSpec } from '../../config/spec.js';
import { allowListProblems } from '../../server/allow-list.js';
import { CliError } from '../cli-error.js';
import { startHost } from '../host.js';
import { attachProbe } from '../probe.js';
import { untilSignalled } from '../signals.js';
import { parseSpecText, readSpecFile } from '../spec-file.js';

export interface ServeOptions extends ListenOptions, SpecOptions {
  config?: string;
  allowTarget: string[];
  maxUsers: number;
  maxDuration: number;
  maxTokens: number;
  probe: boolean;
  probeRate: number;
}

const DEFAULT_RUNS = 'runs';

/** Runs the sidecar until a signal ends it; a sweep under way is stopped in order first. */
export async function serve(options: ServeOptions): Promise<void> {
  const baseSpec = baseSpecOf(options);
  const own = baseSpec === null ? [] : [new URL(baseSpec.target.url).origin];
  const allowedTargets = [...own, ...options.allowTarget];
  const wrong = allowListProblems(options.allowTarget);
  if (wrong.length > 0) throw new CliError(`--allow-target: ${wrong.join('; ')}`);
  if (options.probe && baseSpec === null)
    throw new CliError('--probe has no server to ask', 1, 'name one with --target or --config');
  const host = await startHost({
    ...options,
    baseSpec,
    runsDir: baseSpec?.output.dir ?? options.out ?? DEFAULT_RUNS,
    allowedTargets,
    ceilings: {
      maxUsers: options.maxUsers,
      maxDurationSeconds: options.maxDuration,
      maxTokensPerRequest: options.maxTokens,
    },
    logLevel: 'info',
  });
  if (options.probe && baseSpec !== null) attachProbe(host, baseSpec, options.probeRate);
  announce(host.server.pageUrl, host.server.metricsUrl, options.listen, allowedTargets);
  const signal = await untilSignalled();
  const { current } = host.sidecar;
  if (current !== null) {
    current.session.stop(`stopped by ${signal}`);
    await current.done;
  }
  await host.sidecar.probe?.pause();
  await host.server.close();
}

function baseSpecOf(options: ServeOptions): SweepSpec | null {
  if (options.config !== undefined) return readSpecFile(options.config, options);
  return options.target === undefined ? null : parseSpecText('', 'command line', options);
}

function announce(pageUrl: string, metricsUrl: string, listen: Address, targets: readonly string[]): void {
  console.log(`live page ${pageUrl}`);
  console.log(`metrics   ${metricsUrl}`);
  console.log(
    `targets   ${targets.length === 0 ? 'none: name one with --target, --config or --allow-target' : targets.join(', ')}`,
  );
  if (!['127.0.0.1', '::1', 'localhost'].includes(listen.host)) {
    console.log('note: this address can be reached from elsewhere; the token in the link gives control over the load');
  }
}
