import { writeFileSync } from 'node:fs';
import { RealClock } from '../../clock/real-clock.js';
import { backfillText } from '../../metrics/backfill.js';
import { retainedRun } from '../../server/past-runs.js';
import { CliError } from '../cli-error.js';
import { runFolder, runResult } from '../stored-run.js';

export interface BackfillCommandOptions {
  out: string;
  output?: string;
  step: number;
  shiftTo?: number | 'now';
  label: Readonly<Record<string, string>>;
}

/** Prometheus refuses samples from the future, and its head has the last hours: a run shifted to now ends before. */
const BEFORE_NOW_SECONDS = 60;

/** Writes a run as OpenMetrics with timestamps. @throws CliError when it has no beginning and end */
export function backfill(run: string, options: BackfillCommandOptions): void {
  const result = runResult(runFolder(options.out, run));
  if (result.run.startedAt === null)
    throw new CliError(`run ${result.run.id} does not say when it was measured`, 1, 'its file had no time to import');
  const start = Date.parse(result.run.startedAt) / 1000;
  if (result.run.endedAt === null)
    throw new CliError(`run ${result.run.id} has no end`, 1, 'wait for it, or resume it: sweepscope resume <run>');
  const end = Date.parse(result.run.endedAt) / 1000;
  const text = backfillText(retainedRun(result), start, end, {
    stepSeconds: options.step,
    shiftSeconds: shiftOf(options.shiftTo, end),
    labels: { job: 'sweepscope', instance: 'backfill', ...options.label },
  });
  if (options.output === undefined) process.stdout.write(text);
  else writeFileSync(options.output, text);
}

function shiftOf(to: BackfillCommandOptions['shiftTo'], end: number): number {
  if (to === undefined) return 0;
  return (to === 'now' ? new RealClock().epoch() - BEFORE_NOW_SECONDS : to) - end;
}
