import { stringify } from 'yaml';
import { alertmanagerConfig } from './alertmanager-config.js';
import { grafanaDashboards, grafanaDatasource } from './grafana-config.js';
import { DATASOURCE_UID } from './grafana-config.js';
import { COMPOSE_ADDRESSES, prometheusConfig } from './prometheus-config.js';
import { ruleTests } from './rule-tests/rule-tests.js';
import { grafanaContactPoints, grafanaRules } from './rules/grafana-rules.js';
import { prometheusRules } from './rules/prometheus-rules.js';
import { SHIPPED_SCALE } from './time-scale.js';

const HEAD = '# Written by `npm run generate` from provisioning/src; do not edit.\n';

/** A generated YAML file. */
export const yamlText = (value: object): string =>
  HEAD + stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });

/** Every generated file of provisioning/, by its path in the repository. */
export function provisioningFiles(): Record<string, string> {
  const scale = SHIPPED_SCALE;
  const files: Record<string, object> = {
    'provisioning/prometheus/prometheus.yml': prometheusConfig(scale, COMPOSE_ADDRESSES),
    'provisioning/prometheus/rules/sweepscope.yml': prometheusRules(scale),
    'provisioning/prometheus/rule-tests.yml': ruleTests(),
    'provisioning/alertmanager/alertmanager.yml': alertmanagerConfig(scale, {
      kind: 'url-file',
      path: '/etc/alertmanager/webhook-url',
    }),
    'provisioning/grafana/datasources/sweepscope.yml': grafanaDatasource(scale),
    'provisioning/grafana/dashboards/sweepscope.yml': grafanaDashboards(),
    'provisioning/grafana/alerting/rules.yml': grafanaRules(scale, DATASOURCE_UID),
    'provisioning/grafana/alerting/contact-points.yml': grafanaContactPoints(),
  };
  return Object.fromEntries(Object.entries(files).map(([path, value]) => [path, yamlText(value)]));
}
