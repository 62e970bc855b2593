import { analyseRun } from '../analysis/analyse-run.js';
import { byLoad } from '../analysis/level-reading.js';
import type { LevelResult } from '../analysis/level-result.js';
import type { RunAnalysis } from '../analysis/run-analysis.js';
import type { SearchStanding } from '../analysis/slo-search/replay.js';
import { isSecretName } from '../config/secrets.js';
import type { SweepSpec } from '../config/spec.js';
import type { WindowRecord } from '../measure/records.js';
import { analysisFigures } from './analysis-figures.js';
import { DEFINITIONS } from './definitions.js';
import { levelFigures, orNull } from './figures.js';
import { SCHEMA_VERSION, type RunResult, type WindowFigures } from './result-schema.js';
import { runTelemetry, windowTelemetry, type ServerReport } from './telemetry-figures.js';
import { searchFigures } from './search-figures.js';
import type { SearchFigures } from './search-schema.js';
import { whyUnresolved } from './search-words.js';
import { deriveWarnings } from './warnings.js';

/** A stretch of a run: Unix time of its beginning, and that moment in seconds since the run began. */
export interface Segment {
  epoch: number;
  at: number;
}

/** What is known of a run besides its measurements. Unix times in seconds. */
export interface RunFacts {
  id: string;
  kind: RunResult['run']['kind'];
  state: RunResult['run']['state'];
  /** Why it was aborted; empty otherwise. */
  reason: string;
  startedEpoch: number;
  /** null: still running. */
  endedEpoch: number | null;
  segments: readonly Segment[];
  /** The model that was asked, also where the spec leaves it to the server. */
  model: string | null;
  /** Loads by level index; those of the spec unless load was given by hand. */
  levels: readonly number[];
  /** The workload in words. */
  workload: string;
  environment: RunResult['environment'];
  preflight: RunResult['preflight'];
  /** How its search stands; null: none was asked for. */
  search: SearchStanding | null;
  /** Remarks of the run itself; what the figures call for is added. */
  warnings: readonly string[];
}

/** What was concluded from the measurements, where more than the levels' figures was at hand. */
export interface Conclusions {
  /** Absent: made from the levels' figures alone. */
  analysis?: RunAnalysis;
  /** Levels of which windows were excluded, with those windows pooled in. */
  withExcluded?: readonly LevelResult[];
}

/** `result.json` of a run, from what was measured and summarised. Pure; `generatedEpoch` is now, seconds. */
export function buildResult(
  facts: RunFacts,
  spec: SweepSpec,
  windows: readonly WindowRecord[],
  levels: readonly LevelResult[],
  generatedEpoch: number,
  conclusions: Conclusions = {},
  server: ServerReport | null = null,
): RunResult {
  const { analysis = analysisOf(spec, levels), withExcluded = [] } = conclusions;
  const search =
    spec.load.search === null || facts.search === null ? null : searchFigures(spec.load.search, facts.search);
  return {
    schemaVersion: SCHEMA_VERSION,
    generated: isoTime(generatedEpoch),
    run: runInfo(facts, spec),
    spec: specSummary(spec, facts),
    deployment: withoutSecrets(spec.deployment),
    source: null,
    environment: facts.environment,
    plan: { levels: [...facts.levels], repetitions: spec.load.repetitions },
    preflight: [...facts.preflight],
    // A search goes up and down.
    levels: (spec.load.search === null ? levels : byLoad(levels)).map(levelFigures),
    analysis: analysisFigures(analysis),
    ...(withExcluded.length === 0 ? {} : { withExcluded: withExcluded.map(levelFigures) }),
    windows: windows.map((window) => ({ ...windowFigures(window), ...windowTelemetry(server, window.id) })),
    ...(server === null ? {} : { telemetry: runTelemetry(server) }),
    ...(search === null ? {} : { search }),
    excluded: windows.flatMap(({ id, repetition, load, excluded }) =>
      excluded === null ? [] : [{ window: id, repetition, load, reason: excluded }],
    ),
    warnings: [
      ...interruptions(facts),
      ...unresolved(search, spec),
      ...facts.warnings,
      ...deriveWarnings(spec, levels, windows, analysis),
    ],
    definitions: { ...DEFINITIONS },
  };
}

