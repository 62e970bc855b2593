/** A stretch of letters and digits yields one token for each this many characters (begun ones count). */
export const CHARACTERS_PER_TOKEN = 5;
const VOCABULARY = 151_000;

/**
 * A deterministic stand-in for a tokenizer, about 4 characters of English a token: words in pieces of 5 characters,
 * each punctuation mark, line break and character outside ASCII by itself; blanks belong to their neighbours.
 */
export function countTokens(text: string): number {
  let tokens = 0;
  for (let start = 0, end = tokenEnd(text, 0); end > start; start = end, end = tokenEnd(text, start)) tokens++;
  return tokens;
}

/** The tokens' numbers: equal pieces, equal numbers, with or without blanks before them; nothing else is promised. */
export function tokenIds(text: string): number[] {
  const ids: number[] = [];
  for (let start = 0, end = tokenEnd(text, 0); end > start; start = end, end = tokenEnd(text, start)) {
    ids.push(tokenId(text, skipBlanks(text, start), end));
  }
  return ids;
}

/** FNV-1a, 32 bits, over UTF-16 units. */
export function hashText(text: string, seed = 0): number {
  return hashUnits(text, 0, text.length, seed);
}

function tokenId(text: string, start: number, end: number): number {
  return hashUnits(text, start, end, 0) % VOCABULARY;
}

function hashUnits(text: string, start: number, end: number, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = start; index < end; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** End of the token that starts at `start`, blanks before it included; `start` itself when no token is left. */
function tokenEnd(text: string, start: number): number {
  let index = skipBlanks(text, start);
  if (index >= text.length) return start;
  const first = text.charCodeAt(index);
  if (!isWordCharacter(first)) return index + (isLeadSurrogate(first) && index + 1 < text.length ? 2 : 1);
  const limit = Math.min(text.length, index + CHARACTERS_PER_TOKEN);
  while (index < limit && isWordCharacter(text.charCodeAt(index))) index++;
  return index;
}

function skipBlanks(text: string, start: number): number {
  let index = start;
  while (index < text.length && isBlank(text.charCodeAt(index))) index++;
  return index;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function isWordCharacter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39);
}

function isLeadSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
