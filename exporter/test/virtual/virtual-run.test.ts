import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineFacts } from '../../src/server/machine.js';
import type { FinishedRun } from '../../src/sweep/finish.js';
import { VirtualRun } from '../../src/virtual/virtual-run.js';
import { specOf } from '../support/virtual-sweep.js';

const EPOCH = 1_767_225_600;

interface Run {
  finished: FinishedRun;
  files: Record<'result' | 'requests' | 'timeline' | 'report', string>;
  seconds: number;
}

const SPEC = `
name: small
target: { url: 'http://127.0.0.1:8000' }
load: { levels: [1, 3], prime: 2s, warmup: 3s, measure: { duration: 10s, minSamples: 5 }, cooldown: 1s }
workload: { kind: conversation, starters: { count: 2, tokens: 200 }, turns: { min: 2, max: 2 }, outputTokens: 60 }
slo: { ttft: { p95: 250ms } }
`;

async function runSmall(options: { seed?: number; yaml?: string } = {}): Promise<Run> {
  const dir = mkdtempSync(join(tmpdir(), 'sweepscope-virtual-'));
  try {
    const parsed = specOf(options.yaml ?? SPEC);
    const spec = { ...parsed, output: { ...parsed.output, dir } };
    const { environment } = machineFacts();
    const { seed = 7 } = options;
    const warn = (message: string): never => {
      throw new Error(message);
    };
    const run = new VirtualRun({ spec, profile: 'l4-qwen0.5b', seed, startEpoch: EPOCH, environment, warn });
    const active = await run.drive(run.sidecar.launch({ spec }));
    const finished = await run.drive(active.done);
    const file = (name: string): string => readFileSync(join(active.dir, name), 'utf8');
    const files = {
      result: file('result.json'),
      requests: file('requests.jsonl'),
      timeline: file('timeline.jsonl'),
      report: file('report.md'),
    };
    return { finished, files, seconds: run.seconds };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

describe('a run in virtual time', () => {
  it('is the same to the byte for the same seed', async () => {
    const [first, second] = [await runSmall(), await runSmall()];
    expect(second.files).toEqual(first.files);
  });

  it('is another one for another seed', async () => {
    const [first, second] = [await runSmall({ seed: 7 }), await runSmall({ seed: 8 })];
    expect(second.finished.result.levels).not.toEqual(first.finished.result.levels);
  });

  it('goes through the whole plan and leaves a run folder like any other', async () => {
    const { finished, files, seconds } = await runSmall();
    expect(finished.result.run.state).toBe('completed');
    expect(finished.result.run.startedAt).toMatch(/^2026-01-01T00:00:00/);
    expect(finished.result.levels.map(({ load, valid }) => [load, valid])).toEqual([
      [1, true],
      [3, true],
    ]);
    expect(seconds).toBeGreaterThan(25);
    expect(files.requests.split('\n').length).toBeGreaterThan(60);
    expect(files.report).toContain('## Test Methodology');
  });

  it('says that it is simulated, and measures nothing of the machine', async () => {
    const { finished, files } = await runSmall();
    expect(finished.result.environment?.simulated).toEqual({ profile: 'l4-qwen0.5b', seed: 7 });
    expect(files.report).toContain('no real server: profile l4-qwen0.5b, seed 7, in virtual time');
    const gates = finished.result.windows.flatMap((window) => window.gates);
    const ofMachine = gates.filter(({ gate }) => gate === 'stamp_delay' || gate === 'throttling');
    expect(ofMachine.map(({ value }) => value)).toEqual(ofMachine.map(() => null));
    expect(gates.find(({ gate }) => gate === 'little')!.value).toBeCloseTo(1, 1);
  });

  it('refuses a model that the profile does not serve, naming the one it does', async () => {
    const yaml = SPEC.replace("8000'", "8000', model: gpt-x");
    await expect(runSmall({ yaml })).rejects.toThrow(
      'simulated server l4-qwen0.5b does not serve model "gpt-x"; it serves: Qwen/Qwen2.5-0.5B-Instruct',
    );
  });

  it('refuses prompts that do not fit the model, before any load', async () => {
    const yaml = SPEC.replace('tokens: 200', 'tokens: 9000');
    await expect(runSmall({ yaml })).rejects.toThrow(/takes at most 8192 tokens/);
  });

  it('refuses follow-ups written by a second model', async () => {
    const followUp = "followUp: { model: { url: 'http://127.0.0.1:1', model: m } }, turns";
    await expect(runSmall({ yaml: SPEC.replace('turns', followUp) })).rejects.toThrow(
      'there is no second model in virtual time',
    );
  });
});
