import { SCRAPE_SECONDS, type TimeScale } from './time-scale.js';

/** uid of the data source in the provisioned stack; dashboards choose theirs by a variable, alert rules by this. */
export const DATASOURCE_UID = 'sweepscope-prometheus';

/** provisioning/datasources: the interval makes `$__rate_interval` right for a live sweep. */
export function grafanaDatasource(scale: TimeScale): object {
  return {
    apiVersion: 1,
    prune: true,
    datasources: [
      {
        name: 'Sweepscope Prometheus',
        uid: DATASOURCE_UID,
        type: 'prometheus',
        access: 'proxy',
        orgId: 1,
        // An unset variable leaves an empty url; Grafana starts with it, and the data source says what is missing.
        url: '${SWEEPSCOPE_PROMETHEUS_URL}',
        isDefault: true,
        editable: false,
        jsonData: {
          httpMethod: 'POST',
          timeInterval: scale.span(SCRAPE_SECONDS),
          prometheusType: 'Prometheus',
          manageAlerts: true,
          incrementalQuerying: false,
          exemplarTraceIdDestinations: [],
        },
      },
    ],
  };
}

/** provisioning/dashboards: all generated dashboards, in one folder. */
export function grafanaDashboards(): object {
  return {
    apiVersion: 1,
    providers: [
      {
        name: 'sweepscope',
        orgId: 1,
        folder: 'Sweepscope',
        folderUid: 'sweepscope',
        type: 'file',
        disableDeletion: true,
        allowUiUpdates: false,
        updateIntervalSeconds: 30,
        options: { path: '${SWEEPSCOPE_DASHBOARDS}' },
      },
    ],
  };
}
