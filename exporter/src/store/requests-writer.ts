import type { RecordSink } from '../measure/recorder.js';
import type { RequestRecord } from '../measure/records.js';
import type { AppendLog } from './append-log.js';
import { endLine, firstTokenLine, startLine } from './requests-log.js';

/** Writes each event of each request to `requests.jsonl` as it is counted. */
export class RequestsWriter implements RecordSink {
  constructor(private readonly log: AppendLog) {}

  started(record: RequestRecord): void {
    this.log.line(startLine(record));
  }

  firstToken(record: RequestRecord): void {
    this.log.line(firstTokenLine(record));
  }

  ended(record: RequestRecord, detail: string): void {
    this.log.line(endLine(record, detail));
  }
}
