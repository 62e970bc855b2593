/** What a terminal can show. */
export interface TerminalStyle {
  colour: boolean;
  /** Whether non-ASCII characters come out right. */
  unicode: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The style for an output: colour by NO_COLOR (https://no-color.org) and TERM, characters by the locale. */
export function terminalStyle(environment: Environment, isTerminal: boolean): TerminalStyle {
  const locale = [environment['LC_ALL'], environment['LC_CTYPE'], environment['LANG']].find((value) => value);
  const refused = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  return { colour: isTerminal && !refused, unicode: /utf-?8/i.test(locale ?? '') };
}

export type Paint = 'plain' | 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

const CODES: Readonly<Record<Paint, string>> = {
  plain: '',
  bold: '1',
  dim: '2',
  green: '32',
  yellow: '33',
  red: '31',
  cyan: '36',
};

/** A piece of a line in one colour. */
export interface Segment {
  text: string;
  paint: Paint;
}

export function segment(text: string, paint: Paint = 'plain'): Segment {
  return { text, paint };
}

const ASCII: Readonly<Record<string, string>> = {
  '━': '=',
  '─': '-',
  '–': '-',
  '▸': '>',
  '…': '~',
  '×': 'x',
  '·': '-',
};

/** Replaces our few non-ASCII characters one by one, so that columns stay where they are; others become `?`. */
export function toAscii(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/gu, (character) => ASCII[character] ?? '?');
}

/** Text from outside without what could move the cursor or split the line. */
export function printable(text: string): string {
  return text.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
}

/** A line of at most `width` characters: what does not fit is cut, with `…` in the last place. */
export function paintLine(segments: readonly Segment[], width: number, style: TerminalStyle): string {
  const total = segments.reduce((sum, { text }) => sum + text.length, 0);
  let left = total > width ? Math.max(0, width - 1) : width;
  const painted = segments.map(({ text, paint }) => {
    const shown = text.slice(0, left);
    left -= shown.length;
    return colour(style.unicode ? shown : toAscii(shown), paint, style);
  });
  const mark = total > width && width > 0 ? (style.unicode ? '…' : '~') : '';
  return (painted.join('') + mark).trimEnd();
}

function colour(text: string, paint: Paint, style: TerminalStyle): string {
  const code = CODES[paint];
  return style.colour && code !== '' && text.trim() !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
}
