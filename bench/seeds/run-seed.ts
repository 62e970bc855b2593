import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { summariseLevel } from 'sweepscope/dist/analysis/level.js';
import type { NamedCause, RunAnalysis } from 'sweepscope/dist/analysis/run-analysis.js';
import { parseSpec } from 'sweepscope/dist/config/parse.js';
import type { SweepSpec, UpstreamSpec } from 'sweepscope/dist/config/spec.js';
import { machineFacts } from 'sweepscope/dist/server/machine.js';
import { VirtualRun } from 'sweepscope/dist/virtual/virtual-run.js';
import { publishedFigures, simulatedFigures, type LevelFigures, type PublishedLevel } from './figures.js';
import type { SeedPlan } from './plans.js';
import { serverFigures, type ServerFigures } from './server-figures.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** 2026-01-01, so that two runs are equal to the byte. */
export const START_EPOCH = 1_767_225_600;
export const SEED = 1;

/** The simulated server's metrics, and those of its GPUs where the profile has some. */
const UPSTREAMS = ['/metrics', '/dcgm/metrics'].map((path): UpstreamSpec => ({
  ...{ engine: 'auto', url: `http://127.0.0.1:8000${path}`, name: path.slice(1), headers: {}, raw: [], queries: {} },
  ...{ intervalSeconds: 1, timeoutSeconds: 5 },
}));

/** One level, published and simulated. */
export interface ComparedLevel {
  load: number;
  published: LevelFigures;
  simulated: LevelFigures;
  verdict: string;
  server: ServerFigures;
  /** What the server's own metrics and ours say it comes from, most important first. */
  causes: readonly NamedCause[];
  /** Client time-outs ÷ completions. */
  timeoutRatio: number;
  /** Repetitions left out for their errors, with the reason; and the figures with them. */
  excluded: readonly string[];
  withExcluded: LevelFigures | null;
}

export interface SeedRun {
  id: string;
  levels: ComparedLevel[];
  firstSaturated: number | null;
  boundary: { lastPass: number | null; firstFail: number | null } | null;
  serial: boolean;
  simulatedSeconds: number;
  realSeconds: number;
}

/** Simulates a whole published sweep in virtual time. @throws Error when its spec is wrong or the run fails */
export async function runSeed(plan: SeedPlan): Promise<SeedRun> {
  const dir = mkdtempSync(join(tmpdir(), 'sweepscope-seed-'));
  try {
    return await simulate(plan, readSpec(plan.spec, dir));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function simulate(plan: SeedPlan, spec: SweepSpec): Promise<SeedRun> {
  const startedAt = performance.now();
  const { environment } = machineFacts();
  const warn = (message: string): void => process.emitWarning(message);
  const run = new VirtualRun({ spec, profile: plan.profile, seed: SEED, startEpoch: START_EPOCH, environment, warn });
  const active = await run.drive(run.sidecar.launch({ spec }));
  const { levels, analysis } = await run.drive(active.done);
  const published = readPublished(plan.published);
  const perToken = published.some((level) => level.itl_p50_ms !== undefined) ? 'itl' : 'tpot';
  const { windows, recorder } = active.session;
  const compared = levels.map((level): ComparedLevel => {
    const excluded = windows.filter((window) => window.level === level.level && window.excluded !== null);
    const all = windows.map((window) => ({ ...window, excluded: null }));
    const publishedLevel = published.find(({ concurrency }) => concurrency === level.load)!;
    const judgement = analysis.levels.find((other) => other.level === level.level);
    const completions = level.completed === 0 ? NaN : level.completed;
    return {
      load: level.load,
      published: publishedFigures(publishedLevel),
      server: serverFigures(level, publishedLevel),
      simulated: simulatedFigures(level, perToken),
      verdict: judgement?.verdict ?? 'unknown',
      causes: judgement?.causes ?? [],
      timeoutRatio: level.censored / completions,
      excluded: excluded.map(({ id, excluded: reason }) => `${id}: ${reason!}`),
      withExcluded:
        excluded.length === 0
          ? null
          : simulatedFigures(summariseLevel(spec, level.level, all, recorder.records), perToken),
    };
  });
  return {
    id: plan.id,
    levels: compared,
    ...conclusions(analysis),
    simulatedSeconds: run.seconds,
    realSeconds: (performance.now() - startedAt) / 1000,
  };
}

function conclusions(analysis: RunAnalysis): Pick<SeedRun, 'firstSaturated' | 'boundary' | 'serial'> {
  const all = analysis.boundaries[0];
  return {
    firstSaturated: analysis.firstSaturated,
    boundary: all === undefined ? null : { lastPass: all.lastPass, firstFail: all.firstFail },
    serial: analysis.serial !== null,
  };
}

/** A spec of examples/ whose runs go to `dir`. @throws Error with what is wrong with it */
export function readSpec(file: string, dir: string): SweepSpec {
  const parsed = parseSpec(readFileSync(join(ROOT, 'examples', file), 'utf8'), { sourceName: file });
  if ('spec' in parsed) return { ...parsed.spec, telemetry: UPSTREAMS, output: { ...parsed.spec.output, dir } };
  throw new Error(`${file}: ${parsed.problems.map((problem) => problem.message).join('; ')}`);
}

function readPublished(name: string): PublishedLevel[] {
  const file = join(ROOT, 'exporter/test/fixtures/seeds', `${name}.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { levels: PublishedLevel[] }).levels;
}
