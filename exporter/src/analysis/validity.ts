import type { Arrival } from '../config/spec.js';
import type { GateCheck, RequestRecord, WindowRecord } from '../measure/records.js';
import { inFlightRatio, windowLittleRatio } from './little.js';
import { quantile } from './quantiles.js';
import { ttftSeconds } from '../measure/request-times.js';
import { measuredSpan, observesFirstToken } from './window-cut.js';

const LITTLE = { least: 0.9, most: 1.1 };
const LEAST_IN_FLIGHT = 0.98;
const LEAST_STARTED = 0.98;
const STAMP_DELAY_SECONDS = 0.015;
const STAMP_DELAY_OF_TTFT = 0.02;
const MOST_THROTTLED = 0.01;

/** A window as measured, before it is judged. */
export type UnjudgedWindow = Omit<WindowRecord, 'gates' | 'invalidReasons'>;

/**
 * The validity gate of a window, from client data: Little's law and requests in flight (closed loop), started over
 * intended (open loop), stamping delay of the load threads, CPU throttling. What cannot be measured here is null and
 * passes. `ttftP50` in seconds, NaN without first tokens.
 */
export function validityGates(
  window: UnjudgedWindow,
  records: readonly RequestRecord[],
  arrival: Arrival,
  ttftP50: number,
): GateCheck[] {
  const load = arrival === 'closed' ? closedLoopGates(window, records) : [startedGate(window)];
  return [...load, stampDelayGate(window.stampDelayP99, ttftP50), throttlingGate(window.throttledRatio)];
}

/** The window with its gates and the codes of the failed ones. */
export function judgeWindow(window: UnjudgedWindow, records: readonly RequestRecord[], arrival: Arrival): WindowRecord {
  const gates = validityGates(window, records, arrival, windowTtftP50(window, records));
  return { ...window, gates, invalidReasons: gates.filter((gate) => !gate.pass).map((gate) => gate.gate) };
}

/** Median TTFT of the first tokens in the window, seconds; NaN without any. */
export function windowTtftP50(window: UnjudgedWindow, records: readonly RequestRecord[]): number {
  const span = measuredSpan(window);
  const values = records.filter((record) => observesFirstToken(record, span)).map(ttftSeconds);
  return quantile(Float64Array.from(values).sort(), 0.5);
}

function closedLoopGates(window: UnjudgedWindow, records: readonly RequestRecord[]): GateCheck[] {
  const little = windowLittleRatio(window, records);
  const inFlight = inFlightRatio(window, records);
  return [
    check('little', little, `${LITTLE.least} to ${LITTLE.most}`, little >= LITTLE.least && little <= LITTLE.most),
    check('in_flight', inFlight, `at least ${LEAST_IN_FLIGHT}`, inFlight >= LEAST_IN_FLIGHT),
  ];
}

function startedGate({ arrivalsIntended, arrivalsDropped }: UnjudgedWindow): GateCheck {
  const ratio = arrivalsIntended > 0 ? (arrivalsIntended - arrivalsDropped) / arrivalsIntended : NaN;
  return check('started', ratio, `at least ${LEAST_STARTED}`, ratio >= LEAST_STARTED);
}

function stampDelayGate(delay: number, ttftP50: number): GateCheck {
  const limit = Math.max(STAMP_DELAY_SECONDS, Number.isNaN(ttftP50) ? 0 : STAMP_DELAY_OF_TTFT * ttftP50);
  return check('stamp_delay', delay, `at most ${Math.round(limit * 1e4) / 10} ms`, delay <= limit);
}

function throttlingGate(ratio: number): GateCheck {
  return check('throttling', ratio, `at most ${MOST_THROTTLED * 100} %`, ratio <= MOST_THROTTLED);
}

function check(gate: GateCheck['gate'], value: number, limit: string, pass: boolean): GateCheck {
  return Number.isFinite(value) ? { gate, value, limit, pass } : { gate, value: null, limit, pass: true };
}
