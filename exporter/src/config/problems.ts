/** One thing that is wrong with a spec: where, what, and what to do about it. */
export interface SpecProblem {
  /** `load.levels[2]`; empty for the document as a whole. */
  path: string;
  /** Goes after the path: `must be a positive integer, got "7O"`. */
  message: string;
  /** What to do; null when the message says it all. */
  hint: string | null;
  /** Line in the YAML text, from 1; null when the value came from elsewhere. */
  line: number | null;
  /** The file's name, `environment variable SWEEPSCOPE_LOAD_LEVELS` or `--set`; null: unknown. */
  source: string | null;
}

/** Writes a path the way people do: `['load', 'levels', 2]` is `load.levels[2]`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');
}

/** Writes problems for people, one a line, each hint on an indented line below. */
export function formatProblems(problems: readonly SpecProblem[]): string {
  return problems.map(formatProblem).join('\n');
}

function formatProblem({ path, message, hint, line, source }: SpecProblem): string {
  const place = [source, line === null ? null : source === null ? `line ${line}` : String(line)].filter(
    (part) => part !== null,
  );
  const lead = [place.join(':'), path].filter((part) => part !== '');
  return `${[...lead, message].join(': ')}${hint === null ? '' : `\n    ${hint}`}`;
}

const SHOWN_CHARACTERS = 60;

/** Shows a value in a message: short, quoted when text, never a whole map or list. */
export function showValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  const text = typeof value === 'string' ? value : typeof value;
  return JSON.stringify(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text);
}
