import { renderReport, type ReportFormat } from '../../report/render.js';
import { panelAssets } from '../../server/live-page/assets.js';
import { orCliError, runFolder, runResult } from '../stored-run.js';

export interface ReportOptions {
  format: ReportFormat;
  out: string;
}

/** Prints a run's report. */
export function report(run: string, { format, out }: ReportOptions): void {
  const result = runResult(runFolder(out, run));
  process.stdout.write(orCliError(() => renderReport(result, format, format === 'html' ? panelAssets() : null)));
}
