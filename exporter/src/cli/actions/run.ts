import { planText } from '../../config/plan-text.js';
import type { SweepSpec } from '../../config/spec.js';
import type { ListenOptions } from '../commands/listen-options.js';
import type { SpecOptions } from '../commands/spec-options.js';
import { CliError } from '../cli-error.js';
import { startHost, type Host } from '../host.js';
import { openOutput } from '../output/open-output.js';
import { exitCodeOf, requireLevel } from '../verdict.js';
import { readSpecOrLike } from '../like-spec.js';
import { watchRun } from '../watch-run.js';
import { waitForScrapes } from '../linger.js';

export interface RunOptions extends ListenOptions, SpecOptions {
  /** A command line of another tool, instead of a spec. */
  like?: string;
  dryRun?: boolean;
  json?: boolean;
  requireLevel?: number;
  linger: number;
}

/** Sweeps the target of a spec; the process's exit code tells how it went. */
export async function run(file: string | undefined, options: RunOptions): Promise<void> {
  const spec = readSpecOrLike(file, options);
  const { search } = spec.load;
  if (options.requireLevel !== undefined && search === null && !spec.load.levels.includes(options.requireLevel)) {
    const levels = spec.load.levels.join(', ');
    throw new CliError(
      `--require-level ${options.requireLevel}: the sweep has no such level`,
      1,
      `its levels are: ${levels}`,
    );
  }
  if (options.dryRun === true) {
    for (const line of planText(spec)) console.log(line);
    return;
  }
  const host = await startHost({ ...options, ...hostParts(spec), logLevel: 'warn' });
  try {
    process.exitCode = await sweep(host, spec, options);
  } finally {
    await host.server.close();
  }
}

/** What a host for one spec's sweeps needs to know of it. */
export function hostParts(spec: SweepSpec): { baseSpec: SweepSpec; runsDir: string; allowedTargets: string[] } {
  return { baseSpec: spec, runsDir: spec.output.dir, allowedTargets: [new URL(spec.target.url).origin] };
}

async function sweep(host: Host, spec: SweepSpec, options: RunOptions): Promise<number> {
  const output = openOutput({ json: options.json === true, spec });
  output.say(`live page ${host.server.pageUrl}`);
  output.say(`metrics   ${host.server.metricsUrl}`);
  const finished = await watchRun(host.sidecar, { spec }, output);
  output.end(finished.result, finished.dir);
  await waitForScrapes(host.scrapes, options.linger, (message) => output.say(message));
  if (options.requireLevel === undefined) return exitCodeOf(finished);
  return requireLevel(finished, options.requireLevel, (message) => output.say(message));
}
