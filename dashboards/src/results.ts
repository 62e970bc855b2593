import { buildDashboard, type Section } from './kit/build.js';
import { number, states, VERDICT_MAPPINGS } from './kit/panels.js';
import { sweepPanel } from './kit/sweep-panel.js';
import { rows, type Column } from './kit/tables.js';
import { withRole, type Target } from './kit/targets.js';
import { runVariables, SIDECAR, sidecarVariables } from './kit/variables.js';
import { lastOf } from './queries.js';
import { LIVE, RESULTS } from '../../provisioning/src/rules/dashboard-uids.js';

const BOTH = 'run=~"$run|$baseline"';
const CHOSEN = 'run="$run"';
const POINT = 'bound="point"';

const mark = (role: string, metric: string, matchers = ''): Target => ({
  expr: withRole(role, lastOf(metric, matchers === '' ? BOTH : `${BOTH}, ${matchers}`)),
  instant: true,
});

/** All that Curve and Levels read: results of the run and its baseline, wherever in the time shown they were. */
const RESULT_TARGETS: Target[] = [
  mark('result_ttft', 'loadgen_result_ttft_seconds'),
  mark('result_tpot', 'loadgen_result_tpot_seconds'),
  mark('result_itl', 'loadgen_result_itl_seconds'),
  mark('result_latency', 'loadgen_result_latency_seconds'),
  mark('result_rps', 'loadgen_result_requests_per_second'),
  mark('result_tokens', 'loadgen_result_output_tokens_per_second'),
  mark('result_error', 'loadgen_result_error_ratio'),
  mark('result_slo', 'loadgen_result_slo_ratio'),
  mark('result_samples', 'loadgen_result_samples'),
  mark('verdict', 'loadgen_level_verdict'),
  mark('slo', 'loadgen_slo_seconds'),
  mark('slo_level', 'loadgen_run_slo_level'),
  mark('knee_level', 'loadgen_run_knee_level'),
  mark('window_edge', 'loadgen_window_timestamp_seconds'),
  mark('window_info', 'loadgen_window_info'),
  mark('run_info', 'loadgen_run_info'),
  mark('run_end', 'loadgen_run_end_timestamp_seconds'),
];

const ANSWERS: Section = {
  panels: [
    number({
      title: 'Last level within the SLO',
      description:
        'Highest level up to which every level met all objectives. Not shown where none did, or where none was set.',
      unit: 'none',
      targets: [{ expr: `max(${lastOf('loadgen_run_slo_level', `${CHOSEN}, bound="last_pass"`)})`, instant: true }],
      steps: [[null, 'good']],
      noValue: 'none',
      w: 6,
    }),
    number({
      title: 'First level that misses it',
      description: 'Lowest level above it that missed an objective. Not shown where none did.',
      unit: 'none',
      targets: [{ expr: `max(${lastOf('loadgen_run_slo_level', `${CHOSEN}, bound="first_fail"`)})`, instant: true }],
      steps: [[null, 'bad']],
      noValue: 'none',
      w: 6,
    }),
    number({
      title: 'Knee',
      description:
        'Level at which the latency begins to rise, by a hinge fitted to the levels. Not shown where the fit is poor.',
      unit: 'none',
      targets: [{ expr: `max(${lastOf('loadgen_run_knee_level', CHOSEN)})`, instant: true }],
      steps: [[null, 'warn']],
      noValue: 'not found',
      decimals: 0,
      w: 6,
    }),
    number({
      title: 'Highest throughput',
      description: 'Output tokens per second of the best level of the run.',
      unit: 'suffix: tok/s',
      targets: [{ expr: `max(${lastOf('loadgen_result_output_tokens_per_second', CHOSEN)})`, instant: true }],
      decimals: 0,
      w: 6,
    }),
  ],
};

const PICTURES: Section = {
  panels: [
    sweepPanel(
      'Latency against level',
      'p50 and p95 of each level with their 95 % intervals, the SLO, the zones that verdicts make, SLO boundary and knee. ' +
        'The baseline lies behind, paired by level.',
      { view: 'curve', run: '$run', baseline: '$baseline' },
      RESULT_TARGETS,
      { w: 24, h: 13 },
    ),
    sweepPanel(
      'Levels',
      'One row a level: figures with intervals, objectives met and missed, verdict, and the difference to the baseline.',
      { view: 'levels', run: '$run', baseline: '$baseline' },
      RESULT_TARGETS,
      { w: 24, h: 11 },
    ),
  ],
};

