import { buildDashboard, type Section } from './kit/build.js';
import { graph, number, states, VERDICT_MAPPINGS, yesNo } from './kit/panels.js';
import { sweepPanel } from './kit/sweep-panel.js';
import { rows } from './kit/tables.js';
import { withRole, type Target } from './kit/targets.js';
import { labelVariable, SIDECAR, sidecarVariables } from './kit/variables.js';
import { lastOf, own, quantile, rate, SLO_LIMITS, SPREAD_COLORS, spreadOf } from './queries.js';
import { LIVE } from '../../provisioning/src/rules/dashboard-uids.js';

const TTFT = 'loadgen_time_to_first_token_seconds';
const TPOT = 'loadgen_time_per_output_token_seconds';
const ITL = 'loadgen_inter_chunk_seconds';
const E2E = 'loadgen_request_duration_seconds';
const RUNS = 'run=~"$run", run!="probe"';
/** Each window once: as it was judged, and only until then as unknown. */
const WINDOWS = `${lastOf('loadgen_window_info', `${RUNS}, verdict!="unknown"`)} or on (run, window) ${lastOf('loadgen_window_info', RUNS)}`;
const ERRORS = `sum(rate(${own('loadgen_requests_total', 'status="error"')}[1m]))`;

const line = (role: string, expr: string, legend: string): Target => ({ expr: withRole(role, expr), legend });
const mark = (role: string, metric: string): Target => ({
  expr: withRole(role, lastOf(metric, RUNS)),
  instant: true,
});

const TIMELINE_TARGETS: Target[] = [
  line('ttft_p50', quantile(0.5, TTFT), 'TTFT p50'),
  line('ttft_p95', quantile(0.95, TTFT), 'TTFT p95'),
  line('tpot_p50', quantile(0.5, TPOT), 'TPOT p50'),
  line('tpot_p95', quantile(0.95, TPOT), 'TPOT p95'),
  line('latency_p50', quantile(0.5, E2E), 'E2E p50'),
  line('latency_p95', quantile(0.95, E2E), 'E2E p95'),
  line('tokens', `sum(${rate('loadgen_output_tokens_total')})`, 'output tokens/s'),
  line('inflight', `sum(${own('loadgen_inflight_requests')})`, 'in flight'),
  { expr: withRole('level', own('loadgen_level', RUNS)), legend: 'level' },
  { expr: withRole('phase', own('loadgen_phase', RUNS)), legend: '{{phase}}' },
  mark('window_edge', 'loadgen_window_timestamp_seconds'),
  mark('window_info', 'loadgen_window_info'),
  mark('slo', 'loadgen_slo_seconds'),
  mark('run_info', 'loadgen_run_info'),
  mark('run_end', 'loadgen_run_end_timestamp_seconds'),
];

const NOW: Section = {
  panels: [
    sweepPanel(
      'Sweep',
      'The sweep as it runs: a band for each level, warm-up hatched, measurements ticked, TTFT and TPOT on lanes of their ' +
        'own with their objectives. The colour of a band is its verdict. Click a band to zoom to it.',
      { view: 'timeline', run: '', baseline: 'none' },
      TIMELINE_TARGETS,
      { w: 24, h: 13 },
    ),
    number({
      title: 'Level',
      description: 'Users (closed loop) or requests per second (open loop) offered now. 0: no load.',
      unit: 'none',
      targets: [{ expr: `max(${own('loadgen_level')})` }],
    }),
    number({
      title: 'Phase',
      description: 'What the sweep does now. Only `measure` counts for results.',
      unit: 'none',
      targets: [{ expr: `max by (phase) (${own('loadgen_phase')}) == 1`, legend: '{{phase}}', instant: true }],
      mappings: yesNo('yes', 'no', ['running', 'neutral']),
      named: true,
    }),
    number({
      title: 'Progress',
      description: 'Share of the planned sweep that is done. A level that needs longer than planned holds it up.',
      unit: 'percentunit',
      decimals: 0,
      targets: [{ expr: `max(${own('loadgen_progress_ratio')})` }],
    }),
    number({
      title: 'Longest wait',
      description:
        'Age of the oldest request that has no first token yet. In a total stall this grows while all TTFT figures vanish.',
      unit: 's',
      targets: [{ expr: `max(${own('loadgen_oldest_unanswered_seconds')})` }],
      steps: [
        [null, 'good'],
        [2, 'warn'],
        [10, 'bad'],
      ],
    }),
    number({
      title: 'Errors',
      description: 'Share of the requests that ended in an error over the last minute.',
      unit: 'percentunit',
      decimals: 2,
      targets: [{ expr: `${ERRORS} / (sum(rate(${own('loadgen_requests_total')}[1m])) > 0)` }],
      steps: [
        [null, 'good'],
        [0.001, 'warn'],
        [0.01, 'bad'],
      ],
      noValue: 'no requests',
    }),
    number({
      title: 'Alerts',
      description: 'Whether alerts are muted because a sweep drives the server beyond the levels that it should bear.',
      unit: 'none',
      targets: [{ expr: `max(${own('loadgen_alerts_muted')})` }],
      mappings: yesNo('muted', 'on', ['warn', 'good']),
    }),
  ],
};

