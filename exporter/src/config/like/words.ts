/** What makes a shell do more than hand over words; outside of quotes only. */
const SHELL_SYNTAX = /[|&;<>()`]/;

/**
 * Splits a command line into words as a POSIX shell does: quotes, backslashes, line ends after a backslash. Variables,
 * pipes and the like would need the shell itself.
 * @throws Error that names what can't be read
 */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  const refuse = (what: string): never => {
    throw new Error(`${what} in the command line would need a shell: write the value itself, or quote it`);
  };
  while (at < line.length) {
    const char = line[at]!;
    if (char === "'" || char === '"') {
      const quoted = readQuoted(line, at, refuse);
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else if (char === '\\') {
      const next = line[at + 1] ?? '';
      if (next !== '\n') word = (word ?? '') + next;
      at += 2;
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
    } else {
      if (char === '$' && /[\w{(]/.test(line[at + 1] ?? '')) refuse('a variable ($…)');
      if (SHELL_SYNTAX.test(char)) refuse(`"${char}"`);
      word = (word ?? '') + char;
      at += 1;
    }
  }
  return word === null ? words : [...words, word];
}

/** The text between quotes, and where to go on behind them. */
function readQuoted(line: string, from: number, refuse: (what: string) => never): { text: string; end: number } {
  const quote = line[from]!;
  let text = '';
  for (let at = from + 1; at < line.length; at += 1) {
    const char = line[at]!;
    if (char === quote) return { text, end: at + 1 };
    const isEscaped = quote === '"' && char === '\\' && /["\\$`\n]/.test(line[at + 1] ?? '');
    if (isEscaped) {
      at += 1;
      if (line[at] !== '\n') text += line[at]!;
    } else {
      if (quote === '"' && char === '$' && /[\w{(]/.test(line[at + 1] ?? '')) refuse('a variable ($…)');
      text += char;
    }
  }
  throw new Error(`the command line ends within ${quote === '"' ? 'double' : 'single'} quotes`);
}
