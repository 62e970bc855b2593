import { summariseLevel } from '../analysis/level.js';
import { judgeWindow } from '../analysis/validity.js';
import type { SloSpec } from '../config/spec.js';
import type { RequestRecord, WindowRecord } from '../measure/records.js';
import { levelFigures, orNull } from './figures.js';
import { asCount } from './importers/fields.js';
import { arrivalSpan, spreadTokens, steadySpan, wholeSpan, type SteadySpan } from './importers/steady-span.js';
import type {
  AggregateLevel,
  AggregateTime,
  ImportedRun,
  RequestLevel,
  RequestPart,
  Scalar,
} from './importers/types.js';
import type { Figure, LevelFigures, QuantileFigures } from './result-schema.js';

/** A level of an imported run, with what it was computed from. */
export interface ImportedFigures {
  figures: LevelFigures;
  windows: WindowRecord[];
  /** On the run's time axis; empty where requests lie on no common one. */
  records: RequestRecord[];
  gaps: string[];
}

type Arrival = ImportedRun['arrival'];

const NO_FIGURE: Omit<Figure, 'definition'> = {
  value: null,
  n: null,
  lower: null,
  upper: null,
  origin: 'imported',
  warning: null,
};

const unknown = (definition: string): Figure => ({ ...NO_FIGURE, definition });

function unknownTimes(definition: string): QuantileFigures {
  const figure = unknown(definition);
  return { mean: figure, p50: figure, p90: figure, p95: figure, p99: figure };
}

function aggregateTimes(time: AggregateTime | undefined, ours: string): QuantileFigures {
  if (time === undefined) return unknownTimes(ours);
  const { definition, n = NaN } = time;
  const figure = (value = NaN): Figure => ({ ...NO_FIGURE, value: orNull(value), n: asCount(n), definition });
  return {
    mean: figure(time.mean),
    p50: figure(time.p50),
    p90: figure(time.p90),
    p95: figure(time.p95),
    p99: figure(time.p99),
  };
}

type Standing =
  | 'level'
  | 'load'
  | 'windows'
  | 'windowsUsed'
  | 'valid'
  | 'invalidReasons'
  | 'steady'
  | 'seconds'
  | 'started'
  | 'completed'
  | 'ok'
  | 'errors'
  | 'censored'
  | 'tpotExcluded'
  | 'tokensSource';

/** Counts, and what repetitions the tool says there were. Nothing speaks against such a level, so it counts as valid. */
function aggregateStanding(level: AggregateLevel, index: number): Pick<LevelFigures, Standing> {
  const { load, seconds, completed, ok, errors, repetitions } = level;
  const windows = Array.from({ length: repetitions?.measured ?? 0 }, (_, number) => `r${number + 1}-l${index + 1}`);
  return {
    level: index,
    load,
    windows,
    windowsUsed: windows.slice(0, repetitions?.used ?? 0),
    valid: true,
    invalidReasons: [],
    steady: null,
    seconds: orNull(seconds),
    started: null,
    completed: asCount(completed),
    ok: asCount(ok),
    errors,
    censored: null,
    tpotExcluded: null,
    tokensSource: null,
  };
}

