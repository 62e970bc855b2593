import { NOT_YET_KNOWN, type RequestRecord } from '../measure/records.js';
import type { Outcome } from '../target/types.js';

/**
 * Lines of `requests.jsonl`: one event each, so that a crash loses nothing that happened before. Times are seconds since
 * the run began; unknown values are left out. `segment` begins each stretch of a run (one more after each resume).
 */
export interface SegmentLine {
  e: 'segment';
  /** From 1. */
  n: number;
  /** Run time at which it began, and the Unix time of that moment, seconds. */
  at: number;
  epoch: number;
  prefix: string;
}
interface StartLine {
  e: 's';
  id: string;
  slot: number;
  conv: number;
  turn: number;
  level: number;
  t: number;
  /** Intended start, where it differs. */
  ti?: number;
}
interface FirstTokenLine {
  e: 'f';
  id: string;
  t: number;
  /** First chunk and first visible token, as far as known by then. */
  fc?: number;
  fv?: number;
}
interface EndLine {
  e: 'x';
  id: string;
  t: number;
  outcome: Outcome;
  /** First chunk, first visible token, completion. */
  fc?: number;
  fv?: number;
  c?: number;
  in?: number;
  out?: number;
  cached?: number;
  chunks: number;
  status?: number;
  /** Output tokens are counted chunks. */
  counted?: true;
  detail?: string;
}
type Line = SegmentLine | StartLine | FirstTokenLine | EndLine;

const known = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value);

export function segmentLine(segment: Omit<SegmentLine, 'e'>): string {
  return JSON.stringify({ e: 'segment', ...segment } satisfies SegmentLine);
}

export function startLine(record: RequestRecord): string {
  const { id, slot, conversation, turn, level, startedAt, intendedAt } = record;
  const line = { e: 's', id, slot, conv: conversation, turn, level, t: startedAt };
  return JSON.stringify(intendedAt === startedAt ? line : { ...line, ti: intendedAt });
}

export function firstTokenLine(record: RequestRecord): string {
  const { id, firstTokenAt: t, firstChunkAt, firstVisibleAt } = record;
  return JSON.stringify({ e: 'f', id, t, fc: known(firstChunkAt), fv: known(firstVisibleAt) });
}

export function endLine(record: RequestRecord, detail: string): string {
  return JSON.stringify({
    e: 'x',
    id: record.id,
    t: record.endedAt,
    outcome: record.outcome,
    fc: known(record.firstChunkAt),
    fv: known(record.firstVisibleAt),
    c: known(record.completedAt),
    in: known(record.inputTokens),
    out: known(record.outputTokens),
    cached: known(record.cachedTokens),
    chunks: record.tokenChunks,
    status: known(record.httpStatus),
    counted: record.tokensSource === 'chunks' ? true : undefined,
    detail: detail === '' ? undefined : detail,
  });
}

/** What `requests.jsonl` holds. */
export interface RequestsLog {
  segments: SegmentLine[];
  /**
   * In the order of their start lines. Requests without an end line have outcome null and end, as far as anybody knows,
   * with the last event of their segment.
   */
  records: RequestRecord[];
  /** Numbers (from 1) of lines that are no whole event: a crash may tear the last one. */
  torn: number[];
}

/** Collects the lines of one `requests.jsonl` into records. */
export class RequestsReader {
  private readonly byId = new Map<string, RequestRecord>();
  private readonly log: RequestsLog = { segments: [], records: [], torn: [] };
  private readonly open = new Set<RequestRecord>();
  private lastEventAt = NaN;
  private lines = 0;

  add(text: string): void {
    this.lines += 1;
    if (text === '') return;
    const line = parseLine(text);
    if (line === null || !this.apply(line)) this.log.torn.push(this.lines);
  }

  /** What was read. */
  end(): RequestsLog {
    this.loseOpen();
    return this.log;
  }

  /** False: the line speaks of a request that was never started. */
  private apply(line: Line): boolean {
    if (line.e === 'segment') {
      this.loseOpen();
      this.log.segments.push(line);
      return true;
    }
    this.lastEventAt = Number.isNaN(this.lastEventAt) ? line.t : Math.max(this.lastEventAt, line.t);
    if (line.e === 's') {
      const record = recordOf(line);
      this.byId.set(line.id, record);
      this.open.add(record);
      this.log.records.push(record);
      return true;
    }
    const record = this.byId.get(line.id);
    if (record === undefined) return false;
    if (line.e === 'f') Object.assign(record, firstTokenOf(line));
    else {
      Object.assign(record, endOf(line));
      this.open.delete(record);
    }
    return true;
  }

  /** Requests that were under way when the process ended: nothing is known of them after the last event. */
  private loseOpen(): void {
    for (const record of this.open) record.endedAt = this.lastEventAt;
    this.open.clear();
  }
}

function parseLine(text: string): Line | null {
  try {
    const value = JSON.parse(text) as Partial<Line> | null;
    const event = value?.e;
    return event === 's' || event === 'f' || event === 'x' || event === 'segment' ? (value as Line) : null;
  } catch {
    return null; // torn: told by its number
  }
}

function recordOf(line: StartLine): RequestRecord {
  return {
    id: line.id,
    slot: line.slot,
    conversation: line.conv,
    turn: line.turn,
    level: line.level,
    intendedAt: line.ti ?? line.t,
    startedAt: line.t,
    ...NOT_YET_KNOWN,
  };
}

function firstTokenOf(line: FirstTokenLine): Partial<RequestRecord> {
  return { firstTokenAt: line.t, firstChunkAt: line.fc ?? NaN, firstVisibleAt: line.fv ?? NaN };
}

function endOf(line: EndLine): Partial<RequestRecord> {
  return {
    endedAt: line.t,
    outcome: line.outcome,
    firstChunkAt: line.fc ?? NaN,
    firstVisibleAt: line.fv ?? NaN,
    completedAt: line.c ?? NaN,
    inputTokens: line.in ?? NaN,
    outputTokens: line.out ?? NaN,
    cachedTokens: line.cached ?? NaN,
    tokenChunks: line.chunks,
    httpStatus: line.status ?? NaN,
    tokensSource: line.counted === true ? 'chunks' : 'usage',
  };
}
