import { RealClock } from '../../clock/real-clock.js';
import type { SweepSpec } from '../../config/spec.js';
import type { RunResult } from '../../report/result-schema.js';
import type { SweepEvent } from '../../sweep/events.js';
import { chooseWriter } from './choose-writer.js';

/** Where a command shows its run. */
export interface Output {
  /** A line for people beside the picture; with `--json` on standard error. */
  say(line: string): void;
  event(event: SweepEvent): void;
  /** The run is over: what to look at next. */
  end(result: RunResult, dir: string): void;
}

export interface OutputOptions {
  json: boolean;
  spec: SweepSpec;
}

/** The live table, plain lines or JSON lines, as the terminal and the flags ask for. */
export function openOutput({ json, spec }: OutputOptions): Output {
  const unit = spec.load.arrival === 'closed' ? 'users' : 'req/s';
  const writer = chooseWriter({ json, output: process.stdout, environment: process.env, clock: new RealClock(), unit });
  // However the process ends, the cursor comes back.
  process.once('exit', () => writer.close());
  let live = false;
  const say = (line: string): void => {
    if (json) console.error(line);
    else if (live) writer.handle({ type: 'note', severity: 'info', message: line });
    else console.log(line);
  };
  return {
    say,
    event(event) {
      if (event.type === 'start') live = true;
      if (event.type === 'end') live = false;
      writer.handle(event);
    },
    end(result, dir) {
      writer.close();
      const { length } = result.warnings;
      if (length > 0)
        say(`${length} warning${length === 1 ? '' : 's'} in the report, the first: ${result.warnings[0]!}`);
      if (result.analysis !== undefined && result.levels.length > 1) say(`result    ${result.analysis.summary}`);
      say(`report    ${dir}/report.md`);
    },
  };
}
