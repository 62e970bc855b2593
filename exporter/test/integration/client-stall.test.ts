import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseResult } from '../../src/report/parse-result.js';
import { CliProcess, shortSpec, simulator, temporaryFolder } from '../support/cli.js';

const STALL_MS = 250;
const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('a load generator that is stopped again and again while it measures a level', () => {
  it('is named in the report as what that level is slow by, not the server', async () => {
    const server = await simulator();
    const folder = temporaryFolder();
    try {
      const run = new CliProcess(['run', shortSpec(folder, server.url), '--listen', '0']);
      await run.says(/measure 4 users/);
      while (!/level 4 users/.test(run.stdout) && run.child.exitCode === null) {
        run.kill('SIGSTOP');
        await wait(STALL_MS);
        run.kill('SIGCONT');
        await wait(STALL_MS);
      }
      expect(await run.end()).toBe(0);
      const dir = join(folder, 'runs', readdirSync(join(folder, 'runs'))[0]!);
      const result = parseResult(readFileSync(join(dir, 'result.json'), 'utf8'), dir);
      const stalled = result.analysis!.levels.find(({ load }) => load === 4)!;
      expect(stalled.causes[0]).toMatchObject({ cause: 'client' });
      expect(readFileSync(join(dir, 'report.md'), 'utf8')).toContain(stalled.causes[0]!.text);
    } finally {
      await server.stop();
    }
  }, 90_000);
});
