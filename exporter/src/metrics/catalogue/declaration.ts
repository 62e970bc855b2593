/** Unit of a metric's value; `none` where it is a count of things or a marker. */
export type MetricUnit =
  'seconds' | 'ratio' | 'epoch seconds' | 'per second' | 'bytes' | 'watts' | 'joules' | 'celsius' | 'none';

/** One metric of `/metrics`. Its name is its key in the theme. */
export interface MetricDeclaration {
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly unit: MetricUnit;
  readonly help: string;
  /** In the order in which they are printed; `le` and `quantile` are added by the type. */
  readonly labels: readonly LabelName[];
  /** Of a summary; left out: it has a sum and a count only. */
  readonly quantiles?: readonly number[];
  /** For the reference: a query worth knowing, and what it tells. */
  readonly example?: { readonly query: string; readonly tells: string };
}

/** Metrics that belong together, by name. */
export type Theme = Readonly<Record<string, MetricDeclaration>>;

/** What every label means: each has one meaning wherever it is used. */
export const LABEL_MEANINGS = {
  arrival: '`closed` (levels are users), or `constant`, `poisson` (levels are requests per second)',
  bound:
    '`point`: the estimate; `lower`, `upper`: its 95 % interval; of a boundary: `last_pass`, `first_fail`, `estimate`',
  cause: 'why the level is as it is, e.g. `admission_limit`; `none` when it is clean, `unknown` while nothing tells',
  device: 'GPU; empty where the upstream tells no GPUs apart',
  engine:
    'whose metrics the upstream shows: `vllm`, `sglang`, `trtllm`, `dynamo`, `llamacpp`, `dcgm`, `node`, `prometheus`; `unknown` until it has answered',
  edge: '`start` of the level, `measure_start`, `measure_end`, `end` of the level',
  level: 'users, or requests per second in open loop, as the spec has it',
  metric: '`ttft`, `tpot`, `itl` or `latency`',
  mode: "the deployment's mode as the spec names it",
  model: 'model asked for',
  name: "the sweep's name in its spec",
  node: 'version of Node.js',
  outcome: 'of a conversation: `completed`, `error`, `retired` (its user was taken away)',
  phase: '`idle`, `prime`, `warmup`, `measure`, `cooldown`, `drain`, `probe`',
  q: 'a quantile as in `p95`, or `max`',
  reason:
    'of an error: its class; of a window: codes of the gates that failed, else of what decided its level’s verdict (`ttft`, `throughput`, `errors`, an objective), joined by commas',
  repetition: 'repetition of the sweep, from 1',
  replica: 'worker, rank or host; empty where the upstream tells none apart',
  result: '`good`: the objective was met; `bad`: it was not',
  role: 'a normalised quantity; docs/telemetry.md lists them',
  run: "the run's id; begins with its time in UTC",
  slo: 'name of the objective, as in `ttft_p95`',
  state: 'how the run ended: `completed`, `aborted`',
  status: '`ok` or `error`',
  thread: '`main`: server and state machine; `worker`: all load threads together',
  turn: 'turn of the conversation: `1`, `2`, `3`, `4`, `5+`',
  turn_type: '`initial`: first turn of a conversation; `followup`: any later one',
  upstream: 'name of a scraped server, GPU exporter or Prometheus; `target`: the server under load',
  verdict: '`clean`, `degrading`, `saturated`, `invalid` (a validity gate failed), `unknown`',
  version: 'version of Sweepscope',
  window: "one level in one repetition, as in `r1-l3`: repetition 1, the plan's third level",
  workload: '`conversation`, `synthetic`, `prompt` or `dataset`',
} as const;

export type LabelName = keyof typeof LABEL_MEANINGS;
