import type { TimeScale } from '../time-scale.js';
import { alertExpression, RUNBOOKS, type Alert, type ValueFormat, type Words } from './alert.js';
import { ALERTS } from './catalogue.js';
import { writtenOut } from './recording.js';

const FORMATS: Record<ValueFormat, string> = {
  duration: 'humanizeDuration',
  percent: 'humanizePercentage',
  number: 'printf "%.3g"',
};

const WORDS: Words = {
  value: (format) => `{{ $values.A.Value | ${FORMATS[format]} }}`,
  label: (name) => `{{ $labels.${name} }}`,
  likelyCause: null,
};

export const CONTACT_POINT = 'sweepscope';
/** Longest range that an expression looks back over, seconds. */
const LOOK_BACK = 3600;
/** Grafana evaluates at most every 10 s. */
const SHORTEST_INTERVAL = 10;

/**
 * Grafana's copy, for those who run no Alertmanager. It fires wherever the query has a row, whatever its value: the
 * thresholds are in the PromQL, and a value of 0 or NaN is a row like any other. No row is no alert, not "no data".
 */
export function grafanaRules(scale: TimeScale, datasourceUid: string): object {
  const read = writtenOut(scale);
  const interval = Math.max(SHORTEST_INTERVAL, Math.ceil(scale.seconds(SHORTEST_INTERVAL) / 10) * 10);
  return {
    apiVersion: 1,
    groups: [
      {
        orgId: 1,
        name: 'sweepscope',
        folder: 'Sweepscope',
        interval: `${interval}s`,
        rules: ALERTS.map((alert) => ({
          uid: `sweepscope-${alert.name.toLowerCase()}`,
          title: alert.name,
          condition: 'C',
          data: queries(alertExpression(alert, read), datasourceUid),
          noDataState: 'OK',
          execErrState: 'Error',
          for: `${Math.round(scale.seconds(alert.forSeconds))}s`,
          labels: { severity: alert.severity, service: 'sweepscope' },
          annotations: annotationsOf(alert),
          isPaused: false,
          notification_settings: { receiver: CONTACT_POINT, group_by: ['grafana_folder', 'alertname', 'instance'] },
        })),
      },
    ],
  };
}

function annotationsOf(alert: Alert): Record<string, string> {
  return {
    summary: alert.summary(WORDS),
    description: alert.description(WORDS),
    runbook_url: `${RUNBOOKS}/${alert.name}.md`,
  };
}

function queries(expr: string, datasourceUid: string): object[] {
  const range = { from: LOOK_BACK, to: 0 };
  const common = { intervalMs: 1000, maxDataPoints: 43_200 };
  const expression = { type: '__expr__', uid: '__expr__' };
  return [
    {
      refId: 'A',
      relativeTimeRange: range,
      datasourceUid,
      model: { refId: 'A', expr, instant: true, range: false, editorMode: 'code', ...common },
    },
    {
      refId: 'B',
      relativeTimeRange: range,
      datasourceUid: '__expr__',
      model: {
        refId: 'B',
        type: 'math',
        datasource: expression,
        expression: 'is_number($A) || is_nan($A) || is_inf($A)',
        ...common,
      },
    },
    {
      refId: 'C',
      relativeTimeRange: range,
      datasourceUid: '__expr__',
      model: {
        refId: 'C',
        type: 'threshold',
        datasource: expression,
        expression: 'B',
        conditions: [{ type: 'query', evaluator: { type: 'gt', params: [0] } }],
        ...common,
      },
    },
  ];
}

/** Where Grafana's alerts go: a webhook from the environment. */
export function grafanaContactPoints(): object {
  return {
    apiVersion: 1,
    contactPoints: [
      {
        orgId: 1,
        name: CONTACT_POINT,
        receivers: [
          {
            uid: 'sweepscope-webhook',
            type: 'webhook',
            // An empty url would keep Grafana from starting; a fragment is never sent.
            settings: { url: '${SWEEPSCOPE_ALERT_WEBHOOK_URL}#sweepscope', httpMethod: 'POST' },
            disableResolveMessage: false,
          },
        ],
      },
    ],
  };
}
