const TAB = 0x09;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;
const CLOSE = 0x7d;

/** `[a-zA-Z_:]`, from the second character on also digits. */
const isNameCode = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x3a) || code === 0x5f;
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/**
 * A place in the text of an exposition, moved forward within one line. Methods that find something else than they look
 * for return null (or −1) and leave it to the caller to give the line up. Each call looks at a character at most once.
 */
export class LineCursor {
  /** Next character. */
  at = 0;
  /** First character behind the line. */
  end = 0;

  constructor(private readonly text: string) {}

  get done(): boolean {
    return this.at >= this.end;
  }

  peek(): number {
    return this.at < this.end ? this.text.charCodeAt(this.at) : -1;
  }

  skipBlanks(): void {
    while (this.at < this.end) {
      const code = this.text.charCodeAt(this.at);
      if (code !== SPACE && code !== TAB) return;
      this.at += 1;
    }
  }

  /** Steps over `code` when it is next. */
  take(code: number): boolean {
    if (this.peek() !== code) return false;
    this.at += 1;
    return true;
  }

  /** End of the name that begins here; −1 when none does. */
  nameEnd(): number {
    let at = this.at;
    if (at >= this.end || isDigit(this.text.charCodeAt(at))) return -1;
    while (at < this.end && isNameCode(this.text.charCodeAt(at))) at += 1;
    return at === this.at ? -1 : at;
  }

  /** True when exactly `name` is next, and no longer one. */
  isAtName(name: string): boolean {
    const behind = this.at + name.length;
    if (behind > this.end || !this.text.startsWith(name, this.at)) return false;
    return behind === this.end || !isNameCode(this.text.charCodeAt(behind));
  }

  name(): string | null {
    const end = this.nameEnd();
    if (end < 0) return null;
    const name = this.text.slice(this.at, end);
    this.at = end;
    return name;
  }

  /** A quoted text with the escapes `\\`, `\"` and `\n`; other escapes stay as they are, as Prometheus reads them. */
  quoted(): string | null {
    if (!this.take(QUOTE)) return null;
    const from = this.at;
    let escaped = false;
    for (; this.at < this.end; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code === BACKSLASH) {
        escaped = true;
        this.at += 1;
      } else if (code === QUOTE) {
        const raw = this.text.slice(from, this.at);
        this.at += 1;
        return escaped ? unescaped(raw) : raw;
      }
    }
    return null;
  }

  /**
   * The pairs behind an opening brace, up to and with the closing one. A quoted text without a value is the metric's
   * name, as Prometheus 3 writes names beyond `[a-zA-Z0-9_:]`.
   */
  labels(): { labels: Record<string, string>; name: string | null } | null {
    const labels: Record<string, string> = {};
    let name: string | null = null;
    for (;;) {
      this.skipBlanks();
      if (this.take(CLOSE)) return { labels, name };
      const isQuoted = this.peek() === QUOTE;
      const key = isQuoted ? this.quoted() : this.name();
      if (key === null) return null;
      this.skipBlanks();
      if (this.take(EQUALS)) {
        this.skipBlanks();
        const value = this.quoted();
        if (value === null) return null;
        define(labels, key, value);
      } else if (isQuoted && name === null) name = key;
      else return null;
      this.skipBlanks();
      if (!this.take(COMMA) && this.peek() !== CLOSE) return null;
    }
  }

  /** Up to the next blank or the end of the line. */
  word(): string {
    const from = this.at;
    while (this.at < this.end) {
      const code = this.text.charCodeAt(this.at);
      if (code === SPACE || code === TAB) break;
      this.at += 1;
    }
    return this.text.slice(from, this.at);
  }
}

function unescaped(raw: string): string {
  return raw.replace(/\\([\\"n])/g, (_, escape: string) => (escape === 'n' ? '\n' : escape));
}

/** Also keys such as `__proto__` are only keys. */
function define(labels: Record<string, string>, key: string, value: string): void {
  if (key === '__proto__') Object.defineProperty(labels, key, { value, enumerable: true, configurable: true });
  else labels[key] = value;
}
