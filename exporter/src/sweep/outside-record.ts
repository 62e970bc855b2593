import { toMicros } from '../measure/observations.js';
import type { RequestRecord } from '../measure/records.js';
import { completionTime } from '../target/completion.js';
import type { Exchange } from '../target/types.js';

/** A request that was not part of the load (level −1, slot 0), as a record in times of the run. */
export function outsideRecord(exchange: Exchange, originSeconds: number): RequestRecord {
  const time = (at: number): number => toMicros(at - originSeconds);
  return {
    id: exchange.requestId,
    slot: 0,
    conversation: 0,
    turn: 1,
    level: -1,
    intendedAt: time(exchange.startedAt),
    startedAt: time(exchange.startedAt),
    firstChunkAt: time(exchange.firstChunkAt),
    firstTokenAt: time(exchange.firstTokenAt),
    firstVisibleAt: time(exchange.firstVisibleAt),
    completedAt: time(completionTime(exchange)),
    endedAt: time(exchange.endedAt),
    inputTokens: exchange.inputTokens,
    outputTokens: exchange.outputTokens,
    cachedTokens: exchange.cachedTokens,
    tokensSource: exchange.tokensSource,
    tokenChunks: exchange.tokenChunks,
    httpStatus: exchange.httpStatus,
    outcome: exchange.outcome,
  };
}
