import { describeSlo } from './markdown-slo.js';
import { escapeText, left, markdownTable } from './markdown-table.js';
import { inSeconds, plainNumber, show, asTokens, UNKNOWN } from './format.js';
import type { Figure, RunResult } from './result-schema.js';

/** What was done: the facts of the run as bullets. */
export function methodologySection(result: RunResult): string {
  const { run, spec, plan, environment } = result;
  const facts: [string, string][] = [
    ['Target', describeTarget(result)],
    ['Routing mode', String(result.deployment['mode'] ?? '')],
    [spec.arrival === 'closed' ? 'Concurrency levels' : 'Offered RPS levels', plan.levels.map(plainNumber).join(', ')],
    ['Load', describeLoad(result)],
    ['Target RPS', spec.targetRate === null ? '' : `${plainNumber(spec.targetRate)} conversation starts/s at most`],
    [
      'Prime',
      spec.primeSeconds === null || spec.primeSeconds === 0
        ? ''
        : `at least ${inSeconds(spec.primeSeconds)} at the first level of a repetition`,
    ],
    ['Warmup', describeWarmup(result)],
    ['Measurement', describeMeasure(result)],
    ['Repetitions', describeRepetitions(result)],
    ['Workload', `${spec.workload.description}${spec.workload.seed === null ? '' : `, seed ${spec.workload.seed}`}`],
    ['Realised lengths', realisedLengths(result)],
    ['SLO', describeSlo(result)],
    ['Metric source', describeMetricSource(result)],
    ['Simulated', describeSimulation(result)],
    [
      'Load generator',
      environment === null
        ? ''
        : `Sweepscope ${environment.version}, Node ${environment.node}, ${environment.cores} cores of ${environment.cpu} (${environment.platform})`,
    ],
    ['Run', describeRun(run)],
  ];
  const bullets = facts.filter(([, text]) => text !== '').map(([name, text]) => `- **${name}:** ${escapeText(text)}`);
  return `## Test Methodology\n\n${bullets.join('\n')}`;
}

function describeSimulation({ environment }: RunResult): string {
  if (environment?.simulated === undefined) return '';
  const { profile, seed } = environment.simulated;
  return `no real server: profile ${profile}, seed ${seed}, in virtual time; stamping delay and CPU throttling do not exist there`;
}

/** The deployment as the spec tells it; nothing in it is assumed. */
export function deploymentSection({ spec, deployment }: RunResult): string {
  const pairs = Object.entries(deployment).map(([key, value]) => [key, String(value)]);
  const rows = [['Model', spec.target.model ?? UNKNOWN], ['Endpoint', spec.target.endpoint ?? UNKNOWN], ...pairs];
  return `## Deployment Details\n\n${markdownTable([left('Parameter'), left('Value')], rows)}`;
}

function describeTarget({ spec: { target } }: RunResult): string {
  const { model, url, endpoint } = target;
  if (url === null) return model ?? '';
  return `${model ?? 'the only model'} at ${url}${endpoint === null ? '' : ` (${endpoint})`}`;
}

function describeMetricSource({ source }: RunResult): string {
  if (source === null) return 'client side: every request timed by the load generator, quantiles from raw values';
  const { tool, toolVersion, files, detail } = source;
  const how =
    detail === 'requests'
      ? 'recomputed from its single requests'
      : detail === 'aggregates'
        ? 'its own aggregates, by its own definitions (see below)'
        : 'in part recomputed from its single requests, in part its own aggregates';
  return `imported from ${tool}${toolVersion === null ? '' : ` ${toolVersion}`} (${files.join(', ')}): ${how}`;
}

function describeRun(run: RunResult['run']): string {
  if (run.startedAt === null && run.endedAt === null) return `${run.id}, at a time that its source does not tell`;
  const from = run.startedAt === null ? 'ended' : `${wholeSeconds(run.startedAt)} to`;
  const to = run.endedAt === null ? 'now' : wholeSeconds(run.endedAt);
  return `${run.id}, ${from} ${to}${run.seconds === null ? '' : ` (${inSeconds(Math.round(run.seconds))})`}`;
}

const wholeSeconds = (time: string): string => time.replace(/\.\d+Z$/, 'Z');

function describeLoad(result: RunResult): string {
  const { spec, plan, source } = result;
  if (spec.arrival !== 'closed') return `open loop, ${spec.arrival} arrivals; latency also from the intended start`;
  const order = plan.levels.length > 1 && spec.order !== null ? `, levels ${describeOrder(result)}` : '';
  return source === null
    ? `closed loop, each user one conversation after the other${order}; never drained between levels`
    : `closed loop, a fixed number of users${order}`;
}

function describeOrder({ spec, search }: RunResult): string {
  if (search === undefined) return spec.order!;
  const swept = search.steps.some(({ role }) => role === 'sweep') ? `${spec.order!}, then ` : '';
  return `${swept}as the search chose them`;
}

function describeWarmup({ spec, windows, source }: RunResult): string {
  if (spec.warmupSeconds === null) return '';
  if (spec.warmupSeconds === 0) return 'none';
  const took = windows.map((window) => window.warmup.seconds);
  const range = took.length === 0 ? '' : `; took ${inSeconds(Math.min(...took))} to ${inSeconds(Math.max(...took))}`;
  return source === null
    ? `at least ${inSeconds(spec.warmupSeconds)} per level, until steady${range}`
    : `${inSeconds(spec.warmupSeconds)} per level`;
}

function describeMeasure({ spec, search }: RunResult): string {
  if (spec.measure === null) return '';
  const parts = spec.snapshots !== null && spec.snapshots > 1 ? `, in ${spec.snapshots} equal snapshots` : '';
  if (spec.measure.kind === 'requests') return `${spec.measure.requests} requests per level${parts}`;
  const { seconds, minSamples, maxSeconds } = spec.measure;
  const least = minSamples > 0 ? ` and ${minSamples} samples` : '';
  if (search !== undefined)
    return `at least ${inSeconds(seconds)}${least} per level, in a search until it is decided (at most ${inSeconds(maxSeconds)})${parts}`;
  const samples = minSamples > 0 ? ` and at least ${minSamples} samples (at most ${inSeconds(maxSeconds)})` : '';
  return `${inSeconds(seconds)} per level${samples}${parts}`;
}

function describeRepetitions({ plan, spec }: RunResult): string {
  const rule =
    spec.excludeErrorRate === null
      ? ''
      : `; windows with more than ${plainNumber(spec.excludeErrorRate * 100)} % errors excluded`;
  return `${plan.repetitions}${plan.repetitions > 1 ? ', raw values pooled' : ''}${rule}`;
}

/** Mean tokens in and out over the levels: what the server made of the workload. */
function realisedLengths({ levels }: RunResult): string {
  const range = (figures: Figure[]): string => {
    const known = figures.filter((figure) => figure.value !== null).sort((a, b) => a.value! - b.value!);
    const [least, most] = [known[0], known.at(-1)].map((figure) =>
      figure === undefined ? UNKNOWN : show(figure, asTokens),
    );
    return least === most ? least! : `${least!} to ${most!}`;
  };
  if (levels.length === 0) return '';
  const input = range(levels.map((level) => level.inputTokensMean));
  const output = range(levels.map((level) => level.outputTokensMean));
  const sources = [...new Set(levels.map((level) => level.tokensSource))].filter((name) => name !== null).join(' and ');
  if (input === UNKNOWN && output === UNKNOWN) return '';
  return `${input} input and ${output} output tokens on average${sources === '' ? '' : ` (tokens by ${sources})`}`;
}
