import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { alertmanagerConfig } from '../src/alertmanager-config.js';
import { provisioningFiles, yamlText } from '../src/generated-files.js';
import { alertExpression } from '../src/rules/alert.js';
import { ALERTS, RECORDINGS } from '../src/rules/catalogue.js';
import { writtenOut } from '../src/rules/recording.js';
import { prometheusRules } from '../src/rules/prometheus-rules.js';
import { SCENARIOS } from '../src/rule-tests/rule-tests.js';
import { promDuration, SHIPPED_SCALE, TimeScale } from '../src/time-scale.js';
import { knownSeries } from './support/known-metrics.js';
import { metricNames } from './support/promql-names.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FILES = Object.entries(provisioningFiles());
const TENTH = new TimeScale(0.1);
const MINUTES = 60_000;
/** Their value is 0 or 1: there is nothing to tell. */
const WITHOUT_VALUE = ['SweepscopeDown', 'UpstreamMissing'];

const promtool = (...args: string[]): string =>
  execFileSync('promtool', args, { cwd: join(ROOT, 'provisioning/prometheus'), encoding: 'utf8', stdio: 'pipe' });

interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  annotations?: Record<string, string>;
}

const rulesOf = (scale: TimeScale): Rule[] =>
  (prometheusRules(scale) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);

describe('generated provisioning', () => {
  it.each(FILES)('%s is what `npm run generate` writes', (path, text) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text);
  });
});

describe('rules', () => {
  it('are taken by promtool', () => {
    expect(promtool('check', 'rules', 'rules/sweepscope.yml')).toContain('SUCCESS');
  });

  it('are taken by promtool at a tenth of the time', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sweepscope-rules-')), 'rules.yml');
    writeFileSync(file, yamlText(prometheusRules(TENTH)));
    expect(promtool('check', 'rules', file)).toContain('SUCCESS');
  });

  it(
    'fire and keep silent as every scenario says',
    () => {
      expect(promtool('test', 'rules', 'rule-tests.yml')).toContain('SUCCESS');
    },
    5 * MINUTES,
  );

  it('each fire in some scenario, and each keep silent in some', () => {
    const firing = new Set(SCENARIOS.flatMap((scenario) => Object.values(scenario.firing).flat()));
    expect([...firing].sort()).toEqual(ALERTS.map(({ name }) => name).sort());
    expect(
      SCENARIOS.filter((scenario) => Object.values(scenario.firing).every((alerts) => alerts.length === 0)).length,
    ).toBeGreaterThan(10);
  });

  it('read only metrics that somebody exposes or records', () => {
    const known = knownSeries();
    const unknown = rulesOf(SHIPPED_SCALE)
      .flatMap(({ expr }) => metricNames(expr))
      .filter((name) => !known.has(name));
    expect([...new Set(unknown)]).toEqual([]);
  });

  it('never pass off missing data as zero', () => {
    for (const { expr } of rulesOf(SHIPPED_SCALE)) expect(expr).not.toMatch(/or\s+(on\s*\([^)]*\)\s*)?vector\(/);
  });

  it('use only series that are recorded before them', () => {
    const recorded = new Set<string>();
    for (const { record, expr } of rulesOf(SHIPPED_SCALE)) {
      const own = metricNames(expr).filter((name) => RECORDINGS.some(({ name: known }) => known === name));
      expect(own.filter((name) => !recorded.has(name))).toEqual([]);
      if (record !== undefined) recorded.add(record);
    }
  });

  it('tell severity, summary, the value and a runbook that exists', () => {
    for (const { alert, annotations } of rulesOf(SHIPPED_SCALE)) {
      if (alert === undefined) continue;
      const { summary = '', description = '', runbook_url: runbook = '' } = annotations ?? {};
      expect(summary).not.toBe('');
      if (!WITHOUT_VALUE.includes(alert)) expect(`${summary} ${description}`).toContain('$value');
      expect(runbook.endsWith(`/docs/runbooks/${alert}.md`)).toBe(true);
      expect(existsSync(join(ROOT, `docs/runbooks/${alert}.md`))).toBe(true);
    }
  });

  it('mute what a sweep does on purpose, and never what says that nothing can be seen', () => {
    const never = ALERTS.filter(({ mute }) => mute === null).map(({ name }) => name);
    expect(never.sort()).toEqual(
      ['LoadgenBroken', 'RunStuck', 'SpeculationUseless', 'SweepscopeDown', 'TTFTStalled', 'UpstreamMissing'].sort(),
    );
  });
});

