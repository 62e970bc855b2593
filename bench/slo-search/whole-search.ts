import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchStanding } from 'sweepscope/dist/analysis/slo-search/replay.js';
import type { SweepSpec } from 'sweepscope/dist/config/spec.js';
import { machineFacts } from 'sweepscope/dist/server/machine.js';
import { VirtualRun } from 'sweepscope/dist/virtual/virtual-run.js';
import type { Found } from './bank-search.js';

/** 2026-01-01. */
const START_EPOCH = 1_767_225_600;

/**
 * A search as a user runs it, in virtual time: driver, load, warm-ups and windows are the product's, and the server begins
 * empty. @throws Error when the run fails
 */
export async function wholeSearch(spec: SweepSpec, profile: string, seed: number): Promise<Found> {
  const dir = mkdtempSync(join(tmpdir(), 'sweepscope-search-'));
  try {
    const { environment } = machineFacts();
    const warn = (message: string): void => process.emitWarning(message);
    const inDir = { ...spec, output: { ...spec.output, dir } };
    const run = new VirtualRun({ spec: inDir, profile, seed, startEpoch: START_EPOCH, environment, warn });
    const active = await run.drive(run.sidecar.launch({ spec: inDir }));
    await run.drive(active.done);
    const { windows, recorder } = active.session;
    const { bracket, next, elapsed } = searchStanding(spec, windows, recorder.records)!;
    return { pass: bracket.pass, resolved: next.kind === 'end' && next.end === 'found', seconds: elapsed };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
