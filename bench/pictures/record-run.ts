import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRegistry } from 'sweepscope/dist/metrics/registry.js';
import { machineFacts } from 'sweepscope/dist/server/machine.js';
import { PanelFeed, type PanelFeedAnswer } from 'sweepscope/dist/server/panel-feed/panel-feed.js';
import { VirtualRun } from 'sweepscope/dist/virtual/virtual-run.js';
import type { SeedPlan } from '../seeds/plans.js';
import { readSpec, SEED, START_EPOCH } from '../seeds/run-seed.js';

/** What the panels of the live page would show of a run at its end. Epoch seconds. */
export interface RecordedRun {
  id: string;
  feed: PanelFeedAnswer;
  from: number;
  to: number;
}

/** Simulates a published sweep in virtual time while the sidecar's own feed looks on. @throws Error when it fails */
export async function recordRun(plan: SeedPlan): Promise<RecordedRun> {
  const dir = mkdtempSync(join(tmpdir(), 'sweepscope-picture-'));
  try {
    const spec = readSpec(plan.spec, dir);
    const { environment } = machineFacts();
    const warn = (message: string): void => process.emitWarning(message);
    const run = new VirtualRun({ spec, profile: plan.profile, seed: SEED, startEpoch: START_EPOCH, environment, warn });
    const feed = new PanelFeed(buildRegistry(run.sidecar.sources()), run.time);
    feed.start();
    const active = await run.drive(run.sidecar.launch({ spec }));
    await run.drive(active.done);
    feed.stop();
    return { id: plan.id, feed: feed.answer(0), from: active.startedEpoch, to: run.time.epoch() };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
