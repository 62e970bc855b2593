import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toMicros } from '../../src/measure/observations.js';
import type { RequestRecord } from '../../src/measure/records.js';
import {
  endLine,
  firstTokenLine,
  RequestsReader,
  segmentLine,
  startLine,
  type RequestsLog,
} from '../../src/store/requests-log.js';
import { ERROR_CLASSES } from '../../src/target/types.js';
import { record, UNANSWERED } from '../analysis/samples.js';

function linesOf(request: RequestRecord, detail = ''): string[] {
  const first = Number.isNaN(request.firstTokenAt) ? [] : [firstTokenLine(request)];
  return [startLine(request), ...first, ...(request.outcome === null ? [] : [endLine(request, detail)])];
}

function read(lines: readonly string[]): RequestsLog {
  const reader = new RequestsReader();
  for (const line of lines) reader.add(line);
  return reader.end();
}

const SEGMENT = segmentLine({ n: 1, at: 0, epoch: 1771942429.25, prefix: 'ss-1' });

describe('requests.jsonl', () => {
  it('gives back the requests that were written', () => {
    const requests = [record(1), record(2, { ...UNANSWERED, outcome: 'http_429', httpStatus: 429 })];
    const log = read([SEGMENT, ...requests.flatMap((request) => linesOf(request, 'slow down'))]);
    expect(log.records).toEqual(requests);
    expect(log.torn).toEqual([]);
    expect(log.segments).toEqual([{ e: 'segment', n: 1, at: 0, epoch: 1771942429.25, prefix: 'ss-1' }]);
  });

  it('keeps every microsecond and every unknown, whatever the values', () => {
    const time = fc.double({ min: 0, max: 1e6, noNaN: true }).map(toMicros);
    const maybe = fc.oneof(time, fc.constant(NaN));
    const count = fc.oneof(fc.nat(1e6), fc.constant(NaN));
    const requests = fc.record({
      id: fc.string({ minLength: 1 }),
      slot: fc.nat(10_000),
      conversation: fc.nat(),
      turn: fc.integer({ min: 1, max: 100 }),
      level: fc.integer({ min: -1, max: 50 }),
      intendedAt: time,
      startedAt: time,
      firstChunkAt: maybe,
      firstTokenAt: maybe,
      firstVisibleAt: maybe,
      completedAt: maybe,
      endedAt: time,
      inputTokens: count,
      outputTokens: count,
      cachedTokens: count,
      tokensSource: fc.constantFrom('usage' as const, 'chunks' as const),
      tokenChunks: fc.nat(1e6),
      httpStatus: count,
      outcome: fc.constantFrom('ok' as const, ...ERROR_CLASSES),
    });
    fc.assert(
      fc.property(requests, fc.string(), (request, detail) => {
        expect(read(linesOf(request, detail)).records).toEqual([request]);
      }),
    );
  });

  it('writes one line an event, whatever the server said', () => {
    expect(endLine(record(1, { outcome: 'http_5xx' }), 'a\nb\u2028"c"')).not.toMatch(/[\n\r]/);
  });

  it('interleaves requests as they happen', () => {
    const [a, b] = [record(1), record(1.5)];
    const log = read([
      startLine(a),
      startLine(b),
      firstTokenLine(a),
      firstTokenLine(b),
      endLine(b, ''),
      endLine(a, ''),
    ]);
    expect(log.records).toEqual([a, b]);
  });

  it('leaves a request without an end line open, known until the last event', () => {
    const [a, b] = [record(1), record(1.5)];
    const [lost] = read([startLine(a), firstTokenLine(a), ...linesOf(b)]).records;
    expect(lost).toMatchObject({ outcome: null, firstTokenAt: a.firstTokenAt, endedAt: b.endedAt, completedAt: NaN });
  });

  it('does not take what a crash cut off for running in the segment after it', () => {
    const [lost, later] = [record(1), record(500)];
    const log = read([
      SEGMENT,
      startLine(lost),
      segmentLine({ n: 2, at: 400, epoch: 1, prefix: 'ss-2' }),
      ...linesOf(later),
    ]);
    expect(log.records[0]).toMatchObject({ outcome: null, endedAt: 1 });
    expect(log.segments.map(({ n }) => n)).toEqual([1, 2]);
  });

  it('tells of torn lines by number, and reads the others', () => {
    const whole = linesOf(record(1));
    const torn = startLine(record(2)).slice(0, 20);
    expect(read([SEGMENT, ...whole, torn])).toMatchObject({ torn: [5], records: [record(1)] });
  });

  it('tells of events of requests that never started, and of lines that are no events', () => {
    expect(read([firstTokenLine(record(1)), '[]', 'null', '{"e":"?"}']).torn).toEqual([1, 2, 3, 4]);
  });
});