function unresolved(search: SearchFigures | null, { load }: SweepSpec): string[] {
  const why = search === null ? null : whyUnresolved(search, load.arrival === 'closed');
  return why === null ? [] : [`The SLO search is unresolved: ${why}.`];
}

function analysisOf({ slo, load, target }: SweepSpec, levels: readonly LevelResult[]): RunAnalysis {
  const totalTimeoutSeconds = target.timeouts.totalSeconds;
  return analyseRun({ levels, slo, arrival: load.arrival, totalTimeoutSeconds, advertisedSlots: null });
}

/** A window's record back from `result.json`. */
export function windowRecord(window: WindowFigures): WindowRecord {
  return { ...window, stampDelayP99: window.stampDelayP99 ?? NaN, throttledRatio: window.throttledRatio ?? NaN };
}

/** ISO 8601 in UTC, to the millisecond: windows' times count from the run's. */
const exactTime = (epoch: number): string => new Date(Math.round(epoch * 1000)).toISOString();

/** ISO 8601 in UTC, whole seconds. */
export function isoTime(epoch: number): string {
  return new Date(Math.floor(epoch) * 1000).toISOString().replace('.000Z', 'Z');
}

function runInfo(facts: RunFacts, spec: SweepSpec): RunResult['run'] {
  const { id, kind, state, reason, startedEpoch, endedEpoch, segments } = facts;
  return {
    id,
    name: spec.name,
    kind,
    state,
    reason,
    startedAt: exactTime(startedEpoch),
    endedAt: endedEpoch === null ? null : exactTime(endedEpoch),
    seconds: endedEpoch === null ? null : Math.max(0, endedEpoch - startedEpoch),
    segments: segments.map(({ epoch, at }) => ({ startedAt: exactTime(epoch), at })),
  };
}

function specSummary(spec: SweepSpec, { model, workload: description }: RunFacts): RunResult['spec'] {
  const { load, target, workload, slo } = spec;
  return {
    target: { url: publicUrl(target.url), endpoint: target.endpoint, model },
    arrival: load.arrival,
    targetRate: load.targetRate,
    primeSeconds: load.primeSeconds,
    warmupSeconds: load.warmupSeconds,
    measure: { ...load.measure },
    snapshots: load.snapshots,
    cooldownSeconds: load.cooldownSeconds,
    order: load.order,
    excludeErrorRate: load.excludeErrorRate,
    workload: { kind: workload.kind, description, seed: workload.seed },
    slo: { latency: slo.latency.map((objective) => ({ ...objective })), errorRatio: slo.errorRatio },
  };
}

function windowFigures(window: WindowRecord): WindowFigures {
  const { stampDelayP99, throttledRatio, gates } = window;
  return {
    ...window,
    stampDelayP99: orNull(stampDelayP99),
    throttledRatio: orNull(throttledRatio),
    gates: gates.map((gate) => ({ ...gate, value: gate.value === null ? null : orNull(gate.value) })),
  };
}

function interruptions({ segments }: RunFacts): string[] {
  return segments
    .slice(1)
    .map(
      ({ epoch, at }) =>
        `The run was interrupted and resumed at ${isoTime(epoch)} (${Math.round(at)} s after its start): windows completed before are kept as they were, the one under way was measured anew.`,
    );
}

/** Without user info, query and fragment, which may hold secrets. */
function publicUrl(url: string): string {
  if (!URL.canParse(url)) return url.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/, '');
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname === '/' ? '' : pathname}`;
}

function withoutSecrets(pairs: SweepSpec['deployment']): RunResult['deployment'] {
  return Object.fromEntries(Object.entries(pairs).map(([key, value]) => [key, isSecretName(key) ? '(hidden)' : value]));
}
