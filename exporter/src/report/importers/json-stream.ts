/** Where a value stands: the number of the document in the file (from 0), then keys and indices. */
export type JsonPath = readonly (string | number)[];

/** What to do with the value at a path: look inside, hand it over whole, or pass over it. */
export type JsonPlan = (path: JsonPath) => 'enter' | 'take' | 'skip';

/** Text that is no JSON, or ends too early. The message goes after the file's name. */
export class JsonStreamError extends Error {
  override readonly name = 'JsonStreamError';
}

interface Frame {
  array: boolean;
  /** What may come next. */
  next: 'key' | 'colon' | 'value' | 'comma';
  /** In an array the index of the present element. */
  at: string | number;
  empty: boolean;
}

/** A value (or key) that is being passed over or collected as text. */
interface Capture {
  keep: string[] | null;
  isKey: boolean;
  kind: 'container' | 'string' | 'scalar';
  depth: number;
  inString: boolean;
  escaped: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const BYTE_ORDER_MARK = 0xfeff;

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
const isOpen = (code: number): boolean => code === OPEN_BRACE || code === OPEN_BRACKET;
const isClose = (code: number): boolean => code === CLOSE_BRACE || code === CLOSE_BRACKET;

/**
 * Walks through JSON text of any size without holding more of it than the values that are taken: fit for result files
 * of hundreds of megabytes. Several documents may follow each other. `NaN` and `Infinity`, which Python writes, are read
 * as null. Feed it with `write`, then call `end`.
 */
export class JsonWalker {
  private readonly frames: Frame[] = [];
  private capture: Capture | null = null;
  private document = 0;
  private seen = 0;

  constructor(
    private readonly plan: JsonPlan,
    private readonly onValue: (path: JsonPath, value: unknown) => void,
  ) {}

  /** @throws JsonStreamError */
  write(text: string): void {
    let i = 0;
    while (i < text.length) {
      if (this.capture !== null) {
        i = this.consume(text, i, this.capture);
        continue;
      }
      const code = text.charCodeAt(i);
      if (isSpace(code) || code === BYTE_ORDER_MARK) i += 1;
      else i = this.step(code, i);
    }
    this.seen += text.length;
  }

  /** @throws JsonStreamError when the text ended within a value */
  end(): void {
    if (this.capture?.kind === 'scalar') this.finish(this.capture);
    if (this.capture !== null || this.frames.length > 0) {
      const place = this.frames.length === 0 ? '' : ` inside of ${this.describePath()}`;
      throw new JsonStreamError(`ends after ${this.seen} characters${place}: it was cut off`);
    }
    if (this.document === 0) throw new JsonStreamError('is empty');
  }

  /** One structural character, or the beginning of a value. Returns where to go on. */
  private step(code: number, i: number): number {
    const frame = this.frames.at(-1);
    if (frame === undefined) return this.beginValue(code, i);
    if (isClose(code)) return this.close(frame, code, i);
    switch (frame.next) {
      case 'key':
        if (code !== QUOTE) throw this.unexpected(code, i, 'a key');
        this.capture = newCapture(code, [], true);
        return i;
      case 'colon':
        if (code !== COLON) throw this.unexpected(code, i, '":"');
        frame.next = 'value';
        return i + 1;
      case 'comma':
        if (code !== COMMA) throw this.unexpected(code, i, '"," or an end');
        frame.next = frame.array ? 'value' : 'key';
        if (frame.array) frame.at = (frame.at as number) + 1;
        return i + 1;
      case 'value':
        return this.beginValue(code, i);
    }
  }

  private beginValue(code: number, i: number): number {
    const frame = this.frames.at(-1);
    if (frame !== undefined) frame.empty = false;
    const choice = this.plan(this.path());
    if (choice === 'enter' && isOpen(code)) {
      const array = code === OPEN_BRACKET;
      this.frames.push({ array, next: array ? 'value' : 'key', at: array ? 0 : '', empty: true });
      return i + 1;
    }
    if (code === COMMA || code === COLON || isClose(code)) throw this.unexpected(code, i, 'a value');
    this.capture = newCapture(code, choice === 'take' ? [] : null, false);
    return i;
  }

