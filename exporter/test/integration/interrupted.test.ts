import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseResult } from '../../src/report/parse-result.js';
import type { RunResult, WindowFigures } from '../../src/report/result-schema.js';
import { cli, CliProcess, shortSpec, simulator, temporaryFolder } from '../support/cli.js';

/**
 * A window without what settles after its end: the server's counters are known at its edge only by the next scrape, and
 * the cache's share by the usage of answers that were still under way.
 */
function asTheClientSawIt(window: WindowFigures): unknown {
  return { ...window, telemetry: null, cache: null, gates: window.gates.filter(({ gate }) => gate !== 'cache') };
}

describe('a run that is interrupted', () => {
  let server: { url: string; stop(): Promise<void> };
  beforeAll(async () => {
    server = await simulator();
  }, 30_000);
  afterAll(() => server.stop());

  const onlyRun = (folder: string): string => join(folder, 'runs', readdirSync(join(folder, 'runs'))[0]!);
  const resultIn = (dir: string): RunResult => parseResult(readFileSync(join(dir, 'result.json'), 'utf8'), dir);

  it('keeps its complete windows after SIGKILL, measures the others anew, and loses no request', async () => {
    const folder = temporaryFolder();
    const run = new CliProcess(['run', shortSpec(folder, server.url), '--listen', '0']);
    await run.says(/measure 4 users/);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    run.kill('SIGKILL');
    await run.end();
    const dir = onlyRun(folder);
    const before = resultIn(dir);
    const linesBefore = readFileSync(join(dir, 'requests.jsonl'), 'utf8').split('\n').slice(0, -1);
    expect(before.run.state).toBe('running');
    expect(before.levels.map((level) => level.load)).toEqual([1, 2]);

    const resumed = await cli(['resume', dir, '--listen', '0']);
    expect([resumed.code, resumed.stderr]).toEqual([0, '']);
    const after = resultIn(dir);
    expect(after.run.state).toBe('completed');
    expect(after.levels.map((level) => level.load)).toEqual([1, 2, 4]);
    expect(after.windows.slice(0, 2).map(asTheClientSawIt)).toEqual(before.windows.slice(0, 2).map(asTheClientSawIt));
    expect(after.windows[1]!.telemetry!.seconds).toBe(before.windows[1]!.telemetry!.seconds);
    expect(after.levels[0]).toEqual(before.levels[0]);
    for (const name of ['ttft', 'tpot', 'itl', 'latency', 'requestsPerSecond', 'outputTokensPerSecond'] as const) {
      expect(after.levels[1]![name]).toEqual(before.levels[1]![name]);
    }
    expect(after.run.segments).toHaveLength(2);
    expect(after.warnings.join()).toMatch(/interrupted and resumed/);
    expect(readFileSync(join(dir, 'report.md'), 'utf8')).toMatch(/interrupted and resumed/);

    const lines = readFileSync(join(dir, 'requests.jsonl'), 'utf8').split('\n');
    expect(lines.slice(0, linesBefore.length)).toEqual(linesBefore);
    const starts = lines.filter((line) => line.startsWith('{"e":"s"'));
    const ids = starts.map((line) => (JSON.parse(line) as { id: string }).id);
    expect(new Set(ids).size).toBe(ids.length);
  }, 90_000);

  it('ends in order on SIGTERM: a partial result, marked aborted, exit code 3', async () => {
    const folder = temporaryFolder();
    const run = new CliProcess(['run', shortSpec(folder, server.url), '--listen', '0']);
    await run.says(/measure 2 users/);
    run.kill('SIGTERM');
    expect(await run.end()).toBe(3);
    const result = resultIn(onlyRun(folder));
    expect(result.run).toMatchObject({ state: 'aborted', reason: 'stopped by SIGTERM' });
    expect(result.levels[0]!.valid).toBe(true);
    expect(result.windows.at(-1)!.excluded).toBe('the sweep was stopped before its end');
    expect(run.stdout).toMatch(/report .*report\.md/);
  }, 60_000);
});
