import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { messageOf, WorkloadError } from './workload-error.js';

/** Passages shipped with the package. */
const PASSAGES = 16;
/** Of the shipped passages, measured: GPT-2 4.37, cl100k 4.42, o200k 4.47 (Llama 2 3.91). */
export const CHARACTERS_PER_TOKEN = 4.4;

let loaded: readonly string[] | null = null;

/**
 * The passages shipped with the package, read once per process.
 * @throws WorkloadError when a file is missing: the installation is broken
 */
export function loadPassages(): readonly string[] {
  loaded ??= Array.from({ length: PASSAGES }, (_, index) => readPassage(index + 1));
  return loaded;
}

function readPassage(number: number): string {
  // From src/workload and from dist/workload alike, the package's root is two levels up.
  const name = `${String(number).padStart(2, '0')}.txt`;
  const file = fileURLToPath(new URL(`../../assets/starters/${name}`, import.meta.url));
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new WorkloadError(file, `starter passage can't be read (${messageOf(error)})`, 'install sweepscope again');
  }
}

/**
 * `count` texts of about `tokens` tokens that begin differently. Up to the number of passages each begins with a passage
 * of its own; more begin at other paragraphs. A text goes on into the following passages, from the last into the first.
 * @throws WorkloadError when there are fewer paragraphs than texts asked for
 */
export function cutStarters(
  passages: readonly string[],
  size: { count: number; tokens: number },
  charactersPerToken: number = CHARACTERS_PER_TOKEN,
): string[] {
  const paragraphs = passages.flatMap((passage) => passage.split('\n\n'));
  const beginnings = size.count <= passages.length ? passageStarts(passages) : spread(size.count, paragraphs.length);
  const characters = Math.max(1, Math.round(size.tokens * charactersPerToken));
  return Array.from({ length: size.count }, (_, index) => textFrom(paragraphs, beginnings[index]!, characters));
}

/** Index of each passage's first paragraph. */
function passageStarts(passages: readonly string[]): number[] {
  let next = 0;
  return passages.map((passage) => {
    const start = next;
    next += passage.split('\n\n').length;
    return start;
  });
}

function spread(count: number, paragraphs: number): number[] {
  if (count > paragraphs) {
    throw new WorkloadError(
      'workload.starters.count',
      `${count} starters asked for, the shipped text has ${paragraphs} beginnings`,
      `use at most ${paragraphs}, or "salt: conversation" to make each conversation's prefix its own`,
    );
  }
  return Array.from({ length: count }, (_, index) => Math.floor((index * paragraphs) / count));
}

/** Paragraphs from `start` on, cut after the last whole word that fits into `characters`. */
function textFrom(paragraphs: readonly string[], start: number, characters: number): string {
  const parts: string[] = [];
  for (let at = start, length = 0; length <= characters; at++) {
    const paragraph = paragraphs[at % paragraphs.length]!;
    parts.push(paragraph);
    length += paragraph.length + 2;
  }
  const text = parts.join('\n\n').slice(0, characters + 1);
  const end = Math.max(text.lastIndexOf(' '), text.lastIndexOf('\n'));
  return text.slice(0, end > 0 ? end : characters).trimEnd();
}
