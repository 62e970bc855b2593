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
  // An import may know only when it ended: its results then stand at that moment.
  const begun = result.run.startedAt ?? result.run.endedAt;
  if (result.run.kind === 'import' && result.run.endedAt === null)
    throw new CliError(`run ${result.run.id} is imported, and its source does not tell when it was`);
  if (begun === null || result.run.endedAt === null)
    throw new CliError(`run ${result.run.id} has no end`, 1, 'wait for it, or resume it: sweepscope resume <run>');
  const [start, end] = [Date.parse(begun) / 1000, Date.parse(result.run.endedAt) / 1000];
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
