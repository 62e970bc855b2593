import { tpotSeconds } from '../measure/request-times.js';
import type { RequestRecord, WindowRecord } from '../measure/records.js';
import { isCensored, latencySeconds, ttftSeconds } from '../measure/request-times.js';
import { BlockNumbers, Sample } from './sample.js';
import { measuredSpan, observesEnd, observesFirstToken, observesStart, within, type Span } from './window-cut.js';

/** The raw observations of a level, pooled over its windows. */
export class LevelSample {
  readonly blocks = new BlockNumbers();
  readonly ttft = new Sample();
  readonly ttftFirstChunk = new Sample();
  readonly ttftFirstVisible = new Sample();
  readonly ttftFromIntended = new Sample();
  readonly tpot = new Sample();
  readonly latency = new Sample();
  readonly latencyFromIntended = new Sample();
  /** Requests started in the windows, for the SLO shares. */
  readonly started: RequestRecord[] = [];
  readonly errors: Record<string, number> = {};
  completed = 0;
  ok = 0;
  censored = 0;
  tpotExcluded = 0;
  conversationsBegun = 0;
  inputTokens = 0;
  inputKnown = 0;
  outputTokens = 0;
  outputKnown = 0;
  tokenChunks = 0;
  bySource = { usage: 0, chunks: 0 };
  /** The latest time in any record: what was seen until then. */
  asOf = -Infinity;

  constructor(windows: readonly WindowRecord[], records: readonly RequestRecord[]) {
    const spans = windows.map(measuredSpan);
    for (const record of records) {
      this.see(record);
      for (const span of spans) this.observe(record, span);
    }
    for (const { endedAt } of windows) if (endedAt > this.asOf) this.asOf = endedAt;
  }

  private see({ startedAt, firstTokenAt, endedAt }: RequestRecord): void {
    if (startedAt > this.asOf) this.asOf = startedAt;
    if (firstTokenAt > this.asOf) this.asOf = firstTokenAt;
    if (endedAt > this.asOf) this.asOf = endedAt;
  }

  private observe(record: RequestRecord, span: Span): void {
    if (observesStart(record, span)) {
      this.started.push(record);
      if (record.turn === 1) this.conversationsBegun += 1;
    }
    if (observesFirstToken(record, span)) {
      const block = this.blocks.of(record.conversation);
      this.ttft.add(ttftSeconds(record), block);
      this.ttftFromIntended.add(record.firstTokenAt - record.intendedAt, block);
    }
    if (within(record.firstChunkAt, span)) {
      this.ttftFirstChunk.add(record.firstChunkAt - record.startedAt, this.blocks.of(record.conversation));
    }
    if (within(record.firstVisibleAt, span)) {
      this.ttftFirstVisible.add(record.firstVisibleAt - record.startedAt, this.blocks.of(record.conversation));
    }
    if (observesEnd(record, span)) this.ended(record);
  }

  private ended(record: RequestRecord): void {
    this.completed += 1;
    if (record.inputTokens >= 0) {
      this.inputTokens += record.inputTokens;
      this.inputKnown += 1;
    }
    if (record.outcome !== 'ok') {
      const reason = record.outcome ?? '';
      this.errors[reason] = (this.errors[reason] ?? 0) + 1;
      if (isCensored(record)) this.censored += 1;
      return;
    }
    this.ok += 1;
    this.bySource[record.tokensSource] += 1;
    if (record.outputTokens >= 0) {
      this.outputTokens += record.outputTokens;
      this.outputKnown += 1;
      this.tokenChunks += record.tokenChunks;
    }
    const block = this.blocks.of(record.conversation);
    const tpot = tpotSeconds(record);
    if (Number.isNaN(tpot)) this.tpotExcluded += 1;
    this.tpot.add(tpot, block);
    this.latency.add(latencySeconds(record), block);
    this.latencyFromIntended.add(record.completedAt - record.intendedAt, block);
  }
}