const PLAN: Section = {
  title: 'Levels and phases',
  panels: [
    states({
      title: 'Level and phase',
      description:
        'Level (number) and phase over time, without the Sweepscope panel. Sampled: edges are good to a scrape.',
      h: 7,
      targets: [
        { expr: `max(${own('loadgen_level')})`, legend: 'level' },
        { expr: `max by (phase) (${own('loadgen_phase')} == 1)`, legend: '{{phase}}' },
      ],
      mappings: yesNo('●', '', ['running', 'neutral']),
      numbers: ['level'],
    }),
  ],
};

const LATENCY: Section = {
  title: 'Latency as the client sees it',
  panels: [
    graph({
      title: 'TTFT',
      description: 'Time to first token, from just before the request is written to its first token chunk. All turns.',
      unit: 's',
      targets: spreadOf(TTFT, 'ttft', '$run'),
      colors: SPREAD_COLORS,
      limits: SLO_LIMITS,
    }),
    graph({
      title: 'TPOT',
      description:
        'Time per output token after the first, (E2E − TTFT) ÷ (tokens − 1), counted when a request completes.',
      unit: 's',
      targets: spreadOf(TPOT, 'tpot', '$run'),
      colors: SPREAD_COLORS,
      limits: SLO_LIMITS,
    }),
    graph({
      title: 'ITL',
      description:
        'Gap between two token chunks of a request: what a reader sees as stutter. Pooled over all requests.',
      unit: 's',
      targets: spreadOf(ITL, 'itl', '$run'),
      colors: SPREAD_COLORS,
      limits: SLO_LIMITS,
    }),
    graph({
      title: 'End-to-end latency',
      description: 'From the request to its last token, of successes only: mind the time-outs under Errors.',
      unit: 's',
      targets: spreadOf(E2E, 'latency', '$run'),
      colors: SPREAD_COLORS,
      limits: SLO_LIMITS,
    }),
  ],
};

const OUTCOMES: Section = {
  title: 'Throughput, errors and objectives',
  panels: [
    graph({
      title: 'Throughput',
      description:
        'Output tokens per second as they arrive, of all requests. Flat while the level rises: the server is full.',
      unit: 'suffix: tok/s',
      w: 8,
      targets: [{ expr: `sum(${rate('loadgen_output_tokens_total')})`, legend: 'output' }],
      colors: { output: 'p50' },
    }),
    graph({
      title: 'Requests',
      description: 'Requests started, and ended by outcome, per second. A gap between them is a growing queue.',
      unit: 'reqps',
      w: 8,
      targets: [
        { expr: `sum(${rate('loadgen_requests_started_total')})`, legend: 'started' },
        { expr: `sum by (status) (${rate('loadgen_requests_total')})`, legend: '{{status}}' },
      ],
      colors: { started: 'neutral', ok: 'good', error: 'bad' },
    }),
    graph({
      title: 'Errors by class',
      description:
        'Failed requests per second. Classes that begin with timeout_ were given up by the client: censored.',
      unit: 'reqps',
      w: 8,
      stacked: true,
      targets: [{ expr: `sum by (reason) (${rate('loadgen_request_errors_total')})`, legend: '{{reason}}' }],
    }),
    graph({
      title: 'SLO attainment',
      description:
        'Share of the requests that met each objective as their outcome became known. Errors and time-outs miss.',
      unit: 'percentunit',
      max: 1,
      targets: [
        {
          expr: `sum by (slo) (${rate('loadgen_slo_events_total', 'result="good"')}) / (sum by (slo) (${rate('loadgen_slo_events_total')}) > 0)`,
          legend: '{{slo}}',
        },
      ],
    }),
    graph({
      title: 'Load offered and taken',
      description: 'Users offered, requests in flight, users that back off after an error, conversations under way.',
      unit: 'none',
      steps: true,
      targets: [
        { expr: `max(${own('loadgen_level')})`, legend: 'level' },
        { expr: `sum(${own('loadgen_inflight_requests')})`, legend: 'in flight' },
        { expr: `sum(${own('loadgen_backoff_slots')})`, legend: 'backing off' },
        { expr: `sum(${own('loadgen_active_conversations')})`, legend: 'conversations' },
      ],
      colors: { level: 'neutral', 'in flight': 'running', 'backing off': 'bad' },
    }),
  ],
};

