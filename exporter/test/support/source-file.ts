import { readFileSync } from 'node:fs';
import type { SourceFile } from '../../src/report/importers/types.js';

/** A file in memory, handed out in small pieces, so that nothing relies on where they end. */
export function memoryFile(name: string, text: string, pieceLength = 997): SourceFile {
  return {
    name,
    bytes: Buffer.byteLength(text),
    head: text.slice(0, 64 * 1024),
    optional: false,
    async *chunks() {
      await Promise.resolve();
      for (let i = 0; i < text.length; i += pieceLength) yield text.slice(i, i + pieceLength);
    },
  };
}

/** A published report below `fixtures/published/`. */
export function publishedFile(name: string): SourceFile {
  return memoryFile(name, readFileSync(new URL(`../fixtures/published/${name}`, import.meta.url), 'utf8'));
}