/** Carries a tool's aggregates over, each with the tool's own definition; what it does not tell is null. */
export function aggregateFigures(level: AggregateLevel, index: number): LevelFigures {
  const { times, scalars } = level;
  const scalar = (name: Scalar, ours: string): Figure => {
    const found = scalars[name];
    return found === undefined
      ? unknown(ours)
      : { ...NO_FIGURE, value: orNull(found.value), definition: found.definition };
  };
  return {
    ...aggregateStanding(level, index),
    errorRatio: scalar('errorRatio', 'error_ratio'),
    ttft: aggregateTimes(times.ttft, 'ttft'),
    ttftFirstChunk: unknownTimes('ttft_first_chunk'),
    ttftFirstVisible: unknownTimes('ttft_first_visible'),
    ttftFromIntended: unknownTimes('ttft_from_intended'),
    tpot: aggregateTimes(times.tpot, 'tpot'),
    itl: aggregateTimes(times.itl, 'itl'),
    latency: aggregateTimes(times.latency, 'latency'),
    latencyFromIntended: unknownTimes('latency_from_intended'),
    requestsPerSecond: scalar('requestsPerSecond', 'requests_per_second'),
    okPerSecond: scalar('okPerSecond', 'ok_per_second'),
    conversationsPerSecond: unknown('conversations_per_second'),
    outputTokensPerSecond: scalar('outputTokensPerSecond', 'output_tokens_per_second'),
    inputTokensPerSecond: scalar('inputTokensPerSecond', 'input_tokens_per_second'),
    inputTokensMean: scalar('inputTokensMean', 'input_tokens'),
    outputTokensMean: scalar('outputTokensMean', 'output_tokens'),
    tokensPerChunk: unknown('tokens_per_chunk'),
    littleRatio: unknown('little_ratio'),
    inFlightRatio: unknown('in_flight_ratio'),
    ...(scalars.kvHitRatio === undefined ? {} : { kvHitRatio: scalar('kvHitRatio', 'seed_kv_hit_ratio') }),
    slo: [],
    errorSlo: null,
  };
}

const NO_SLOT_SECONDS: WindowRecord['slotSeconds'] = {
  retired: 0,
  free: 0,
  running: 0,
  think: 0,
  followup: 0,
  backoff: 0,
  permit: 0,
  ramp: 0,
};

function cut(part: RequestPart, load: number, arrival: Arrival): SteadySpan {
  if (!part.timed) return { span: wholeSpan(part.records), uncut: null };
  if (part.marked !== null) return { span: part.marked, uncut: null };
  return arrival === 'closed' ? steadySpan(part.records, load) : arrivalSpan(part.records);
}

/** Recomputes a level from single requests, its parts one after the other from `startsAt` on the run's time axis. */
export async function requestFigures(
  level: RequestLevel,
  index: number,
  run: { arrival: Arrival; slo: SloSpec },
  startsAt: number,
): Promise<ImportedFigures> {
  const windows: WindowRecord[] = [];
  const records: RequestRecord[] = [];
  const gaps: string[] = [];
  let offset = startsAt;
  for (const [repetition, part] of level.parts.entries()) {
    const whole = wholeSpan(part.records);
    const shift = offset - whole.from;
    const { span, uncut } = cut(part, level.load, run.arrival);
    if (uncut !== null) gaps.push(`Level ${level.load} (${part.file}): ${uncut}.`);
    const moved = part.records.map((record) => moveRecord(record, shift, index));
    windows.push(
      await windowOf(part, span, shift, whole, {
        level,
        index,
        repetition: repetition + 1,
        arrival: run.arrival,
        moved,
      }),
    );
    records.push(...moved);
    offset += whole.to - whole.from + 1;
  }
  const timed = level.parts.every((part) => part.timed);
  const summary = summariseLevel({ load: { arrival: run.arrival }, slo: run.slo }, index, windows, records);
  const figures = importedFigures(levelFigures(summary), level, timed);
  return { figures, windows: timed ? windows : [], records: timed ? records : [], gaps };
}

interface WindowPlace {
  level: RequestLevel;
  index: number;
  repetition: number;
  arrival: Arrival;
  moved: readonly RequestRecord[];
}

