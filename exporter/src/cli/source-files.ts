import { closeSync, createReadStream, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from '../report/importers/types.js';
import { CliError } from './cli-error.js';

const HEAD_BYTES = 64 * 1024;
const PIECE_BYTES = 2 ** 20;
/** What tools write beside their results. */
const RESULTS = /\.(json|jsonl|ndjson|csv|ya?ml|md|txt)$/i;

/** Files and the files below folders, to be imported. @throws CliError that names what is not there */
export function sourceFiles(paths: readonly string[]): SourceFile[] {
  const files = paths.flatMap((path) => {
    if (!existsSync(path)) throw new CliError(`${path}: there is no such file or folder`);
    if (!statSync(path).isDirectory()) return [{ path, optional: false }];
    const found = below(path);
    if (found.length === 0) throw new CliError(`${path}: nothing in it looks like the result of a benchmark tool`);
    return found.map((name) => ({ path: name, optional: true }));
  });
  const unique = new Map(files.map((file) => [file.path, file]));
  return [...unique.values()].map(({ path, optional }) => sourceFile(path, optional));
}

function below(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && RESULTS.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function sourceFile(path: string, optional: boolean): SourceFile {
  return {
    optional,
    name: path,
    bytes: statSync(path).size,
    head: headOf(path),
    chunks: () => createReadStream(path, { encoding: 'utf8', highWaterMark: PIECE_BYTES }) as AsyncIterable<string>,
  };
}

function headOf(path: string): string {
  const bytes = Buffer.alloc(HEAD_BYTES);
  const fd = openSync(path, 'r');
  try {
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(fd);
  }
}
