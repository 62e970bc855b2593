import { EVALUATION_SECONDS, SCRAPE_SECONDS, type TimeScale } from './time-scale.js';

/** Hosts and ports of what Prometheus talks to; compose and the native stack differ in nothing else. */
export interface Addresses {
  /** The sidecar's /metrics. */
  sidecar: string;
  /** Servers with metrics of their own. */
  servers: readonly string[];
  /** DCGM exporters; may be empty. */
  gpus: readonly string[];
  alertmanager: string;
  prometheus: string;
}

/** Names of the services in docker-compose.yml, and the ports there. */
export const COMPOSE_ADDRESSES: Addresses = {
  sidecar: 'sweepscope:9464',
  servers: ['simulator:8000'],
  gpus: [],
  alertmanager: 'alertmanager:9093',
  prometheus: '127.0.0.1:9090',
};

/** prometheus.yml. Servers and GPUs may be added without an edit, by files in `targets/` (file_sd). */
export function prometheusConfig(scale: TimeScale, at: Addresses): object {
  const job = (name: string, targets: readonly string[], more: object = {}) => ({
    job_name: name,
    ...more,
    static_configs: [{ targets }],
  });
  return {
    global: {
      scrape_interval: scale.span(SCRAPE_SECONDS),
      scrape_timeout: scale.span(SCRAPE_SECONDS * 0.8),
      evaluation_interval: scale.span(EVALUATION_SECONDS),
    },
    rule_files: ['rules/*.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [at.alertmanager] }] }] },
    scrape_configs: [
      job('sweepscope', [at.sidecar]),
      { ...job('llm', at.servers), file_sd_configs: [{ files: ['targets/llm-*.yml'] }] },
      { ...job('dcgm', at.gpus), file_sd_configs: [{ files: ['targets/dcgm-*.yml'] }] },
      job('prometheus', [at.prometheus], { scrape_interval: '15s', scrape_timeout: '10s' }),
    ],
  };
}
