import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult } from '../../src/report/result-schema.js';
import { cli, CliProcess } from '../support/cli.js';

const QUICK = 'examples/quick.yaml';
const TOLERANCE = 0.05;

describe('simulate --virtual', () => {
  let dir = '';
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'sweepscope-virtual-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const resultIn = (out: string): RunResult => {
    const [run] = readdirSync(out);
    return JSON.parse(readFileSync(join(out, run!, 'result.json'), 'utf8')) as RunResult;
  };
  const SHORT = ['--set', 'load.measure.duration=8s', '--set', 'load.levels=[2, 8]', '--set', 'load.prime=2s'];

  it('shows and writes what run does, tells its speed and ends with 0', async () => {
    const out = join(dir, 'shown');
    const run = await cli(['simulate', '--virtual', QUICK, '--out', out, ...SHORT]);
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toMatch(/level 8 users: TTFT p50/);
    expect(run.stdout).toMatch(/report {4}\S+report\.md/);
    expect(run.stdout).toMatch(
      /virtual time: \d+ s simulated in \d+\.\d s, \d+ s per s \(profile l4-qwen0\.5b, seed 1\)/,
    );
    expect(readdirSync(join(out, readdirSync(out)[0]!)).sort()).toEqual(
      expect.arrayContaining(['report.md', 'requests.jsonl', 'result.json', 'spec.yaml', 'timeline.jsonl']),
    );
  });

  it('ends with 99 when a required level misses an objective', async () => {
    const args = ['--set', 'slo.ttft.p95=1ms', '--require-level', '8', '--out', join(dir, 'missed')];
    const run = await cli(['simulate', '--virtual', QUICK, ...SHORT, ...args]);
    expect(run.code).toBe(99);
    expect(run.stdout).toContain('level 8 does not hold');
  });

  it('ends with 1 and the known profiles when there is no such profile', async () => {
    const run = await cli(['simulate', '--virtual', QUICK, '--profile', 'h100', '--out', join(dir, 'none')]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('unknown simulator profile "h100"; there are: l4-qwen0.5b');
  });

  it('agrees within 5 % with the same sweep of the same server in real time', async () => {
    const server = new CliProcess(['simulate', '--port', '0', '--profile', 'l4-qwen0.5b']);
    const [, url] = await server.says(/simulating .* on (http:\S+)/);
    const real = join(dir, 'real');
    const virtual = join(dir, 'virtual');
    try {
      const listen = ['--listen', '127.0.0.1:0'];
      expect((await cli(['run', QUICK, '--target', url!, '--out', real, ...listen, ...SHORT])).code).toBe(0);
      expect((await cli(['simulate', '--virtual', QUICK, '--out', virtual, ...SHORT])).code).toBe(0);
    } finally {
      server.kill('SIGTERM');
      await server.end();
    }
    const [measured, simulated] = [resultIn(real).levels, resultIn(virtual).levels];
    simulated.forEach((level, index) => {
      const other = measured[index]!;
      // A window of 8 s holds some twenty requests of two users: one more or less at an edge is no difference.
      const oneRequest = 1 / (level.requestsPerSecond.value! * 8);
      const offBy = (figure: (of: RunResult['levels'][number]) => { value: number | null }): number =>
        Math.abs(figure(other).value! / figure(level).value! - 1);
      const differences = {
        tpot: offBy(({ tpot }) => tpot.p50),
        latency: offBy(({ latency }) => latency.p50),
        tokens: offBy(({ outputTokensPerSecond }) => outputTokensPerSecond),
        requests: Math.max(0, offBy(({ requestsPerSecond }) => requestsPerSecond) - oneRequest),
      };
      const tooLarge = Object.entries(differences).filter(([, difference]) => !(difference <= TOLERANCE));
      expect({ load: level.load, tooLarge }).toEqual({ load: level.load, tooLarge: [] });
    });
  }, 120_000);
});
