import { readFileSync } from 'node:fs';
import type { RequestRecord } from 'sweepscope/dist/measure/records.js';
import type { WrittenRequest } from 'sweepscope/dist/simulator/write-log.js';
import { readRequests } from 'sweepscope/dist/store/run-folder.js';
import type { RunPlace } from './calls.js';
import type { ProbedRequest } from './idle-probe.js';
import { spread, type Spread } from './statistics.js';

/** One answered request as both sides saw it. */
export interface JoinedRequest {
  /** Client's times, CLOCK_MONOTONIC seconds. */
  startedAt: number;
  firstTokenAt: number;
  completedAt: number;
  tokenChunks: number;
  server: WrittenRequest;
}

/** The server's own times of each request that it finished, by X-Request-Id. */
export type ServerLog = ReadonlyMap<string, WrittenRequest>;

export function readServerLog(file: string): ServerLog {
  const lines = readFileSync(file, 'utf8').split('\n');
  const requests = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as WrittenRequest);
  return new Map(
    requests.filter(({ outcome }) => outcome === 'finished').map((request) => [request.requestId, request]),
  );
}

/** Joins what the client wrote with what the server wrote by X-Request-Id; only requests that both saw to their end. */
export async function joinLogs(place: RunPlace, server: ServerLog): Promise<JoinedRequest[]> {
  const { records } = await readRequests(place.dir);
  return records.flatMap((record) => joined(record, server.get(record.id), place.originSeconds));
}

function joined(record: RequestRecord, server: WrittenRequest | undefined, origin: number): JoinedRequest[] {
  if (server === undefined || record.outcome !== 'ok') return [];
  const { startedAt, firstTokenAt, completedAt, tokenChunks } = record;
  return [
    {
      startedAt: origin + startedAt,
      firstTokenAt: origin + firstTokenAt,
      completedAt: origin + completedAt,
      tokenChunks,
      server,
    },
  ];
}

/**
 * How far the client is off, per request; seconds. An interval's error is the client's minus the server's, which
 * counts from the moment it had parsed the request's head. A stamp's error is the client's time minus the server's.
 */
export interface RequestErrors {
  ttft: Spread;
  e2e: Spread;
  /** Mean gap of a request's tokens. */
  itl: Spread;
  /** Part of the error of TTFT and E2E: from the client's start to the server's arrival. */
  wayThere: Spread;
  firstStamp: Spread;
  lastStamp: Spread;
}

/** Errors of the events between `from` and `to` (CLOCK_MONOTONIC seconds): first tokens for TTFT, ends for the rest. */
export function requestErrors(requests: readonly JoinedRequest[], from: number, to: number): RequestErrors {
  const within = (at: number): boolean => at >= from && at < to;
  const begun = requests.filter((request) => within(request.firstTokenAt));
  const ended = requests.filter((request) => within(request.completedAt));
  return {
    ttft: spread(begun.map((r) => r.firstTokenAt - r.startedAt - (r.server.firstTokenAt - r.server.arrivedAt))),
    e2e: spread(ended.map((r) => r.completedAt - r.startedAt - (r.server.lastTokenAt - r.server.arrivedAt))),
    itl: spread(ended.map((r) => clientItl(r) - serverItl(r.server))),
    wayThere: spread(begun.map((r) => r.server.arrivedAt - r.startedAt)),
    firstStamp: spread(begun.map((r) => r.firstTokenAt - r.server.firstTokenAt)),
    lastStamp: spread(ended.map((r) => r.completedAt - r.server.lastTokenAt)),
  };
}

function clientItl({ completedAt, firstTokenAt, tokenChunks }: JoinedRequest): number {
  return (completedAt - firstTokenAt) / (tokenChunks - 1);
}

function serverItl({ lastTokenAt, firstTokenAt, tokens }: WrittenRequest): number {
  return (lastTokenAt - firstTokenAt) / (tokens - 1);
}

/** Error of TTFT of a client without load, for the first tokens between `from` and `to`; seconds. */
export function probeError(probed: readonly ProbedRequest[], server: ServerLog, from: number, to: number): Spread {
  const errors = probed.flatMap(({ requestId, startedAt, firstDataAt }) => {
    const written = server.get(requestId);
    if (written === undefined || !(firstDataAt >= from && firstDataAt < to)) return [];
    return [firstDataAt - startedAt - (written.firstTokenAt - written.arrivedAt)];
  });
  return spread(errors);
}
