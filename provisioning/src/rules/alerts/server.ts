import type { Alert } from '../alert.js';
import { SERVER } from '../dashboard-uids.js';
import { ACCEPTANCE, KV_USAGE, PREEMPTIONS, RUNNING, WAITING } from '../recordings/server.js';

/** Limits of the server's own doing; a sweep that looks for them mutes those that it must run into. */
export const SERVER_ALERTS: readonly Alert[] = [
  {
    name: 'AdmissionLimit',
    severity: 'ticket',
    forSeconds: 60,
    mute: { lingerSeconds: 60, scope: 'sidecar' },
    expr: (read) => {
      const least = `min_over_time(${read.over(RUNNING, 60)})`;
      const slots = 'sum without (engine, replica, device) (loadgen_upstream_max_num_seqs)';
      const most = `max_over_time(${read.over(RUNNING, 600)})`;
      return `min_over_time(${read.over(WAITING, 60)}) > 0 and ${least} >= 0.95 * (${slots} or ${most})`;
    },
    summary: (words) => `${words.label('upstream')} has no free slot: ${words.value('number')} requests wait`,
    description: (words) =>
      `For two minutes requests have waited at ${words.label('upstream')} (at least ${words.value('number')} over the last one) ` +
      'while the running batch stood at its maximum: the slot limit (max_num_seqs) or the KV cache admits no more. ' +
      'TTFT now grows by the wait for a slot.',
    dashboard: SERVER,
  },
  {
    name: 'KVPressure',
    severity: 'ticket',
    forSeconds: 60,
    mute: { lingerSeconds: 120, scope: 'sidecar' },
    expr: (read) => `(min_over_time(${read.over(KV_USAGE, 60)}) > 0.9) or (${read.now(PREEMPTIONS)} > 0.01)`,
    summary: (words) => `the KV cache of ${words.label('upstream')} is too small for the load`,
    description: (words) =>
      `At ${words.label('upstream')} the KV cache was more than 90 % full for two minutes, or more than one request in a hundred ` +
      `was preempted (value ${words.value('percent')}). Preempted requests are computed again: TPOT and E2E grow, throughput falls.`,
    dashboard: SERVER,
  },
  {
    name: 'SpeculationUseless',
    severity: 'info',
    forSeconds: 60,
    mute: null,
    expr: (read) => `${read.now(ACCEPTANCE)} < 0.2`,
    summary: (words) => `${words.label('upstream')} accepts only ${words.value('percent')} of its drafted tokens`,
    description: (words) =>
      `Speculative decoding at ${words.label('upstream')}: ${words.value('percent')} of the drafted tokens were accepted over ` +
      'two minutes. Drafting costs more than it brings at such a rate, most of all at high load.',
    dashboard: SERVER,
  },
];
