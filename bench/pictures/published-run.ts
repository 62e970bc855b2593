import { fileURLToPath } from 'node:url';
import { sourceFiles } from 'sweepscope/dist/cli/source-files.js';
import { buildImport } from 'sweepscope/dist/report/import-result.js';
import { readImports } from 'sweepscope/dist/report/importers/registry.js';
import { panelData, type PanelData } from 'sweepscope/dist/report/panel-series.js';
import type { SeedPlan } from '../seeds/plans.js';
import { readSpec, START_EPOCH } from '../seeds/run-seed.js';

const PUBLISHED = new URL('../../../exporter/test/fixtures/published/', import.meta.url);

/** A published report's own figures as the panel shows them after `sweepscope import`, with the spec's objectives. */
export async function publishedRun({ published, spec }: SeedPlan): Promise<PanelData> {
  const { name, slo } = readSpec(spec, '');
  const path = fileURLToPath(new URL(`${published}.md`, PUBLISHED));
  const [run] = await readImports(sourceFiles([path]), null);
  if (run === undefined) throw new Error(`${path}: no run was found in it`);
  const { result } = await buildImport({ ...run, objectives: [...slo.latency], name }, name, START_EPOCH);
  return panelData(result);
}
