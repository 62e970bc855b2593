import { renderCsv } from './csv.js';
import { renderMarkdown } from './markdown.js';
import { ResultError } from './parse-result.js';
import type { RunResult } from './result-schema.js';
import { renderSeedJson } from './seed-json.js';

export const REPORT_FORMATS = ['md', 'html', 'json', 'csv', 'seed-json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** `result.json`'s own text. */
export function renderJson(result: RunResult): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}

/** The run in one of the formats. @throws ResultError for HTML, which comes with the panel */
export function renderReport(result: RunResult, format: ReportFormat): string {
  switch (format) {
    case 'md':
      return renderMarkdown(result);
    case 'json':
      return renderJson(result);
    case 'csv':
      return renderCsv(result);
    case 'seed-json':
      return renderSeedJson(result);
    case 'html':
      throw new ResultError('the HTML report needs the panel, which this version does not have yet; use --format md');
  }
}