const SERVER_SECTION: Section = {
  title: 'Server and GPU, as the sidecar scrapes them',
  panels: [
    graph({
      title: 'Running and waiting',
      description:
        'Requests in the batch and in the queue of the engine. Waiting above 0: no slot or no KV block is free.',
      unit: 'none',
      w: 8,
      targets: [
        { expr: `sum by (upstream) (${own('loadgen_upstream_requests_running')})`, legend: 'running {{upstream}}' },
        { expr: `sum by (upstream) (${own('loadgen_upstream_requests_waiting')})`, legend: 'waiting {{upstream}}' },
      ],
      colors: { 'running .*': 'running', 'waiting .*': 'waiting' },
    }),
    graph({
      title: 'KV cache',
      description: 'Blocks in use, and share of the prompt tokens that came from the prefix cache.',
      unit: 'percentunit',
      w: 8,
      max: 1,
      targets: [
        { expr: `max by (upstream) (${own('loadgen_upstream_kv_usage_ratio')})`, legend: 'usage {{upstream}}' },
        { expr: `avg by (upstream) (${own('loadgen_upstream_kv_hit_ratio')})`, legend: 'hits {{upstream}}' },
      ],
      colors: { 'usage .*': 'p95', 'hits .*': 'good' },
    }),
    graph({
      title: 'GPU',
      description:
        'Share of time in which a kernel ran, by device. It is near 1 in any decode: no headroom can be read from it.',
      unit: 'percentunit',
      w: 8,
      max: 1,
      targets: [{ expr: own('loadgen_upstream_gpu_utilization_ratio'), legend: '{{upstream}} {{device}}' }],
    }),
  ],
};

const VALIDITY: Section = {
  title: 'Validity',
  panels: [
    rows({
      title: 'Windows',
      description:
        'Every window of the runs shown. `invalid`: a validity gate failed, and the window is in no verdict.',
      keys: {
        run: 'Run',
        window: 'Window',
        level: 'Level',
        repetition: 'Repetition',
        verdict: 'Verdict',
        cause: 'Cause',
        reason: 'Failed gates',
      },
      columns: [{ title: 'Windows', expr: WINDOWS, unit: 'none', width: 90 }],
      w: 16,
    }),
    states({
      title: 'Verdicts by level',
      description: 'What became of each level: clean, degrading, saturated, or invalid where it may not be judged.',
      targets: [{ expr: own('loadgen_level_verdict', RUNS), legend: '{{level}}' }],
      mappings: VERDICT_MAPPINGS,
      w: 8,
      h: 9,
    }),
  ],
};

/** What happens right now. */
export function liveDashboard(): object {
  return buildDashboard({
    uid: LIVE,
    title: 'Sweepscope: sweep live',
    description: 'A load sweep of an LLM inference server while it runs.',
    variables: [
      ...sidecarVariables(),
      labelVariable('run', 'Run', `label_values(loadgen_run_info{${SIDECAR}, run!="probe"}, run)`),
    ],
    from: 'now-15m',
    refresh: '5s',
    sections: [NOW, PLAN, LATENCY, OUTCOMES, SERVER_SECTION, VALIDITY],
  });
}
