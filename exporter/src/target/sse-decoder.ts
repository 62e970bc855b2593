/** Takes the data of each event, joined over its lines, without the final line break. */
export interface SseSink {
  onEvent(data: string): void;
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const LOWER_D = 0x64;
const LOWER_A = 0x61;
const LOWER_T = 0x74;

/** Larger events are not kept: a server that never ends its line may not fill our memory. */
export const MAX_EVENT_BYTES = 32 * 1024 * 1024;

/**
 * Incremental decoder of server-sent events over bytes (WHATWG HTML, "Interpreting an event stream"): lines end in CR,
 * LF or CRLF wherever the network cuts them; only `data` fields matter here. Bytes become text only when a line is
 * complete, so a character cut in two survives. A chunk that holds whole events is never copied; a line that spans
 * chunks is joined once, when it ends.
 */
export class SseDecoder {
  /** True once an event was longer than the limit: nothing more is decoded. */
  overflowed = false;
  private parts: Buffer[] | null = null;
  private bytes = 0;
  private data: string | null = null;
  private lineFeedMayFollow = false;
  private atStart = true;

  constructor(
    private readonly sink: SseSink,
    private readonly maxEventBytes = MAX_EVENT_BYTES,
  ) {}

  push(chunk: Buffer): void {
    const { length } = chunk;
    if (length === 0 || this.overflowed) return;
    let start = 0;
    if (this.lineFeedMayFollow) {
      this.lineFeedMayFollow = false;
      if (chunk[0] === LF) start = 1;
    }
    let lf = chunk.indexOf(LF, start);
    let cr = chunk.indexOf(CR, start);
    while (lf !== -1 || cr !== -1) {
      const end = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr;
      this.line(chunk, start, end);
      start = end + 1;
      if (end === cr) {
        if (start === length) this.lineFeedMayFollow = true;
        else if (lf === start) start += 1;
        cr = chunk.indexOf(CR, start);
      }
      if (lf !== -1 && lf < start) lf = start < length ? chunk.indexOf(LF, start) : -1;
    }
    if (start < length) this.keep(start === 0 ? chunk : chunk.subarray(start));
  }

  /** The stream is over: an unended last line or event counts as ended. */
  end(): void {
    if (this.parts !== null) this.line(Buffer.alloc(0), 0, 0);
    this.dispatch();
  }

  private keep(part: Buffer): void {
    this.bytes += part.length;
    if (this.bytes > this.maxEventBytes) return this.overflow();
    if (this.parts === null) this.parts = [part];
    else this.parts.push(part);
  }

  private overflow(): void {
    this.overflowed = true;
    this.parts = null;
    this.data = null;
  }

  private line(chunk: Buffer, start: number, end: number): void {
    if (this.parts !== null) {
      this.parts.push(chunk.subarray(start, end));
      const whole = Buffer.concat(this.parts);
      this.parts = null;
      if (this.data === null) this.bytes = 0;
      this.field(whole, 0, whole.length);
    } else this.field(chunk, start, end);
  }

  private field(bytes: Buffer, from: number, end: number): void {
    let start = from;
    if (this.atStart) {
      this.atStart = false;
      if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
    }
    if (start >= end) return this.dispatch();
    if (bytes[start] !== LOWER_D || !isDataField(bytes, start, end)) return;
    let valueStart = start + 5;
    if (valueStart < end && bytes[valueStart] === SPACE) valueStart += 1;
    const value = valueStart < end ? bytes.toString('utf8', valueStart, end) : '';
    if (this.data === null) {
      this.data = value;
      return;
    }
    this.data += `\n${value}`;
    if (this.data.length > this.maxEventBytes) this.overflow();
  }

  private dispatch(): void {
    const { data } = this;
    if (data === null) return;
    this.data = null;
    this.sink.onEvent(data);
  }
}

function isDataField(bytes: Buffer, start: number, end: number): boolean {
  return (
    end - start >= 4 &&
    bytes[start + 1] === LOWER_A &&
    bytes[start + 2] === LOWER_T &&
    bytes[start + 3] === LOWER_A &&
    (end - start === 4 || bytes[start + 4] === COLON)
  );
}
