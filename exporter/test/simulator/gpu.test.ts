import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../../src/clock/virtual-clock.js';
import { createEngine, slowWorker } from '../../src/simulator/engine/create.js';
import { deploymentOf } from '../../src/simulator/deployment.js';
import { renderDcgm } from '../../src/simulator/metrics/dcgm.js';
import { advanceGpu, idleGpu, type GpuState } from '../../src/simulator/metrics/gpu.js';
import { WorkerSampler, type WorkerSample } from '../../src/simulator/metrics/sampler.js';
import { profileNamed } from '../../src/simulator/profiles.js';
import { Simulation } from '../../src/simulator/simulation.js';
import { ask as request } from './engine-harness.js';
import { simulate } from './harness.js';

const promtool = spawnSync('promtool', ['--version']).error === undefined;
const profile = profileNamed('h200-llama70b-fp8');
const gpu = profile.accelerator!;

/** Ten seconds of `users` requests that decode all the time, in samples of one second. */
function samples(users: number): WorkerSample[] {
  const engine = createEngine(deploymentOf(profile), 1);
  const sampler = new WorkerSampler();
  for (let id = 0; id < users; id++) engine.submit(request(id, 100, 20_000), 0);
  const taken: WorkerSample[] = [];
  for (let now = 0; now <= 10; now++) {
    engine.step(now);
    const [sample] = sampler.sample(engine.workers, now);
    if (sample !== undefined) taken.push(sample);
  }
  return taken;
}

function after(taken: readonly WorkerSample[]): GpuState {
  return taken.reduce((state, sample) => advanceGpu(state, gpu, sample), idleGpu(gpu));
}

describe('a simulated GPU', () => {
  it('is idle at its idle power', () => {
    const idle = after(samples(0));
    expect(idle).toMatchObject({ busy: 0, dramActive: 0, tensorActive: 0, watts: 75 });
    expect(idle.joules).toBeCloseTo(10 * 75, 6);
  });

  it('is busy all the time with a single user, reading memory and hardly computing', () => {
    const one = after(samples(1));
    expect(one.busy).toBeGreaterThan(0.95);
    expect(one.dramActive).toBeGreaterThan(0.9);
    expect(one.tensorActive).toBeLessThan(0.02);
  });

  it('computes more with more users', () => {
    const [few, many] = [after(samples(4)), after(samples(64))];
    expect(many.tensorActive).toBeGreaterThan(5 * few.tensorActive);
  });

  it('takes more power, and gets warmer, the more it computes in the same steps', () => {
    const decoding = samples(4);
    const prefilling = decoding.map((sample) => ({ ...sample, computedTokens: 100 * sample.computedTokens }));
    const [less, more] = [after(decoding), after(prefilling)];
    expect(more.watts).toBeGreaterThan(less.watts);
    expect(more.watts).toBeLessThanOrEqual(700);
    expect(more.celsius).toBeGreaterThan(less.celsius);
    expect(less.celsius).toBeGreaterThan(idleGpu(gpu).celsius);
  });

  it('adds up its power to energy', () => {
    const taken = samples(8);
    let joules = 0;
    let state = idleGpu(gpu);
    for (const sample of taken) {
      state = advanceGpu(state, gpu, sample);
      joules += state.watts * sample.seconds;
    }
    expect(state.joules).toBeCloseTo(joules, 6);
  });

  it('of a slow worker reads less memory in the same time', () => {
    const rate = (factor: number): number => {
      const engine = createEngine({ ...deploymentOf(profile), workers: [slowWorker(profile.engine, factor)] }, 1);
      engine.submit(request(1, 100, 2000), 0);
      engine.step(10);
      return engine.statistics.work.steps;
    };
    expect(rate(2) / rate(1)).toBeCloseTo(0.5, 1);
  });
});

describe('/dcgm/metrics', () => {
  it('has one GPU a worker, with dcgm-exporter’s labels and units', () => {
    const text = renderDcgm([after(samples(4)), idleGpu(gpu)], gpu);
    expect(text).toContain('# TYPE DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION counter');
    const lines = text.split('\n').filter((line) => line.startsWith('DCGM_FI_DEV_GPU_UTIL{'));
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(
      /^DCGM_FI_DEV_GPU_UTIL\{gpu="1",UUID="GPU-[0-9a-f-]{36}",pci_bus_id="00000000:02:00.0",device="nvidia1",modelName="NVIDIA H200",Hostname="simulator",DCGM_FI_DRIVER_VERSION="[^"]+"\} 0$/,
    );
    expect(text).toMatch(/DCGM_FI_DEV_FB_USED\{gpu="0".*\} 129394\n/); // MiB: 90 % of 143,771
  });

  (promtool ? it : it.skip)('can be read by Prometheus', () => {
    const input = renderDcgm([idleGpu(gpu)], gpu);
    const { stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
    expect(stderr).not.toMatch(/error while|text format/i);
  });

  it('reads its sensors each second', async () => {
    const clock = new VirtualClock();
    const simulation = new Simulation({ profile, mode: 'burst', seed: 1, slowWorker: 1, dialect: 'vllm' }, clock);
    simulation.start();
    const listener = { onScheduled: () => undefined, onTokens: () => undefined };
    simulation.driver.submit(request(1, 100, 1000), listener);
    await clock.advance(3.5);
    expect(simulation.dcgm()).toMatch(/DCGM_FI_DEV_GPU_UTIL\{gpu="0".*\} (9\d|100)\n/);
    simulation.stop();
  });

  it('is not there without physics', async () => {
    const { url } = await simulate();
    const response = await fetch(`${url}/dcgm/metrics`);
    expect([response.status, await response.json()]).toEqual([
      404,
      { detail: 'this profile or mode has no physics, hence no GPU metrics' },
    ]);
  });
});