  private close(frame: Frame, code: number, i: number): number {
    const expected = frame.array ? CLOSE_BRACKET : CLOSE_BRACE;
    const allowed = frame.next === 'comma' || frame.empty;
    if (code !== expected || !allowed)
      throw this.unexpected(code, i, frame.next === 'comma' ? '","' : `a ${frame.next}`);
    this.frames.pop();
    this.ended();
    return i + 1;
  }

  /** Passes over a value's text from `i` on. Returns where it ends, or the text's length. */
  private consume(text: string, i: number, capture: Capture): number {
    const end = capture.kind === 'scalar' ? scalarEnd(text, i) : nestedEnd(text, i, capture);
    capture.keep?.push(text.slice(i, end.at));
    if (end.done) this.finish(capture);
    return end.at;
  }

  private finish(capture: Capture): void {
    this.capture = null;
    if (capture.isKey) {
      const frame = this.frames.at(-1)!;
      frame.at = parseLeniently(capture.keep!.join('')) as string;
      frame.next = 'colon';
      return;
    }
    if (capture.keep !== null) {
      const path = this.path();
      this.onValue(path, this.parse(capture.keep.join('')));
    }
    this.ended();
  }

  private parse(text: string): unknown {
    try {
      return parseLeniently(text);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new JsonStreamError(`is not JSON at ${this.describePath()}: ${why}`, { cause });
    }
  }

  /** A value ended: in its container a comma may follow. */
  private ended(): void {
    const frame = this.frames.at(-1);
    if (frame === undefined) this.document += 1;
    else frame.next = 'comma';
  }

  private path(): (string | number)[] {
    return [this.document, ...this.frames.map((frame) => frame.at)];
  }

  private describePath(): string {
    const parts = this.path().slice(1);
    if (parts.length === 0) return 'its beginning';
    return parts
      .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
      .join('');
  }

  private unexpected(code: number, i: number, wanted: string): JsonStreamError {
    const found = JSON.stringify(String.fromCharCode(code));
    return new JsonStreamError(
      `is not JSON: ${found} at character ${this.seen + i + 1} (${this.describePath()}), where ${wanted} should be`,
    );
  }
}

/** `JSON.parse` that takes Python's NaN and Infinity for null. @throws SyntaxError */
export function parseLeniently(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    return JSON.parse(
      text.replace(/("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b/g, (_, quoted?: string) => quoted ?? 'null'),
    );
  }
}

/** Walks through a value that is in memory already as the stream would. */
export function walkValue(value: unknown, plan: JsonPlan, onValue: (path: JsonPath, value: unknown) => void): void {
  const visit = (path: JsonPath, part: unknown): void => {
    const choice = plan(path);
    if (choice === 'skip') return;
    if (choice === 'take' || typeof part !== 'object' || part === null) {
      if (choice === 'take') onValue(path, part);
      return;
    }
    const entries = Array.isArray(part) ? part.entries() : Object.entries(part);
    for (const [key, child] of entries) visit([...path, key], child);
  };
  visit([0], value);
}

function newCapture(code: number, keep: string[] | null, isKey: boolean): Capture {
  const kind = code === QUOTE ? 'string' : isOpen(code) ? 'container' : 'scalar';
  return { keep, isKey, kind, depth: 0, inString: false, escaped: false };
}

interface End {
  at: number;
  done: boolean;
}

function scalarEnd(text: string, from: number): End {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === COMMA || isClose(code) || isSpace(code)) return { at: i, done: true };
  }
  return { at: text.length, done: false };
}

/** End of a string or container; `state` carries over to the next piece of text. */
function nestedEnd(text: string, from: number, state: Capture): End {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (state.inString) {
      if (state.escaped) state.escaped = false;
      else if (code === BACKSLASH) state.escaped = true;
      else if (code === QUOTE) {
        state.inString = false;
        if (state.depth === 0) return { at: i + 1, done: true };
      }
    } else if (code === QUOTE) state.inString = true;
    else if (isOpen(code)) state.depth += 1;
    else if (isClose(code) && --state.depth === 0) return { at: i + 1, done: true };
  }
  return { at: text.length, done: false };
}
