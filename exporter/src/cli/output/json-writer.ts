import type { SweepEvent } from '../../sweep/events.js';
import type { EventWriter } from './event-writer.js';

/** One JSON object a line, as the events are; figures that there are none of (NaN, ±Infinity) are null. */
export class JsonWriter implements EventWriter {
  constructor(private readonly output: { write(text: string): unknown }) {}

  handle(event: SweepEvent): void {
    this.output.write(`${JSON.stringify(event)}\n`);
  }

  close(): void {
    // Nothing to restore.
  }
}
