import { EVALUATION_SECONDS, type TimeScale } from '../time-scale.js';
import { alertExpression, RUNBOOKS, type ValueFormat, type Words } from './alert.js';
import { ALERTS, RECORDINGS } from './catalogue.js';
import { byName } from './recording.js';
import { LIKELY_CAUSE } from './recordings/causes.js';

const FORMATS: Record<ValueFormat, string> = {
  duration: 'humanizeDuration',
  percent: 'humanizePercentage',
  number: 'printf "%.3g"',
};

const CAUSE_QUERY = `printf "${LIKELY_CAUSE.name}{job='%s',instance='%s'}" $labels.job $labels.instance | query`;

/** Prometheus' template language; values are written at the time of each evaluation. */
const WORDS: Words = {
  value: (format) => `{{ $value | ${FORMATS[format]} }}`,
  label: (name) => `{{ $labels.${name} }}`,
  likelyCause: `{{ with ${CAUSE_QUERY} }}{{ . | first | label "cause" }}{{ else }}none of those that are looked for{{ end }}`,
};

/** The rule file: recorded series, then alerts, as Prometheus reads it. */
export function prometheusRules(scale: TimeScale): object {
  const read = byName(scale);
  const interval = scale.span(EVALUATION_SECONDS);
  const recordings = RECORDINGS.flatMap(({ name, parts }) =>
    parts.map(({ labels, expr }) => ({ record: name, expr: expr(read), ...(labels === undefined ? {} : { labels }) })),
  );
  const alerts = ALERTS.map((alert) => ({
    alert: alert.name,
    expr: alertExpression(alert, read),
    for: scale.span(alert.forSeconds),
    labels: { severity: alert.severity, service: 'sweepscope' },
    annotations: {
      summary: alert.summary(WORDS),
      description: alert.description(WORDS),
      runbook_url: `${RUNBOOKS}/${alert.name}.md`,
      dashboard: `/d/${alert.dashboard}`,
    },
  }));
  return {
    groups: [
      { name: 'sweepscope-recordings', interval, rules: recordings },
      { name: 'sweepscope-alerts', interval, rules: alerts },
    ],
  };
}
