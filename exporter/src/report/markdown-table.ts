/** One column: its heading and its cells' alignment. */
export type Column = string | { title: string; align: 'left' | 'center' };

/** A Markdown table; cells are escaped. Columns are centred unless they say otherwise, as in the reports of old. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map((column) => (typeof column === 'string' ? column : column.title));
  const rules = columns.map((column) => {
    const left = typeof column !== 'string' && column.align === 'left';
    return left ? ':---' : ':---:';
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(titles.map(escapeCell)), `|${rules.join('|')}|`, ...rows.map((row) => line(row.map(escapeCell)))].join(
    '\n',
  );
}

/** Text that comes from outside, kept within its cell and without meaning to Markdown or HTML. */
export function escapeCell(text: string): string {
  return escapeText(text).replaceAll('|', '\\|');
}

/** Text that comes from outside, on one line. */
export function escapeText(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, ' ').replaceAll('<', '&lt;');
}

export const left = (title: string): Column => ({ title, align: 'left' });
