import type { TimeScale } from './time-scale.js';

/** Where notifications go. */
export type Receiver = { kind: 'webhook'; url: string } | { kind: 'url-file'; path: string };

/**
 * alertmanager.yml: one group an alert and sidecar, pages at once and often, the rest collected. An alert that says that
 * nothing is measured silences those that can then only be wrong.
 */
export function alertmanagerConfig(scale: TimeScale, receiver: Receiver): object {
  const webhook = receiver.kind === 'webhook' ? { url: receiver.url } : { url_file: receiver.path };
  return {
    route: {
      receiver: 'sweepscope',
      group_by: ['alertname', 'job', 'instance'],
      group_wait: scale.span(30),
      group_interval: scale.span(300),
      repeat_interval: '12h',
      routes: [
        {
          matchers: ['severity = page'],
          receiver: 'sweepscope',
          group_wait: scale.span(10),
          group_interval: scale.span(60),
          repeat_interval: '4h',
        },
      ],
    },
    inhibit_rules: [
      {
        source_matchers: ['alertname = TTFTStalled'],
        target_matchers: ['alertname =~ "TTFTSpike|TTFTBudgetBurnFast|TTFTBudgetBurnSlow"'],
        equal: ['job', 'instance'],
      },
    ],
    receivers: [{ name: 'sweepscope', webhook_configs: [{ ...webhook, send_resolved: true, max_alerts: 0 }] }],
  };
}
