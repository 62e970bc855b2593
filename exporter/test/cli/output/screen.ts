import { EventEmitter } from 'node:events';

const SEQUENCE = /\u001b\[(\??)(\d*)([A-Za-z])/y;

/** A terminal that knows the few control sequences of our writer: what is on it can be read back. */
export class Screen extends EventEmitter {
  readonly writes: string[] = [];
  cursorVisible = true;
  /** Lines that went out of sight at the top. */
  scrolled = 0;
  private lines: string[] = [''];
  private row = 0;

  constructor(
    public columns: number,
    public rows: number,
  ) {
    super();
  }

  write(text: string): boolean {
    this.writes.push(text);
    for (let at = 0; at < text.length;) {
      SEQUENCE.lastIndex = at;
      const sequence = SEQUENCE.exec(text);
      if (sequence) this.control(sequence[1] === '?', Number(sequence[2]), sequence[3]!);
      else this.print(text[at]!);
      at += sequence?.[0].length ?? 1;
    }
    return true;
  }

  /** Rewraps long lines as terminals do, then tells the listeners. */
  resize(columns: number, rows: number): void {
    const wrapped = this.lines.flatMap((line) =>
      Array.from({ length: Math.max(1, Math.ceil(line.length / columns)) }, (_, part) =>
        line.slice(part * columns, (part + 1) * columns),
      ),
    );
    this.row += wrapped.length - this.lines.length;
    this.lines = wrapped;
    this.columns = columns;
    this.rows = rows;
    this.emit('resize');
  }

  /** The lines on the screen up to the last that holds something. */
  text(): string[] {
    return this.lines.join('\n').trimEnd().split('\n');
  }

  private column = 0;

  private print(character: string): void {
    if (character === '\n') {
      this.row += 1;
      this.column = 0;
      if (this.row === this.lines.length) this.lines.push('');
      if (this.lines.length - this.scrolled > this.rows) this.scrolled += 1;
      return;
    }
    const line = this.lines[this.row]!;
    this.lines[this.row] = line.slice(0, this.column) + character + line.slice(this.column + 1);
    this.column += 1;
  }

  private control(isPrivate: boolean, count: number, letter: string): void {
    if (isPrivate) {
      if (count === 25) this.cursorVisible = letter === 'h';
    } else if (letter === 'F') {
      this.row -= count;
      this.column = 0;
      if (this.row < this.scrolled) throw new Error('the cursor left the screen at the top');
    } else if (letter === 'K') this.lines[this.row] = this.lines[this.row]!.slice(0, this.column);
    else if (letter === 'J')
      this.lines = [...this.lines.slice(0, this.row), this.lines[this.row]!.slice(0, this.column)];
    else if (letter !== 'm') throw new Error(`unknown control sequence ${letter}`);
  }
}
