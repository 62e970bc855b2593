import type { RequestRecord, WindowRecord } from '../measure/records.js';
import { isoTime } from './build-result.js';
import { DEFINITIONS } from './definitions.js';
import { orNull } from './figures.js';
import { plainNumber } from './format.js';
import { aggregateFigures, requestFigures } from './import-levels.js';
import { FOREIGN_DEFINITIONS } from './importers/definitions.js';
import type { ImportedLevel, ImportedRun } from './importers/types.js';
import { SCHEMA_VERSION, type ImportSource, type LevelFigures, type RunResult } from './result-schema.js';

/** What a run folder of an imported run is written from. */
export interface BuiltImport {
  result: RunResult;
  /** Empty where the tool tells only aggregates. */
  records: RequestRecord[];
  /** What failed requests were told, by request id. */
  details: ReadonlyMap<string, string>;
  /** Unix time of the run's beginning, seconds; NaN unknown. */
  startedEpoch: number;
}

/** Published and recomputed differ by more than rounding. */
const ROUNDING = 0.002;

/**
 * `result.json` of a run that another tool measured. Levels of single requests are recomputed by our definitions,
 * aggregates carried over with the tool's. `generatedEpoch` is now, seconds. @throws ImportError from reading files again
 */
export async function buildImport(run: ImportedRun, id: string, generatedEpoch: number): Promise<BuiltImport> {
  const slo = { latency: run.objectives, errorRatio: null };
  const levels: LevelFigures[] = [];
  const windows: WindowRecord[] = [];
  const records: RequestRecord[] = [];
  const gaps: string[] = [];
  const sorted = run.levels.toSorted((a, b) => a.load - b.load);
  for (const [index, level] of sorted.entries()) {
    if (level.detail === 'aggregates') {
      levels.push(aggregateFigures(level, index));
      continue;
    }
    const startsAt = (windows.at(-1)?.endedAt ?? -1) + 1;
    const found = await requestFigures(level, index, { arrival: run.arrival, slo }, startsAt);
    levels.push(found.figures);
    windows.push(...found.windows);
    for (const record of found.records) records.push(record);
    gaps.push(...found.gaps);
  }
  const source = sourceOf(run, sorted, gaps);
  const result = resultOf(run, id, generatedEpoch, { levels, windows, source });
  const details = new Map(
    sorted.flatMap((level) => (level.detail === 'requests' ? level.parts.flatMap((part) => [...part.details]) : [])),
  );
  return { result, records, details, startedEpoch: run.startedEpoch };
}

function sourceOf(run: ImportedRun, levels: readonly ImportedLevel[], gaps: readonly string[]): ImportSource {
  const kinds = new Set(levels.map((level) => level.detail));
  const [only] = kinds;
  return {
    tool: run.tool,
    toolVersion: run.toolVersion,
    files: run.files,
    detail: kinds.size > 1 ? 'mixed' : (only ?? 'aggregates'),
    gaps: [...run.gaps, ...gaps],
    checks: levels.flatMap((level) =>
      level.detail === 'aggregates'
        ? []
        : level.parts.flatMap((part) =>
            part.published
              .filter(({ published }) => Number.isFinite(published))
              .map(({ figure, published, recomputed }) => ({
                load: level.load,
                figure,
                published,
                recomputed: orNull(recomputed),
                agrees: Math.abs(published - recomputed) <= ROUNDING * Math.abs(published) + 1e-6,
              })),
          ),
    ),
  };
}

interface Parts {
  levels: LevelFigures[];
  windows: WindowRecord[];
  source: ImportSource;
}

function resultOf(run: ImportedRun, id: string, generatedEpoch: number, { levels, windows, source }: Parts): RunResult {
  return {
    schemaVersion: SCHEMA_VERSION,
    generated: isoTime(generatedEpoch),
    run: runInfo(run, id),
    spec: specOf(run),
    deployment: run.deployment,
    source,
    environment: null,
    plan: { levels: levels.map(({ load }) => load), repetitions: run.repetitions },
    preflight: [],
    levels,
    windows: windows.map((window) => ({ ...window, stampDelayP99: null, throttledRatio: null })),
    excluded: [],
    warnings: [...levels.flatMap(levelWarnings), ...checkWarnings(source)],
    definitions: { ...DEFINITIONS, ...usedDefinitions(levels) },
  };
}

const timeOrNull = (epoch: number): string | null => (Number.isNaN(epoch) ? null : isoTime(epoch));

function runInfo(run: ImportedRun, id: string): RunResult['run'] {
  const { startedEpoch, endedEpoch } = run;
  return {
    id,
    name: run.name,
    kind: 'import',
    state: 'completed',
    reason: '',
    startedAt: timeOrNull(startedEpoch),
    endedAt: timeOrNull(endedEpoch),
    seconds: orNull(endedEpoch - startedEpoch),
    segments: [],
  };
}

function specOf(run: ImportedRun): RunResult['spec'] {
  const { measureSeconds, objectives } = run;
  return {
    target: { url: run.url, endpoint: run.endpoint, model: run.model },
    arrival: run.arrival,
    targetRate: run.targetRate,
    primeSeconds: null,
    warmupSeconds: run.warmupSeconds,
    measure:
      measureSeconds === null
        ? null
        : { kind: 'duration', seconds: measureSeconds, minSamples: 0, maxSeconds: measureSeconds },
    snapshots: run.snapshots,
    cooldownSeconds: null,
    order: null,
    excludeErrorRate: null,
    workload: run.workload,
    slo: { latency: objectives.map((objective) => ({ ...objective })), errorRatio: null },
  };
}

function levelWarnings({ load, valid, invalidReasons, windows, windowsUsed }: LevelFigures): string[] {
  const name = plainNumber(load);
  const found: string[] = [];
  if (!valid)
    found.push(
      `Level ${name} has no valid window (${invalidReasons.join(', ')}): its figures are shown, not to be relied on.`,
    );
  const left = windows.length - windowsUsed.length;
  if (valid && left > 0)
    found.push(
      `At level ${name}, ${left} of ${windows.length} repetitions were left out by the source: its figures are those of the survivors.`,
    );
  return found;
}

function checkWarnings({ checks, tool }: ImportSource): string[] {
  const off = checks.filter(({ agrees, recomputed }) => !agrees && recomputed !== null);
  if (off.length === 0) return [];
  const named = off.map(({ figure, load }) => `${figure} at ${plainNumber(load)}`).join(', ');
  return [`Figures that ${tool} published do not follow from its own single requests: ${named}.`];
}

/** The other tools' definitions that the figures name. */
function usedDefinitions(levels: readonly LevelFigures[]): RunResult['definitions'] {
  const names = new Set(JSON.stringify(levels).match(/(?<="definition":")[^"]+/g));
  return Object.fromEntries(Object.entries(FOREIGN_DEFINITIONS).filter(([name]) => names.has(name)));
}
