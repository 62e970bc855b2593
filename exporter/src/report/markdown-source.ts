import { plainNumber, UNKNOWN } from './format.js';
import { escapeText, left, markdownTable } from './markdown-table.js';
import type { ImportSource, RunResult } from './result-schema.js';

/** Of an imported run: what its source does not tell, and its own figures computed anew; null for our own runs. */
export function sourceSection({ source, spec }: RunResult): string | null {
  if (source === null) return null;
  const parts = [
    '## Source',
    `The figures come from ${escapeText(source.tool)}: ${source.files.map(escapeText).join(', ')}.`,
    ...(source.gaps.length === 0 ? [] : [gapList(source)]),
    ...(source.checks.length === 0 ? [] : [checkTable(source, spec.arrival === 'closed' ? 'Concurrency' : 'Rate')]),
  ];
  return parts.join('\n\n');
}

function gapList({ gaps }: ImportSource): string {
  return `What the source does not tell, or not as we would:\n\n${gaps.map((gap) => `- ${escapeText(gap)}`).join('\n')}`;
}

/** The tool's own figures over its whole run, beside the same computed here from its single requests. */
function checkTable({ checks, tool }: ImportSource, load: string): string {
  const rows = checks.map(({ load: at, figure, published, recomputed, agrees }) => [
    plainNumber(at),
    figure,
    significant(published),
    recomputed === null ? UNKNOWN : significant(recomputed),
    agrees ? 'yes' : '**no**',
  ]);
  const intro =
    `${escapeText(tool)}'s own figures, computed anew from its single requests by its own definitions over its whole run ` +
    '(seconds, or per second). The tables below cut ramp-up and tail off instead.';
  return `${intro}\n\n${markdownTable([load, left('Figure'), 'Published', 'Recomputed', 'Agrees'], rows)}`;
}

const significant = (value: number): string => String(Number(value.toPrecision(6)));
