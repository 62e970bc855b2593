import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineFacts } from '../../src/server/machine.js';
import type { EngineOptions } from '../../src/simulator/start.js';
import type { SweepEvent } from '../../src/sweep/events.js';
import type { FinishedRun } from '../../src/sweep/finish.js';
import { VirtualRun, type VirtualOptions } from '../../src/virtual/virtual-run.js';
import { specOf } from './virtual-sweep.js';

const SYNTHETIC = 'workload: { kind: synthetic, inputTokens: 256, outputTokens: 64, ignoreEos: true, seed: 42 }';
const LOAD = 'prime: 4s, warmup: 4s, measure: { duration: 16s, minSamples: 20 }, cooldown: 2s';
const DCGM = "telemetry: [{ url: 'http://127.0.0.1:8000' }, { url: 'http://127.0.0.1:8000/dcgm/metrics' }]";

/** A short sweep in virtual time, and what is wrong with its server. */
export interface PlantedSweep {
  levels: string;
  rest?: string;
  workload?: string;
  load?: string;
  telemetry?: string;
  options?: Partial<EngineOptions>;
  restartAfter?: number;
  /** Asks the same before the sweep, so that the cache is not what the workload takes it for. */
  before?: string;
  wrapProbe?: VirtualOptions['wrapProbe'];
  /** Told of everything the measured sweep tells, at the virtual moment at which it does. */
  listen?: (event: SweepEvent, run: VirtualRun) => void;
}

export async function plantedSweep(plan: PlantedSweep): Promise<FinishedRun> {
  const dir = mkdtempSync(join(tmpdir(), 'sweepscope-causes-'));
  const { levels, rest = '', workload = SYNTHETIC, load = LOAD, telemetry = DCGM } = plan;
  const text = (loads: string): string =>
    `name: planted\ntarget: { url: 'http://127.0.0.1:8000' }\nload: { levels: ${loads}, ${load} }\n${workload}\n${telemetry}\n${rest}`;
  const withOutput = (loads: string): ReturnType<typeof specOf> => {
    const spec = specOf(text(loads));
    return { ...spec, output: { ...spec.output, dir } };
  };
  try {
    const spec = withOutput(levels);
    const run = new VirtualRun({
      ...{ spec, profile: 'l4-qwen0.5b', seed: 7, startEpoch: 1_767_225_600, ...plan.options },
      ...(plan.wrapProbe === undefined ? {} : { wrapProbe: plan.wrapProbe }),
      environment: machineFacts().environment,
      warn: (message) => {
        throw new Error(message);
      },
    });
    const go = async (asked: typeof spec, listen = plan.listen): Promise<FinishedRun> =>
      run.drive((await run.drive(run.sidecar.launch({ spec: asked }, (event) => listen?.(event, run)))).done);
    if (plan.before !== undefined) await go(withOutput(plan.before), () => undefined);
    if (plan.restartAfter !== undefined) run.restartAfter(plan.restartAfter);
    return await go(spec);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
