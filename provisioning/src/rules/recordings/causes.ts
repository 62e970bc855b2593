import { recording, type Reader, type Recording } from '../recording.js';
import { KV_HIT, KV_USAGE, PREEMPTIONS, PROMPT_RATE, QUEUE_WAIT, SPREAD, TTFT_GAP, RUNNING } from './server.js';
import { TTFT_MEAN } from './ttft.js';

/** What may make first tokens late, each with the evidence that speaks for it, in the order in which it is looked for. */
const EVIDENCE: readonly [cause: string, expr: (read: Reader) => string][] = [
  // The client first: while it is late itself, nothing that it says about the server can be believed.
  ['client', (read) => `loadgen_stamp_delay_seconds{q="p99"} > 0.05 and on (job, instance) ${read.now(TTFT_MEAN)}`],
  ['kv-cache', (read) => `(${read.now(KV_USAGE)} > 0.9) or (${read.now(PREEMPTIONS)} > 0.01)`],
  [
    'queue',
    (read) => `${read.now(QUEUE_WAIT)} > on (job, instance) group_left () (0.3 * ${sidecar(read.now(TTFT_MEAN))})`,
  ],
  ['imbalance', (read) => `${read.now(SPREAD)} > 4 and ${read.now(SPREAD)} > 0.5 * ${read.now(RUNNING)}`],
  [
    'prefill',
    (read) =>
      `(${read.now(PROMPT_RATE)} > 2 * avg_over_time(${read.over(PROMPT_RATE, 1800)} offset ${read.span(300)})) ` +
      `or (${read.now(KV_HIT)} < 0.5 * avg_over_time(${read.over(KV_HIT, 1800)} offset ${read.span(300)}))`,
  ],
  [
    'network',
    (read) => `${read.now(TTFT_GAP)} > on (job, instance) group_left () (0.5 * ${sidecar(read.now(TTFT_MEAN))})`,
  ],
];

const sidecar = (expr: string): string => `max by (job, instance) (${expr})`;

/** Values of the label `cause`. */
export const CAUSES = EVIDENCE.map(([cause]) => cause);

/** One row a sidecar: the first cause that the evidence speaks for; absent when it speaks for none. */
export const LIKELY_CAUSE: Recording = recording(
  'loadgen:ttft_likely_cause',
  'what probably makes first tokens late, in the label cause; the value is the evidence',
  (read) =>
    EVIDENCE.map(
      ([cause, expr]) => `label_replace(max by (job, instance) (${expr(read)}), "cause", "${cause}", "", "")`,
    ).join(' or on (job, instance) '),
);
