import { readChunk, type ChatChunk } from './chat-chunk.js';
import { ChunkPattern } from './chunk-pattern.js';

/** A stream whose events change their shape is not studied again and again. */
const EVENTS_BETWEEN_LESSONS = 32;

/** Reads the events of one stream: by the pattern of an earlier one where it fits, else as JSON. Results are equal. */
export class ChunkReader {
  private pattern: ChunkPattern | null = null;
  private misses = EVENTS_BETWEEN_LESSONS;

  read(data: string, chunk: ChatChunk): void {
    if (this.pattern?.read(data, chunk) === true) return;
    readChunk(data, chunk);
    this.misses += 1;
    if (this.misses < EVENTS_BETWEEN_LESSONS) return;
    const pattern = ChunkPattern.learn(data, chunk);
    if (pattern === null) return;
    this.pattern = pattern;
    this.misses = 0;
  }
}