describe("Grafana's copy of the alerts", () => {
  interface GrafanaRule {
    uid: string;
    title: string;
    noDataState: string;
    execErrState: string;
    condition: string;
    data: { refId: string; datasourceUid: string; model: { expr?: string; expression?: string } }[];
    notification_settings: { receiver: string };
  }
  const group = (
    parse(provisioningFiles()['provisioning/grafana/alerting/rules.yml']!) as {
      groups: { interval: string; rules: GrafanaRule[] }[];
    }
  ).groups[0]!;

  it('has every alert', () => {
    expect(group.rules.map(({ title }) => title)).toEqual(ALERTS.map(({ name }) => name));
  });

  it('reads no recorded series, since Grafana records none', () => {
    for (const { data } of group.rules) expect(data[0]!.model.expr).not.toMatch(/\b(?:loadgen|llm):\w+/);
  });

  it('has expressions that Prometheus can parse', () => {
    const rules = ALERTS.map((alert) => ({
      alert: alert.name,
      expr: alertExpression(alert, writtenOut(SHIPPED_SCALE)),
    }));
    const file = join(mkdtempSync(join(tmpdir(), 'sweepscope-rules-')), 'grafana.yml');
    writeFileSync(file, yamlText({ groups: [{ name: 'grafana', rules }] }));
    expect(promtool('check', 'rules', file)).toContain('SUCCESS');
  });

  it('fires on any row, and takes no row for no alert', () => {
    for (const rule of group.rules) {
      expect(rule).toMatchObject({ noDataState: 'OK', execErrState: 'Error', condition: 'C' });
      expect(rule.data[1]!.model.expression).toBe('is_number($A) || is_nan($A) || is_inf($A)');
      expect(rule.uid.length).toBeLessThanOrEqual(40);
    }
  });

  it('is evaluated in a multiple of the ten seconds that Grafana allows', () => {
    expect(group.interval).toBe('10s');
  });

  it('names its receiver by rule, so that nobody’s notification policies are replaced', () => {
    for (const { notification_settings } of group.rules) expect(notification_settings.receiver).toBe('sweepscope');
    expect(Object.keys(provisioningFiles()).join()).not.toContain('policies');
  });

  it('leaves a url that is not empty when the environment has none', () => {
    const { contactPoints } = parse(provisioningFiles()['provisioning/grafana/alerting/contact-points.yml']!) as {
      contactPoints: { receivers: { settings: { url: string } }[] }[];
    };
    expect(contactPoints[0]!.receivers[0]!.settings.url.replaceAll(/\$\{\w+\}/g, '')).toBe('#sweepscope');
  });
});

describe('prometheus.yml and alertmanager.yml', () => {
  it('are taken by promtool', () => {
    expect(promtool('check', 'config', '--syntax-only', 'prometheus.yml')).toContain('SUCCESS');
  });

  it('are taken by amtool', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sweepscope-am-')), 'alertmanager.yml');
    writeFileSync(file, yamlText(alertmanagerConfig(SHIPPED_SCALE, { kind: 'webhook', url: 'http://127.0.0.1:1/' })));
    expect(execFileSync('amtool', ['check-config', file], { encoding: 'utf8', stdio: 'pipe' })).toContain('SUCCESS');
  });
});

describe('durations', () => {
  it.each([
    [5, '5s'],
    [75, '75s'],
    [1800, '30m'],
    [3600, '1h'],
    [0.5, '500ms'],
    [7.5, '7500ms'],
  ])('%d s is %s', (seconds, text) => {
    expect(promDuration(seconds)).toBe(text);
  });

  it('below a millisecond are refused', () => {
    expect(() => promDuration(0.0001)).toThrow('1 ms is the shortest');
  });
});
