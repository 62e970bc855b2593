import { escapeLabelValue, type MetricFamily, type SampleExemplar } from './samples.js';

/** Prometheus' text format 0.0.4, or OpenMetrics 1.0.0 (with exemplars). */
export type TextFormat = 'prometheus' | 'openmetrics';

/**
 * The format that an Accept header asks for: OpenMetrics when it is named and weighs no less than `text/plain`, else
 * Prometheus' own, which every reader and a browser can show.
 */
export function negotiateFormat(accept: string | undefined): TextFormat {
  let openMetrics = 0;
  let plain = 0;
  for (const entry of (accept ?? '').toLowerCase().split(',')) {
    const [media, ...parameters] = entry.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    const q = weight === undefined ? 1 : Number(weight.slice(2));
    if (media === 'application/openmetrics-text') openMetrics = Math.max(openMetrics, q || 0);
    if (media === 'text/plain') plain = Math.max(plain, q || 0);
  }
  return openMetrics > 0 && openMetrics >= plain ? 'openmetrics' : 'prometheus';
}

/** Prints families. Not finite values are `NaN`, `+Inf`, `-Inf`, as both formats want them. */
export function printFamilies(families: readonly MetricFamily[], format: TextFormat): string {
  const open = format === 'openmetrics';
  const lines: string[] = [];
  for (const source of families) {
    const { name, type, help } = source;
    const family = open && type === 'counter' ? name.replace(/_total$/, '') : name;
    lines.push(
      `# HELP ${family} ${escapeHelp(help, open)}`,
      `# TYPE ${family} ${open && type === 'untyped' ? 'unknown' : type}`,
    );
    source.visit((suffix, labels, value, exemplar) => {
      const braces = labels.text === '' ? '' : `{${labels.text}}`;
      const tail = exemplar === null ? '' : exemplarText(exemplar);
      lines.push(`${name}${suffix}${braces} ${numberText(value)}${tail}`);
    }, open);
  }
  if (open) lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

/** OpenMetrics allows an exemplar's labels 128 characters in all; one with a longer id is left out. */
const EXEMPLAR_LABEL = 'request_id';
const LONGEST_REQUEST_ID = 128 - EXEMPLAR_LABEL.length;

function exemplarText({ requestId, value, timestamp }: SampleExemplar): string {
  if (requestId.length > LONGEST_REQUEST_ID) return '';
  return ` # {${EXEMPLAR_LABEL}="${escapeLabelValue(requestId)}"} ${numberText(value)} ${numberText(timestamp)}`;
}

function escapeHelp(help: string, open: boolean): string {
  const text = help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
  return open ? text.replace(/"/g, '\\"') : text;
}
