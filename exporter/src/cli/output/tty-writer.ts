import type { SweepEvent } from '../../sweep/events.js';
import type { EventWriter, LoadUnit } from './event-writer.js';
import { INITIAL_STATE, nextState } from './live-state.js';
import { renderLiveTable } from './live-table.js';
import { paintLine, printable, segment } from './terminal-style.js';
import type { Paint, TerminalStyle } from './terminal-style.js';

/** The part of a terminal's stream that is used. */
export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** Synchronised update: terminals that know it show the frame as a whole, others ignore it. */
const BEGIN_FRAME = '\u001b[?2026h';
const END_FRAME = '\u001b[?2026l';
const CLEAR_LINE_END = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
const NOTE_PAINT: Readonly<Record<'info' | 'warning' | 'error', Paint>> = {
  info: 'plain',
  warning: 'yellow',
  error: 'red',
};

/**
 * Redraws the live table in place: each frame is one write that overwrites the lines of the last, so nothing flickers.
 * Notes scroll away above it. The last frame stays.
 */
export class TtyWriter implements EventWriter {
  private state = INITIAL_STATE;
  /** Lengths of the lines on the screen, without colours. */
  private drawn: number[] = [];
  private hidden = false;
  private closed = false;
  private readonly onResize = (): void => this.draw('');

  constructor(
    private readonly terminal: Terminal,
    private readonly style: TerminalStyle,
    private readonly unit: LoadUnit = 'users',
  ) {
    terminal.on('resize', this.onResize);
  }

  handle(event: SweepEvent): void {
    if (this.closed) return;
    this.state = nextState(this.state, event);
    if (event.type === 'window') return;
    this.draw(event.type === 'note' ? this.note(event.severity, event.message) : '');
    if (event.type === 'end') this.close();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.terminal.off('resize', this.onResize);
    if (this.hidden) this.terminal.write(SHOW_CURSOR);
  }

  private note(severity: 'info' | 'warning' | 'error', message: string): string {
    const text = `${severity === 'info' ? '' : `${severity}: `}${printable(message)}`;
    return `${paintLine([segment(text, NOTE_PAINT[severity])], Infinity, this.style)}${CLEAR_LINE_END}\n`;
  }

  private draw(above: string): void {
    if (this.state.runId === '') {
      if (above !== '') this.terminal.write(above);
      return;
    }
    // The last column stays empty: a full line would leave the cursor in between lines.
    const columns = this.terminal.columns ?? DEFAULT_COLUMNS;
    const height = (this.terminal.rows ?? DEFAULT_ROWS) - 1;
    const size = { width: Math.max(1, columns - 1), height };
    const lines = renderLiveTable(this.state, size, this.style, this.unit).slice(-Math.max(1, height));
    const hide = this.hidden ? '' : HIDE_CURSOR;
    this.hidden = true;
    const body = lines.map((line) => `${line}${CLEAR_LINE_END}\n`).join('');
    this.terminal.write(`${BEGIN_FRAME}${hide}${this.backToTop(columns)}${above}${body}${CLEAR_BELOW}${END_FRAME}`);
    this.drawn = lines.map(shownLength);
  }

  /** Lines that were drawn wider than the terminal now is take more than one of its lines. */
  private backToTop(columns: number): string {
    const lines = this.drawn.reduce((sum, length) => sum + Math.max(1, Math.ceil(length / columns)), 0);
    return lines > 0 ? `\u001b[${lines}F` : '';
  }
}

function shownLength(line: string): number {
  return line.replaceAll(/\u001b\[[0-9;]*m/g, '').length;
}
