import { ERROR_CLASSES, type ErrorClass } from '../target/types.js';
import { BucketHistogram, durationEdges, interChunkEdges, tpotEdges, ttftEdges, turnIndex } from './log-histogram.js';
import { CONVERSATION_OUTCOMES, type ConversationOutcome } from './observations.js';
import type { RequestRecord } from './records.js';
import { latencySeconds, tpotSeconds, ttftSeconds } from './request-times.js';
import { SlidingSummary } from './sliding-summary.js';
import type { SloCount } from './slo-judge.js';
import type { SloSpec } from '../config/spec.js';

/** Values of the `turn_type` label. */
export const TURN_TYPES = ['initial', 'followup'] as const;
const turnType = (turn: number): number => (turn === 1 ? 0 : 1);

const SUMMARY_WINDOW_SECONDS = 60;

/** The seeds' Summary of one metric: over all turns, and by type of turn. */
export class SummarySet {
  readonly all = new SlidingSummary(SUMMARY_WINDOW_SECONDS);
  readonly byType = TURN_TYPES.map(() => new SlidingSummary(SUMMARY_WINDOW_SECONDS));

  add(now: number, turn: number, seconds: number): void {
    this.all.add(now, seconds);
    this.byType[turnType(turn)]!.add(now, seconds);
  }
}

export interface RequestCounts {
  ok: number;
  error: number;
}

/**
 * Everything that is counted for as long as the process lives, over all runs: what `/metrics` shows of the client.
 * `now` is `Clock.now()` seconds, `epoch` Unix seconds, values are seconds. Histogram edges are set once, at construction.
 */
export class LifetimeMeasures {
  readonly summaries: Record<'ttft' | 'tpot' | 'itl' | 'latency', SummarySet>;
  readonly histograms: Record<'ttft' | 'tpot' | 'interChunk' | 'duration', BucketHistogram>;
  readonly requests: RequestCounts[] = TURN_TYPES.map(() => ({ ok: 0, error: 0 }));
  readonly errors = Object.fromEntries(ERROR_CLASSES.map((name) => [name, 0])) as Record<ErrorClass, number>;
  readonly conversations = Object.fromEntries(CONVERSATION_OUTCOMES.map((name) => [name, 0])) as Record<
    ConversationOutcome,
    number
  >;
  readonly sloEvents = new Map<string, SloCount>();
  started = 0;
  outputTokens = 0;
  inputTokens = 0;
  cachedTokens = 0;
  arrivalsDropped = 0;

  constructor(slo: SloSpec) {
    const limits = (metric: string): number[] =>
      slo.latency.filter((objective) => objective.metric === metric).map((objective) => objective.seconds);
    this.summaries = {
      ttft: new SummarySet(),
      tpot: new SummarySet(),
      itl: new SummarySet(),
      latency: new SummarySet(),
    };
    this.histograms = {
      ttft: new BucketHistogram(ttftEdges(limits('ttft'))),
      tpot: new BucketHistogram(tpotEdges(limits('tpot'))),
      interChunk: new BucketHistogram(interChunkEdges(limits('itl'))),
      duration: new BucketHistogram(durationEdges(limits('latency'))),
    };
  }

  firstToken(record: RequestRecord, now: number, epoch: number): void {
    const seconds = ttftSeconds(record);
    this.summaries.ttft.add(now, record.turn, seconds);
    this.histograms.ttft.observeWithExemplar(turnIndex(record.turn), seconds, record.id, epoch);
  }

  gap(turn: number, seconds: number, now: number): void {
    this.summaries.itl.add(now, turn, seconds);
    this.histograms.interChunk.observe(turnIndex(turn), seconds);
  }

  ended(record: RequestRecord, now: number, epoch: number): void {
    const ok = record.outcome === 'ok';
    const counts = this.requests[turnType(record.turn)]!;
    if (ok) counts.ok += 1;
    else {
      counts.error += 1;
      this.errors[record.outcome as ErrorClass] += 1;
    }
    if (record.inputTokens > 0) this.inputTokens += record.inputTokens;
    if (record.cachedTokens > 0) this.cachedTokens += record.cachedTokens;
    if (ok) this.completed(record, now, epoch);
  }

  private completed(record: RequestRecord, now: number, epoch: number): void {
    const latency = latencySeconds(record);
    this.summaries.latency.add(now, record.turn, latency);
    this.histograms.duration.observeWithExemplar(turnIndex(record.turn), latency, record.id, epoch);
    const tpot = tpotSeconds(record);
    if (Number.isNaN(tpot)) return;
    this.summaries.tpot.add(now, record.turn, tpot);
    this.histograms.tpot.observe(turnIndex(record.turn), tpot);
  }
}
