import type { Outcome, TokensSource } from '../target/types.js';

/**
 * One request as the run folder keeps it. Times are seconds since the run began (microsecond steps), NaN while unknown;
 * counts NaN while unknown. Written by the recorder, read by analysis and reports.
 */
export interface RequestRecord {
  id: string;
  slot: number;
  /** Conversation number, unique within the run. */
  conversation: number;
  /** 1 for the first turn. */
  turn: number;
  /** Index into the plan's levels when it was started; −1: sent before the sweep (checks of the server). */
  level: number;
  /** Open loop: when it should have started; closed loop: equal to `startedAt`. */
  intendedAt: number;
  startedAt: number;
  firstChunkAt: number;
  firstTokenAt: number;
  firstVisibleAt: number;
  /** The later of last token chunk and finish chunk: E2E latency ends here. */
  completedAt: number;
  /** End of the response or moment of failure: the request belongs to the window of this time. */
  endedAt: number;
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
  tokensSource: TokensSource;
  tokenChunks: number;
  httpStatus: number;
  /** null: not ended (yet, or lost in a crash). */
  outcome: Outcome | null;
}

/** The fields of a record that only become known after its start, as they are then. */
export const NOT_YET_KNOWN = {
  firstChunkAt: NaN,
  firstTokenAt: NaN,
  firstVisibleAt: NaN,
  completedAt: NaN,
  endedAt: NaN,
  inputTokens: NaN,
  outputTokens: NaN,
  cachedTokens: NaN,
  tokensSource: 'chunks',
  tokenChunks: 0,
  httpStatus: NaN,
  outcome: null,
} as const satisfies Partial<RequestRecord>;

/** What a user (slot) is doing; `free` between conversations is never longer than a scheduling step. */
export const SLOT_STATES = ['retired', 'free', 'running', 'think', 'followup', 'backoff', 'permit', 'ramp'] as const;
export type SlotState = (typeof SLOT_STATES)[number];

/** Seconds of slot time spent in each state within a window: the integral over all slots. */
export type SlotSeconds = Record<SlotState, number>;

/** One check of the validity gate. `value` null: could not be measured here, which does not fail the gate. */
export interface GateCheck {
  gate: 'little' | 'in_flight' | 'started' | 'stamp_delay' | 'throttling' | 'cache' | 'restart';
  value: number | null;
  /** In words, e.g. `0.9 to 1.1`. */
  limit: string;
  pass: boolean;
}

/** How a level's warm-up ended. */
export interface WarmupRecord {
  steady: boolean;
  /** In words: which test passed or failed, with the numbers that decided. */
  reason: string;
  seconds: number;
}

/** One level in one repetition, measured. Times are seconds since the run began. */
export interface WindowRecord {
  /** `r1-l3`: repetition 1, third level of the plan; unique in the run. */
  id: string;
  repetition: number;
  /** Index into the plan's levels. */
  level: number;
  /** Users, or requests per second in open loop. */
  load: number;
  startedAt: number;
  measureStartedAt: number;
  measureEndedAt: number;
  endedAt: number;
  /** Edges of the equal parts of the measurement, first = measureStartedAt, last = measureEndedAt. */
  snapshotEdges: number[];
  warmup: WarmupRecord;
  slotSeconds: SlotSeconds;
  /** Output tokens that arrived in the measurement, by token events. */
  outputTokens: number;
  /** Inter-token gaps of the measurement: HDR histogram of microseconds, 3 digits, base64 of its V2 encoding. */
  itlHistogram: string;
  itlCount: number;
  /** p99 of the load threads' stamping delay in the measurement, seconds; NaN unknown. */
  stampDelayP99: number;
  /** Share of the measurement in which the kernel throttled us, 0–1; NaN unknown. */
  throttledRatio: number;
  arrivalsIntended: number;
  arrivalsDropped: number;
  gates: GateCheck[];
  /** Codes of failed gates; empty: valid. */
  invalidReasons: string[];
  /** Why it is kept out of the level's pooled figures although measured; null: it is in. */
  excluded: string | null;
}
