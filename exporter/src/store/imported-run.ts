import { join } from 'node:path';
import type { RequestRecord } from '../measure/records.js';
import { AppendLog } from './append-log.js';
import { writeAtomically } from './atomic-file.js';
import { endLine, firstTokenLine, segmentLine, startLine } from './requests-log.js';
import { makeRunFolder } from './make-folder.js';
import { RUN_FILES } from './run-folder.js';

/** What an imported run's folder holds. */
export interface ImportedFiles {
  result: string;
  report: string;
  /** Empty where the tool told only aggregates. */
  records: readonly RequestRecord[];
  /** What failed requests were told, by request id. */
  details: ReadonlyMap<string, string>;
  /** Unix time of run time 0, seconds; NaN unknown. */
  startedEpoch: number;
}

/** Makes the folder of an imported run, and returns it. @throws StoreError */
export function writeImportedRun(baseDir: string, runId: string, files: ImportedFiles): string {
  const dir = makeRunFolder(baseDir, runId);
  if (files.records.length > 0) {
    const log = new AppendLog(join(dir, RUN_FILES.requests));
    writeRequests(log, files);
    log.close();
  }
  writeAtomically(join(dir, RUN_FILES.report), files.report);
  writeAtomically(join(dir, RUN_FILES.result), files.result);
  return dir;
}

/**
 * Writes requests that another tool measured as `requests.jsonl` has ours: in the order in which things happened.
 */
function writeRequests(log: AppendLog, { records, details, startedEpoch }: ImportedFiles): void {
  log.line(segmentLine({ n: 1, at: 0, epoch: startedEpoch, prefix: 'import' }));
  const events: { at: number; write: () => string }[] = [];
  for (const record of records) {
    events.push({ at: record.startedAt, write: () => startLine(record) });
    if (!Number.isNaN(record.firstTokenAt))
      events.push({ at: record.firstTokenAt, write: () => firstTokenLine(record) });
    if (record.outcome !== null)
      events.push({ at: record.endedAt, write: () => endLine(record, details.get(record.id) ?? '') });
  }
  events.sort((a, b) => a.at - b.at);
  for (const { write } of events) log.line(write());
}
