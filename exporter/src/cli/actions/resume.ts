import { parseSpec } from '../../config/parse.js';
import { formatProblems } from '../../config/problems.js';
import type { SweepSpec } from '../../config/spec.js';
import { basename } from 'node:path';
import { readEarlierSegments } from '../../store/earlier-segments.js';
import { RunFolder } from '../../store/run-folder.js';
import { readResultText, readSpecText } from '../../store/runs.js';
import { CliError } from '../cli-error.js';
import type { ListenOptions } from '../commands/listen-options.js';
import { startHost } from '../host.js';
import { waitForScrapes } from '../linger.js';
import { openOutput } from '../output/open-output.js';
import { orCliError, runFolder, runResult } from '../stored-run.js';
import { exitCodeOf } from '../verdict.js';
import { watchRun } from '../watch-run.js';
import { hostParts } from './run.js';

export interface ResumeOptions extends ListenOptions {
  out: string;
  json?: boolean;
  linger: number;
}

/** Goes on with an interrupted run in its own folder. */
export async function resume(run: string, options: ResumeOptions): Promise<void> {
  const dir = runFolder(options.out, run);
  refuseComplete(dir);
  const spec = specOf(dir);
  const earlier = await readEarlierSegments(dir);
  if (earlier.segments.length === 0)
    throw new CliError(`${dir}: its requests.jsonl is empty: nothing to go on with`, 1, 'start it anew');
  const host = await startHost({ ...options, ...hostParts(spec), logLevel: 'warn' });
  try {
    const output = openOutput({ json: options.json === true, spec });
    const kept = earlier.windows.map((window) => window.id).join(', ');
    output.say(`resuming ${basename(dir)}: ${kept === '' ? 'no complete window yet' : `keeping ${kept}`}`);
    output.say(`live page ${host.server.pageUrl}`);
    const folder = orCliError(() => RunFolder.reopen(dir));
    const finished = await watchRun(host.sidecar, { spec, resume: { runId: basename(dir), folder, earlier } }, output);
    output.end(finished.result, finished.dir);
    await waitForScrapes(host.scrapes, options.linger, (message) => output.say(message));
    process.exitCode = exitCodeOf(finished);
  } finally {
    await host.server.close();
  }
}

function specOf(dir: string): SweepSpec {
  const parsed = parseSpec(
    orCliError(() => readSpecText(dir)),
    { sourceName: 'spec.yaml' },
  );
  if ('spec' in parsed) return parsed.spec;
  throw new CliError(`${dir}/spec.yaml has problems\n${formatProblems(parsed.problems)}`);
}

function refuseComplete(dir: string): void {
  if (readResultText(dir) === null || runResult(dir).run.state !== 'completed') return;
  throw new CliError(`${dir} is complete: there is nothing to go on with`, 1, `see it with: sweepscope report ${dir}`);
}
