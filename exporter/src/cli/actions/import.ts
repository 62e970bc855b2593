import { randomBytes } from 'node:crypto';
import { percentileName, sloSchema } from '../../config/slo-schema.js';
import type { LatencyObjective } from '../../config/spec.js';
import { buildImport } from '../../report/import-result.js';
import { ImportError } from '../../report/importers/import-error.js';
import { readImports } from '../../report/importers/registry.js';
import type { ImportedRun, ImportKind } from '../../report/importers/types.js';
import { renderJson, renderReport } from '../../report/render.js';
import type { RunResult } from '../../report/result-schema.js';
import { writeImportedRun } from '../../store/imported-run.js';
import { makeRunId } from '../../store/run-id.js';
import { CliError } from '../cli-error.js';
import { sourceFiles } from '../source-files.js';
import { orCliError } from '../stored-run.js';

export interface ImportOptions {
  from?: ImportKind;
  out: string;
  name?: string;
  slo: string[];
}

const TOLD_GAPS = 3;

/** Reads other tools' results into run folders, and says where they are and what they lack. */
export async function importRuns(paths: readonly string[], options: ImportOptions): Promise<void> {
  const objectives = objectivesOf(options.slo);
  const files = sourceFiles(paths);
  try {
    const runs = await readImports(files, options.from ?? null);
    for (const run of runs) await store({ ...run, objectives, name: options.name ?? run.name }, options.out);
  } catch (error) {
    if (error instanceof ImportError) throw new CliError(error.message, 1, error.hint);
    throw error;
  }
}

async function store(run: ImportedRun, out: string): Promise<void> {
  const now = Date.now() / 1000;
  const began = [run.startedEpoch, run.endedEpoch, now].find((epoch) => !Number.isNaN(epoch))!;
  const id = makeRunId(began, run.name, randomBytes(2).toString('hex'));
  const { result, records, details, startedEpoch } = await buildImport(run, id, now);
  const dir = orCliError(() =>
    writeImportedRun(out, id, {
      result: renderJson(result),
      report: renderReport(result, 'md'),
      records,
      details,
      startedEpoch,
    }),
  );
  tell(result, dir);
}

function tell({ run, levels, source, spec }: RunResult, dir: string): void {
  const loads = levels.map(({ load }) => load).join(', ');
  const how = source!.detail === 'requests' ? 'recomputed from single requests' : `${source!.detail} carried over`;
  console.log(`imported ${run.name} (${spec.target.model ?? 'unknown model'}): levels ${loads}, ${how}`);
  const { gaps } = source!;
  for (const gap of gaps.slice(0, TOLD_GAPS)) console.log(`  gap     ${gap}`);
  if (gaps.length > TOLD_GAPS) console.log(`  gap     … ${gaps.length - TOLD_GAPS} more in the report`);
  console.log(`  report  ${dir}/report.md`);
}

/** `ttft.p95=600ms` as the spec has it. @throws CliError */
function objectivesOf(written: readonly string[]): LatencyObjective[] {
  const objectives = written.flatMap((text) => {
    const [, metric = '', percentile = '', limit = ''] = /^(\w+)\.(p[\d.]+)=(.+)$/.exec(text) ?? [];
    const parsed = sloSchema.safeParse({ [metric]: { [percentile]: limit } });
    if (!parsed.success)
      throw new CliError(
        `--slo ${text}: ${parsed.error.issues[0]!.message}`,
        1,
        'write it as ttft.p95=600ms (ttft, tpot, itl, latency)',
      );
    return parsed.data.latency;
  });
  const names = objectives.map(({ metric, quantile }) => `${metric}.${percentileName(quantile)}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new CliError(`--slo ${twice} is given twice`);
  return objectives;
}
