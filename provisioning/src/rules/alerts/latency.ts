import type { Alert, Words } from '../alert.js';
import type { Recording } from '../recording.js';
import { BURN_15M, BURN_1M, BURN_3M, BURN_5M } from '../recordings/load.js';
import { SERVER_TTFT_BASELINE, SERVER_TTFT_P95 } from '../recordings/server.js';
import { MINUTE, TTFT_P95, TTFT_SLO, TTFT_SPIKE_LIMIT } from '../recordings/ttft.js';
import { LIVE, SERVER } from '../dashboard-uids.js';

/** A p95 of fewer requests in five minutes is one request's luck. Requests that were started count, answered or not. */
const FEWEST_STARTED = 10;
const STARTED = `increase(loadgen_requests_started_total`;

const TTFT_SPIKE: Alert = {
  name: 'TTFTSpike',
  severity: 'page',
  // Longer than the window: one slow request alone, in the window for a minute, does not fire it.
  forSeconds: 75,
  mute: { lingerSeconds: MINUTE, scope: 'sidecar' },
  expr: (read) =>
    `${read.now(TTFT_P95)} > on (job, instance) ${read.now(TTFT_SPIKE_LIMIT)} ` +
    `and on (job, instance) ${STARTED}[${read.span(300)}]) >= ${FEWEST_STARTED}`,
  summary: (words) => `TTFT p95 is ${words.value('duration')}, above the SLO and far above what it was`,
  description: (words) =>
    `Over the last minute ${words.label('instance')} saw a TTFT p95 of ${words.value('duration')}: more than the SLO, ` +
    'and more than 3 times its median of the last half hour (where there was load before). ' +
    (words.likelyCause === null
      ? 'The server dashboard shows whether requests wait in the queue, prompts grew or the cache is full.'
      : `Likely cause: ${words.likelyCause}.`),
  dashboard: LIVE,
};

const TTFT_STALLED: Alert = {
  name: 'TTFTStalled',
  severity: 'page',
  forSeconds: 30,
  mute: null,
  // A single user's request ends at its time-out and the next one starts at 0: the maximum bridges that.
  expr: (read) => {
    const oldest = `max without (run) (max_over_time(loadgen_oldest_unanswered_seconds[${read.span(20)}]))`;
    const floor = read.scale.seconds(10);
    return `${oldest} > ${floor} unless on (job, instance) ${oldest} <= on (job, instance) 3 * ${read.now(TTFT_SLO)}`;
  },
  summary: (words) => `a request has waited ${words.value('duration')} for its first token`,
  description: (words) =>
    `The oldest unanswered request of ${words.label('instance')} is ${words.value('duration')} old, and for 30 seconds there ` +
    'was always one older than 10 s and 3 times the SLO. In a total stall no first token comes, so that TTFT quantiles ' +
    'show nothing at all.',
  dashboard: LIVE,
};

interface BurnShape {
  name: string;
  severity: Alert['severity'];
  factor: number;
  long: Recording;
  short: Recording;
  longSeconds: number;
  shortSeconds: number;
  forSeconds: number;
  windows: string;
}

function budgetBurn(shape: BurnShape): Alert {
  const { factor, long, short, longSeconds, shortSeconds } = shape;
  return {
    name: shape.name,
    severity: shape.severity,
    forSeconds: shape.forSeconds,
    // As long as the short window: what is left of a sweep in the long one alone does not fire.
    mute: { lingerSeconds: shortSeconds, scope: 'sidecar' },
    expr: (read) =>
      `${read.now(long)} > ${factor} and ${read.now(short)} > ${factor} ` +
      `and on (job, instance) ${STARTED}[${read.span(longSeconds)}]) >= ${FEWEST_STARTED}`,
    summary: (words) =>
      `TTFT objective ${words.label('slo')} is missed ${words.value('number')} times as often as it allows`,
    description: (words: Words) =>
      `${words.label('instance')}: over ${shape.windows}, requests missed ${words.label('slo')} more than ${factor} times as ` +
      `often as the objective allows (now ${words.value('number')} times). Errors and time-outs count as misses.`,
    dashboard: LIVE,
  };
}

const BURN_FAST = budgetBurn({
  name: 'TTFTBudgetBurnFast',
  severity: 'page',
  factor: 5,
  long: BURN_5M,
  short: BURN_1M,
  longSeconds: 300,
  shortSeconds: 60,
  forSeconds: 60,
  windows: '5 minutes and over the last one',
});

const BURN_SLOW = budgetBurn({
  name: 'TTFTBudgetBurnSlow',
  severity: 'ticket',
  factor: 2,
  long: BURN_15M,
  short: BURN_3M,
  longSeconds: 900,
  shortSeconds: 180,
  forSeconds: 30,
  windows: '15 minutes and over the last three',
});

/** Below this, seconds, a jump of the server's TTFT is not worth a page whatever it was before. */
const SERVER_FLOOR = 1;

const SERVER_TTFT_SPIKE: Alert = {
  name: 'ServerTTFTSpike',
  severity: 'ticket',
  forSeconds: 75,
  mute: { lingerSeconds: MINUTE, scope: 'any' },
  expr: (read) => {
    const p95 = read.now(SERVER_TTFT_P95);
    const baseline = read.now(SERVER_TTFT_BASELINE);
    const jumped = `${p95} > on (job, instance, engine) 3 * ${baseline}`;
    const withoutBaseline = `(${p95} unless on (job, instance, engine) ${baseline}) > on () group_left () max(${read.now(TTFT_SLO)})`;
    return `${p95} > ${SERVER_FLOOR} and on (job, instance, engine) ((${jumped}) or (${withoutBaseline}))`;
  },
  summary: (words) => `the server's own TTFT p95 is ${words.value('duration')}`,
  description: (words) =>
    `By the histogram of ${words.label('engine')} at ${words.label('instance')}, TTFT p95 of the last minute is ` +
    `${words.value('duration')}: above ${SERVER_FLOOR} s and more than 3 times its median of the last half hour (the SLO, where ` +
    'there was no load before). This counts all requests of all clients, without our probe.',
  dashboard: SERVER,
};

export const LATENCY_ALERTS: readonly Alert[] = [TTFT_SPIKE, TTFT_STALLED, BURN_FAST, BURN_SLOW, SERVER_TTFT_SPIKE];
