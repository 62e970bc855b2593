import type { Clock } from '../../clock/clock.js';
import type { EventWriter, LoadUnit } from './event-writer.js';
import { JsonWriter } from './json-writer.js';
import { PlainWriter } from './plain-writer.js';
import { terminalStyle } from './terminal-style.js';
import { TtyWriter } from './tty-writer.js';
import type { Terminal } from './tty-writer.js';

export interface WriterChoice {
  /** `--json`. */
  json: boolean;
  output: Terminal & { readonly isTTY?: boolean };
  environment: Readonly<Record<string, string | undefined>>;
  clock: Pick<Clock, 'now'>;
  unit: LoadUnit;
}

/** JSON lines when asked for; the live table on a terminal that can move its cursor; else plain lines. */
export function chooseWriter({ json, output, environment, clock, unit }: WriterChoice): EventWriter {
  if (json) return new JsonWriter(output);
  const isTerminal = output.isTTY === true;
  const style = terminalStyle(environment, isTerminal);
  if (isTerminal && environment['TERM'] !== 'dumb') return new TtyWriter(output, style, unit);
  return new PlainWriter(output, clock, style.unicode, unit);
}
