import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE } from './targets.js';

type Variable = dashboard.QueryVariableBuilder | dashboard.DatasourceVariableBuilder | dashboard.CustomVariableBuilder;

const ALL = { selected: true, text: 'All', value: '$__all' };

/** Which data source is asked: one JSON serves provisioning and import. */
export function datasourceVariable(): Variable {
  return new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus');
}

/** Values of a label, several at once, all by default; a label that nobody has matches all the same. */
export function labelVariable(name: string, label: string, query: string): Variable {
  return new dashboard.QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query({ qryType: 5, query, refId: name })
    .definition(query)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current(ALL);
}

/** Runs of the time shown. Ids begin with their time in UTC: sorted backwards, the newest comes first and is chosen. */
export function runVariable(name: string, label: string, query: string, none: boolean): Variable {
  const variable = new dashboard.QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query({ qryType: 5, query, refId: name })
    .definition(query)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalDesc);
  if (!none) return variable;
  const nothing = { selected: true, text: 'none', value: 'none' };
  return variable.staticOptions([nothing]).staticOptionsOrder('before').current(nothing);
}

/** A choice among fixed values, all by default. */
export function choiceVariable(name: string, label: string, values: Readonly<Record<string, string>>): Variable {
  return new dashboard.CustomVariableBuilder(name)
    .label(label)
    .values(
      Object.entries(values)
        .map(([text, value]) => `${text} : ${value}`)
        .join(', '),
    )
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current(ALL);
}

/** Labels by which every query of the sidecar's metrics is limited. */
export const SIDECAR = 'job=~"$job", namespace=~"$namespace", instance=~"$instance"';

/** Variables that choose the sidecar. */
export function sidecarVariables(): Variable[] {
  return [
    datasourceVariable(),
    labelVariable('job', 'Job', 'label_values(loadgen_build_info, job)'),
    labelVariable('namespace', 'Namespace', 'label_values(loadgen_build_info{job=~"$job"}, namespace)'),
    labelVariable(
      'instance',
      'Instance',
      'label_values(loadgen_build_info{job=~"$job", namespace=~"$namespace"}, instance)',
    ),
  ];
}

/** Variables that choose run and baseline. */
export function runVariables(): Variable[] {
  const runs = `label_values(loadgen_run_info{${SIDECAR}, model=~"$model", run!="probe"}, run)`;
  return [
    labelVariable('model', 'Model', `label_values(loadgen_run_info{${SIDECAR}, run!="probe"}, model)`),
    runVariable('run', 'Run', runs, false),
    runVariable('baseline', 'Baseline', runs, true),
  ];
}