async function windowOf(
  part: RequestPart,
  span: { from: number; to: number },
  shift: number,
  whole: { from: number; to: number },
  { level, index, repetition, arrival, moved }: WindowPlace,
): Promise<WindowRecord> {
  const histogram = part.gaps === null ? null : await part.gaps(span);
  const [from, to] = [micro(span.from + shift), micro(span.to + shift)];
  const unjudged = {
    id: `r${repetition}-l${index + 1}`,
    repetition,
    level: index,
    load: level.load,
    startedAt: micro(whole.from + shift),
    measureStartedAt: from,
    measureEndedAt: to,
    endedAt: micro(whole.to + shift),
    snapshotEdges: [from, to],
    warmup: { steady: true, reason: 'cut off after the fact', seconds: micro(span.from - whole.from) },
    slotSeconds: NO_SLOT_SECONDS,
    outputTokens: spreadTokens(moved, { from, to }),
    itlHistogram: histogram?.encode() ?? '',
    itlCount: histogram?.count ?? 0,
    stampDelayP99: NaN,
    throttledRatio: NaN,
    arrivalsIntended: 0,
    arrivalsDropped: 0,
    excluded: null,
  };
  if (!part.timed) return { ...unjudged, gates: [], invalidReasons: [] };
  return { ...judgeWindow(unjudged, moved, arrival), excluded: null };
}

const micro = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

function moveRecord(record: RequestRecord, shift: number, level: number): RequestRecord {
  const at = (time: number): number => micro(time + shift);
  return {
    ...record,
    level,
    intendedAt: at(record.intendedAt),
    startedAt: at(record.startedAt),
    firstChunkAt: at(record.firstChunkAt),
    firstTokenAt: at(record.firstTokenAt),
    firstVisibleAt: at(record.firstVisibleAt),
    completedAt: at(record.completedAt),
    endedAt: at(record.endedAt),
  };
}

const RATES = [
  'requestsPerSecond',
  'okPerSecond',
  'conversationsPerSecond',
  'outputTokensPerSecond',
  'inputTokensPerSecond',
] as const;
const RATIOS = ['littleRatio', 'inFlightRatio'] as const;

/** Marks what was recomputed as imported, with the tool's stamps where they differ; without start times there are no rates. */
function importedFigures(own: LevelFigures, { definitions, tokensSource }: RequestLevel, timed: boolean): LevelFigures {
  const mark = (figure: Figure, definition = figure.definition): Figure => ({
    ...figure,
    definition,
    origin: 'imported',
  });
  const times = (set: QuantileFigures, definition?: string): QuantileFigures => ({
    mean: mark(set.mean, definition),
    p50: mark(set.p50, definition),
    p90: mark(set.p90, definition),
    p95: mark(set.p95, definition),
    p99: mark(set.p99, definition),
  });
  const rated = (name: (typeof RATES)[number] | (typeof RATIOS)[number]): Figure =>
    timed ? mark(own[name]) : unknown(own[name].definition);
  const rates = Object.fromEntries([...RATES, ...RATIOS].map((name) => [name, rated(name)])) as Pick<
    LevelFigures,
    (typeof RATES)[number] | (typeof RATIOS)[number]
  >;
  return {
    ...own,
    ...rates,
    outputTokensPerSecond: timed
      ? mark(own.outputTokensPerSecond, definitions.outputTokensPerSecond ?? 'spread_output_tokens_per_second')
      : unknown('output_tokens_per_second'),
    steady: null,
    seconds: timed ? own.seconds : null,
    tokensSource,
    errorRatio: mark(own.errorRatio),
    ttft: times(own.ttft, definitions.ttft),
    ttftFirstChunk: times(own.ttftFirstChunk),
    ttftFirstVisible: times(own.ttftFirstVisible),
    ttftFromIntended: times(own.ttftFromIntended, definitions.ttft),
    tpot: times(own.tpot, definitions.tpot),
    itl: times(own.itl, definitions.itl),
    latency: times(own.latency, definitions.latency),
    latencyFromIntended: times(own.latencyFromIntended, definitions.latency),
    inputTokensMean: mark(own.inputTokensMean),
    outputTokensMean: mark(own.outputTokensMean),
    tokensPerChunk: mark(own.tokensPerChunk),
    slo: own.slo.map((objective) => ({ ...objective, share: mark(objective.share) })),
  };
}
