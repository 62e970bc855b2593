/** A table of a Markdown text. */
export interface MarkdownTable {
  /** The heading it stands under. */
  heading: string;
  header: string[];
  rows: string[][];
}

/** What a hand-written Markdown report holds for a program. */
export interface MarkdownReport {
  title: string | null;
  /** `**Key:** value` lines and bullets, by key in lower case. */
  facts: Map<string, string>;
  tables: MarkdownTable[];
  /** Contents of fenced JSON blocks. */
  json: string[];
  /** Command-line flags in code, `--max-num-seqs 256`. */
  flags: Map<string, string>;
  text: string;
}

const plain = (cell: string): string => cell.replace(/\*\*|`|\\(?=~)/g, '').trim();

/** Takes a Markdown text apart. Total: what is not understood is left out. */
export function readMarkdown(text: string): MarkdownReport {
  const report: MarkdownReport = { title: null, facts: new Map(), tables: [], json: [], flags: new Map(), text };
  let heading = '';
  let fence: { json: boolean; lines: string[] } | null = null;
  let table: MarkdownTable | null = null;
  for (const line of text.split(/\r?\n/)) {
    if (fence !== null) {
      if (line.trimStart().startsWith('```')) {
        if (fence.json) report.json.push(fence.lines.join('\n'));
        fence = null;
      } else fence.lines.push(line);
      continue;
    }
    const opens = /^\s*```(\w*)/.exec(line);
    if (opens !== null) fence = { json: opens[1] === 'json', lines: [] };
    if (!line.trimStart().startsWith('|')) table = null;
    else if (table === null) {
      table = { heading, header: cells(line), rows: [] };
      report.tables.push(table);
    } else if (!/^[\s|:-]+$/.test(line)) table.rows.push(cells(line));
    const found = /^(#+)\s+(.*)$/.exec(line);
    if (found !== null) {
      heading = found[2]!;
      if (found[1] === '#') report.title ??= plain(heading);
    }
    noteFact(report, line);
  }
  return report;
}

function noteFact(report: MarkdownReport, line: string): void {
  const fact = /^\s*(?:[-*]\s+)?\*\*([^*]+?):\*\*\s*(.+)$/.exec(line);
  if (fact !== null && !report.facts.has(fact[1]!.toLowerCase())) {
    report.facts.set(fact[1]!.toLowerCase(), plain(fact[2]!));
  }
  for (const code of line.matchAll(/`([^`]*--[a-z][^`]*)`/g)) {
    for (const flag of code[1]!.matchAll(/--([a-z][a-z0-9-]*)(?:[ =]([^\s-][^\s]*))?/g)) {
      if (!report.flags.has(flag[1]!)) report.flags.set(flag[1]!, flag[2] ?? 'true');
    }
  }
}

function cells(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map(plain);
}

/** A number with the unit that is written behind it; null where there is none. `6,519ms`, `1.7%`, `23.05 req/s`, `40.6s`. */
export function readQuantity(cell: string): { value: number; unit: string } | null {
  const found = /^~?\s*(-?\d[\d,]*(?:\.\d+)?)\s*([a-zA-Z%/]*)/.exec(cell.trim());
  if (found === null) return null;
  return { value: Number(found[1]!.replaceAll(',', '')), unit: found[2]!.toLowerCase() };
}
