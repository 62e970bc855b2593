import { ChatChunk, readChunk } from './chat-chunk.js';

/** What a varying place of an event means. */
type Meaning = 'text' | 'reasoning' | 'completion' | 'ignored';

interface Place {
  start: number;
  end: number;
  meaning: Meaning;
}

const NUMBERS: readonly [string, Meaning][] = [
  ['"completion_tokens":', 'completion'],
  ['"total_tokens":', 'ignored'],
  ['"created":', 'ignored'],
];
const TEXTS: readonly [string, Meaning][] = [
  ['"content":', 'text'],
  ['"text":', 'text'],
  ['"reasoning_content":', 'reasoning'],
  ['"reasoning":', 'reasoning'],
];
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
const MAX_DIGITS = 15;

/**
 * The fixed parts of a stream's events with the places that vary between them: the text and a few counts. The events
 * of one stream differ in nothing else, so most of them can be read by comparing the fixed parts, at a fraction of the
 * cost of parsing JSON. Whatever does not fit exactly is left to `readChunk`.
 *
 * Why a fit is exact: in valid JSON, an unescaped `"name":` after `{` or `,` can only be a key, never part of a string,
 * so a place is a whole value. Putting another plain string or integer there changes that one value of the parsed tree;
 * and `learn` tries out that this value, and no other, is the one that `readChunk` reports.
 */
export class ChunkPattern {
  private readonly fixed: string[] = [];
  private readonly meanings: Meaning[];
  private readonly promptTokens: number;
  private readonly cachedTokens: number;

  private constructor(data: string, places: readonly Place[], read: ChatChunk) {
    let from = 0;
    for (const place of places) {
      this.fixed.push(data.slice(from, place.start));
      from = place.end;
    }
    this.fixed.push(data.slice(from));
    this.meanings = places.map((place) => place.meaning);
    this.promptTokens = read.promptTokens;
    this.cachedTokens = read.cachedTokens;
  }

  /** The pattern of an event that `readChunk` read as `read`; null when it is no ordinary text or reasoning chunk. */
  static learn(data: string, read: ChatChunk): ChunkPattern | null {
    if (read.kind !== 'chunk' || !read.hasChoice || read.finished || read.toolCall) return null;
    if ((read.text !== '') === read.reasoning) return null;
    const places = findPlaces(data, read);
    if (places === null) return null;
    const pattern = new ChunkPattern(data, places, read);
    return pattern.holds('', '0', read) && pattern.holds('tried out', '987654321', read) ? pattern : null;
  }

  /** Reads an event into `chunk`, exactly as `readChunk` would; false, and `chunk` untouched, when it does not fit. */
  read(data: string, chunk: ChatChunk): boolean {
    const { fixed, meanings } = this;
    let at = 0;
    let textStart = 0;
    let textEnd = 0;
    let reasoning = false;
    let completionTokens = NaN;
    for (let index = 0; index < meanings.length; index++) {
      const part = fixed[index]!;
      const start = at + part.length;
      // Twice as quick as `startsWith`.
      if (data.slice(at, start) !== part) return false;
      const meaning = meanings[index]!;
      const isNumber = meaning === 'completion' || meaning === 'ignored';
      at = isNumber ? endOfInteger(data, start) : endOfPlainText(data, start);
      if (at === -1) return false;
      if (meaning === 'completion') completionTokens = toInteger(data, start, at);
      else if (meaning === 'reasoning') reasoning = at > start;
      else if (meaning === 'text') {
        textStart = start;
        textEnd = at;
      }
    }
    const last = fixed[meanings.length]!;
    if (data.slice(at) !== last) return false;
    chunk.reset();
    chunk.kind = 'chunk';
    chunk.hasChoice = true;
    chunk.text = textEnd > textStart ? data.slice(textStart, textEnd) : '';
    chunk.reasoning = reasoning;
    chunk.promptTokens = this.promptTokens;
    chunk.completionTokens = completionTokens;
    chunk.cachedTokens = this.cachedTokens;
    return true;
  }

  /** Whether an event of this pattern with this text and these numbers reads as it should. */
  private holds(text: string, number: string, learned: ChatChunk): boolean {
    const values = this.meanings.map((meaning) => (meaning === 'text' || meaning === 'reasoning' ? text : number));
    const event = this.fixed.map((part, index) => part + (values[index] ?? '')).join('');
    const slow = new ChatChunk();
    const quick = new ChatChunk();
    readChunk(event, slow);
    const fits = this.read(event, quick);
    return fits && equal(slow, quick) && Number.isNaN(slow.completionTokens) === Number.isNaN(learned.completionTokens);
  }
}

function equal(a: ChatChunk, b: ChatChunk): boolean {
  const others = new Map<string, unknown>(Object.entries(b));
  return Object.entries(a).every(([field, value]) => Object.is(value, others.get(field)));
}

function findPlaces(data: string, read: ChatChunk): Place[] | null {
  const places: Place[] = [];
  for (const [key, meaning] of TEXTS) {
    if (meaning === 'reasoning' ? !read.reasoning : read.text === '') continue;
    const place = textPlace(data, key, meaning);
    if (place !== null && place.end > place.start) {
      places.push(place);
      break;
    }
  }
  if (places.length === 0) return null;
  for (const [key, meaning] of NUMBERS) {
    const start = valueStart(data, key);
    const end = start === -1 ? -1 : endOfInteger(data, start);
    if (end !== -1 && !/[.eE\d+-]/.test(data.charAt(end))) places.push({ start, end, meaning });
  }
  return places.sort((a, b) => a.start - b.start);
}

function textPlace(data: string, key: string, meaning: Meaning): Place | null {
  const quote = valueStart(data, key);
  if (quote === -1 || data.charCodeAt(quote) !== QUOTE) return null;
  const end = endOfPlainText(data, quote + 1);
  return end === -1 ? null : { start: quote + 1, end, meaning };
}

/** Where the value of the first key of this name begins; −1 without one. */
function valueStart(data: string, key: string): number {
  const at = data.indexOf(key);
  if (at < 1) return -1;
  let before = at - 1;
  while (before > 0 && data.charCodeAt(before) === SPACE) before -= 1;
  const opener = data.charCodeAt(before);
  if (opener !== COMMA && opener !== OPEN_BRACE) return -1;
  let start = at + key.length;
  while (data.charCodeAt(start) === SPACE) start += 1;
  return start;
}

/** Index of the quote that ends a string without escapes; −1 when it has any, or control characters. */
function endOfPlainText(data: string, start: number): number {
  for (let index = start; index < data.length; index++) {
    const code = data.charCodeAt(index);
    if (code === QUOTE) return index;
    if (code === BACKSLASH || code < SPACE) return -1;
  }
  return -1;
}

/** Index after a JSON integer of at most 15 digits; −1 when there is none. */
function endOfInteger(data: string, start: number): number {
  let end = start;
  for (; end < data.length; end++) {
    const code = data.charCodeAt(end);
    if (code < ZERO || code > NINE) break;
  }
  const digits = end - start;
  if (digits === 0 || digits > MAX_DIGITS) return -1;
  return digits > 1 && data.charCodeAt(start) === ZERO ? -1 : end;
}

function toInteger(data: string, start: number, end: number): number {
  let value = 0;
  for (let index = start; index < end; index++) value = value * 10 + data.charCodeAt(index) - ZERO;
  return value;
}