const point = (title: string, metric: string, q: string): Column => ({
  title,
  expr: lastOf(metric, `${BOTH}, q="${q}", ${POINT}`),
  unit: 's',
  decimals: 3,
});

const FIGURES: Section = {
  title: 'The same figures without the Sweepscope panel',
  panels: [
    rows({
      title: 'Figures by run and level',
      description:
        'Pooled over the windows of each level. Quantiles are points; their intervals are in the panel above.',
      keys: { run: 'Run', level: 'Level' },
      columns: [
        point('TTFT p50', 'loadgen_result_ttft_seconds', 'p50'),
        point('TTFT p95', 'loadgen_result_ttft_seconds', 'p95'),
        point('TPOT p50', 'loadgen_result_tpot_seconds', 'p50'),
        point('TPOT p95', 'loadgen_result_tpot_seconds', 'p95'),
        point('ITL p95', 'loadgen_result_itl_seconds', 'p95'),
        point('E2E p95', 'loadgen_result_latency_seconds', 'p95'),
        { title: 'Requests/s', expr: lastOf('loadgen_result_requests_per_second', BOTH), unit: 'reqps', decimals: 2 },
        {
          title: 'Output',
          expr: lastOf('loadgen_result_output_tokens_per_second', BOTH),
          unit: 'suffix: tok/s',
          decimals: 0,
        },
        { title: 'Errors', expr: lastOf('loadgen_result_error_ratio', BOTH), unit: 'percentunit', decimals: 2 },
        {
          title: 'Worst SLO share',
          expr: `min by (run, level) (${lastOf('loadgen_result_slo_ratio', BOTH)})`,
          unit: 'percentunit',
          decimals: 1,
        },
        { title: 'Samples', expr: lastOf('loadgen_result_samples', BOTH), unit: 'none' },
        { title: 'Verdict', expr: lastOf('loadgen_level_verdict', BOTH), unit: 'none', mappings: VERDICT_MAPPINGS },
      ],
      sort: { by: 'Level', descending: false },
      h: 10,
    }),
    states({
      title: 'Verdicts as they came',
      description: 'Verdict of each level of the chosen run, from the moment when its last window ended.',
      targets: [{ expr: `max by (level) (loadgen_level_verdict{${SIDECAR}, ${CHOSEN}})`, legend: 'level {{level}}' }],
      mappings: VERDICT_MAPPINGS,
      h: 8,
    }),
  ],
};

const MILLISECONDS = '* 1000';

const RUNS: Section = {
  title: 'Runs',
  panels: [
    rows({
      title: 'Runs in the time shown',
      description: 'Click a run to see it live as it was. Runs that have no end are under way, or were interrupted.',
      keys: { run: 'Run', name: 'Name', model: 'Model', mode: 'Mode', workload: 'Workload', arrival: 'Arrival' },
      columns: [
        {
          title: 'Start',
          expr:
            `min by (run) (${lastOf('loadgen_window_timestamp_seconds', 'edge="start"')}) ${MILLISECONDS} ` +
            `* on (run) group_right () max by (run, name, model, mode, workload, arrival) (${lastOf('loadgen_run_info', 'run!="probe"')})`,
          unit: 'dateTimeAsIso',
        },
        {
          title: 'End',
          expr:
            `max by (run) (${lastOf('loadgen_run_end_timestamp_seconds')}) ${MILLISECONDS} ` +
            `* on (run) group_right () max by (run, name, model, mode, workload, arrival) (${lastOf('loadgen_run_info', 'run!="probe"')})`,
          unit: 'dateTimeAsIso',
        },
      ],
      sort: { by: 'Run', descending: true },
      link: {
        column: 'Run',
        title: 'Show this run',
        url: `/d/${LIVE}?var-run=\${__data.fields.Run}&from=\${__data.fields.Start:raw}&to=\${__data.fields.End:raw}&\${datasource:queryparam}`,
      },
      h: 8,
    }),
  ],
};

/** What a sweep found, and whether a change helped. */
export function resultsDashboard(): object {
  return buildDashboard({
    uid: RESULTS,
    title: 'Sweepscope: results and comparison',
    description: 'What a sweep found, against a baseline.',
    variables: [...sidecarVariables(), ...runVariables()],
    from: 'now-24h',
    refresh: '30s',
    sections: [ANSWERS, PICTURES, FIGURES, RUNS],
  });
}
