import { LineCursor } from './cursor.js';
import { parseSampleValue } from './number.js';
import type { Exemplar, Exposition, ExpositionSample, Labels } from './types.js';

export interface ParseExpositionOptions {
  /** Lines of other names are passed over unread: most of a server's lines are histogram buckets that nobody asks for. */
  wanted?: (name: string) => boolean;
  /** OpenMetrics, where timestamps are seconds; in Prometheus' own format they are milliseconds. */
  openMetrics?: boolean;
}

const NEWLINE = '\n';
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = 0xfeff;
const HASH = 0x23;
const OPEN = 0x7b;
const LONGEST_SHOWN = 80;
const NO_LABELS: Labels = {};

/**
 * Reads Prometheus' text format 0.0.4 or OpenMetrics 1.0.0. Total: never throws, takes time proportional to the text,
 * and a line that is none is counted and passed over. Quoted (UTF-8) names are understood.
 */
export function parseExposition(text: string, options: ParseExpositionOptions = {}): Exposition {
  return new ExpositionReader(text, options).read();
}

class ExpositionReader {
  private readonly cursor: LineCursor;
  private readonly samples: ExpositionSample[] = [];
  private readonly types = new Map<string, string>();
  private readonly wanted: (name: string) => boolean;
  private readonly secondsPerTick: number;
  private brokenLines = 0;
  private firstBroken: Exposition['firstBroken'] = null;
  /** The name of the line before, and whether it is wanted: lines of one name follow each other. */
  private lastName = '';
  private lastWanted = false;

  constructor(
    private readonly text: string,
    { wanted = () => true, openMetrics = false }: ParseExpositionOptions,
  ) {
    this.cursor = new LineCursor(text);
    this.wanted = wanted;
    this.secondsPerTick = openMetrics ? 1 : 0.001;
  }

  read(): Exposition {
    const { text } = this;
    let from = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
    for (let line = 1; from < text.length; line++) {
      let end = text.indexOf(NEWLINE, from);
      if (end < 0) end = text.length;
      if (!this.readLine(from, end)) this.noteBroken(line, from, end);
      from = end + 1;
    }
    const { samples, types, brokenLines, firstBroken } = this;
    return { samples, types, brokenLines, firstBroken };
  }

  /** False when the line is none. */
  private readLine(from: number, end: number): boolean {
    const { cursor, text } = this;
    cursor.at = from;
    cursor.end = end > from && text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end;
    cursor.skipBlanks();
    if (cursor.done) return true;
    const first = cursor.peek();
    if (first === HASH) return this.readComment();
    if (first === OPEN) return this.readQuotedSample();
    if (!cursor.isAtName(this.lastName) || this.lastName === '') {
      const nameEnd = cursor.nameEnd();
      if (nameEnd < 0) return false;
      this.lastName = text.slice(cursor.at, nameEnd);
      this.lastWanted = this.wanted(this.lastName);
    }
    if (!this.lastWanted) return true;
    cursor.at += this.lastName.length;
    return this.readSample(this.lastName);
  }

  private readComment(): boolean {
    const { cursor } = this;
    cursor.at += 1;
    cursor.skipBlanks();
    if (cursor.word() !== 'TYPE') return true;
    cursor.skipBlanks();
    const name = cursor.peek() === 0x22 ? cursor.quoted() : cursor.word();
    cursor.skipBlanks();
    const type = cursor.word();
    if (name === null || name === '' || type === '') return false;
    this.types.set(name, type);
    return true;
  }

  /** `{"name", label="value"} 1`. */
  private readQuotedSample(): boolean {
    const { cursor } = this;
    cursor.at += 1;
    const found = cursor.labels();
    if (found?.name == null) return false;
    return this.wanted(found.name) ? this.readValue(found.name, found.labels) : true;
  }

  private readSample(name: string): boolean {
    const { cursor } = this;
    cursor.skipBlanks();
    if (!cursor.take(OPEN)) return this.readValue(name, NO_LABELS);
    const found = cursor.labels();
    return found?.name === null && this.readValue(name, found.labels);
  }

  private readValue(name: string, labels: Labels): boolean {
    const { cursor } = this;
    cursor.skipBlanks();
    const value = parseSampleValue(cursor.word());
    if (value === null) return false;
    cursor.skipBlanks();
    const timestampSeconds = this.readTimestamp();
    if (timestampSeconds === null) return false;
    const exemplar = this.readExemplar();
    if (exemplar === undefined) return false;
    this.samples.push({ name, labels, value, timestampSeconds, exemplar });
    return true;
  }

  /** NaN: none there; null: something else is. */
  private readTimestamp(): number | null {
    const { cursor } = this;
    if (cursor.done || cursor.peek() === HASH) return NaN;
    const ticks = parseSampleValue(cursor.word());
    cursor.skipBlanks();
    return ticks === null || !Number.isFinite(ticks) ? null : ticks * this.secondsPerTick;
  }

  /** null: none there; undefined: something else is. */
  private readExemplar(): Exemplar | null | undefined {
    const { cursor } = this;
    if (cursor.done) return null;
    if (!cursor.take(HASH)) return undefined;
    cursor.skipBlanks();
    const found = cursor.take(OPEN) ? cursor.labels() : null;
    if (found?.name !== null) return undefined;
    cursor.skipBlanks();
    const value = parseSampleValue(cursor.word());
    cursor.skipBlanks();
    const at = cursor.done ? NaN : parseSampleValue(cursor.word());
    cursor.skipBlanks();
    if (value === null || at === null || !cursor.done) return undefined;
    return { labels: found.labels, value, timestampSeconds: at };
  }

  private noteBroken(line: number, from: number, end: number): void {
    this.brokenLines += 1;
    this.firstBroken ??= { line, text: this.text.slice(from, Math.min(end, from + LONGEST_SHOWN)) };
  }
}
