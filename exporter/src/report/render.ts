import { renderCsv } from './csv.js';
import { renderHtml, type PanelAssets } from './html.js';
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

/** The run in one of the formats. HTML needs the built panel. @throws ResultError where it is missing */
export function renderReport(result: RunResult, format: ReportFormat, assets: PanelAssets | null = null): string {
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
      if (assets !== null) return renderHtml(result, assets);
      throw new ResultError(
        'the HTML report needs the panel, which was not built: run "npm run build", or use --format md',
      );
  }
}
