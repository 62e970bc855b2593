import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RealClock } from '../../src/clock/real-clock.js';
import { startSimulator } from '../../src/simulator/start.js';
import type { WrittenRequest } from '../../src/simulator/write-log.js';
import { ask, chunks, simulate } from './harness.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweepscope-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function lines(path: string): Promise<WrittenRequest[]> {
  const text = await readFile(path, 'utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as WrittenRequest]));
}

describe('the write log', () => {
  it('has one line a request, with times in order on the monotonic clock', async () => {
    const writeLog = join(folder, 'log.jsonl');
    const simulator = await simulate({ writeLog, writeLogTokens: true });
    const clock = new RealClock();
    const before = clock.now();
    const body = { stream: true, max_tokens: 6, ignore_eos: true };
    await (await ask(simulator, body, { 'x-request-id': 'a' })).text();
    const after = clock.now();
    await (await ask(simulator, { max_tokens: 2, ignore_eos: true }, { 'x-request-id': 'b' })).text();
    await simulator.stop();
    const [first, second, ...others] = await lines(writeLog);
    expect(others).toEqual([]);
    expect([first!.requestId, first!.tokens, first!.outcome]).toEqual(['a', 6, 'finished']);
    expect([second!.requestId, second!.tokens]).toEqual(['b', 2]);
    const { arrivedAt, receivedAt, firstTokenAt, lastTokenAt, endedAt, tokenTimes } = first!;
    const order = [before, arrivedAt, receivedAt, ...tokenTimes!, endedAt, after];
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect([tokenTimes![0], tokenTimes!.at(-1), tokenTimes!.length]).toEqual([firstTokenAt, lastTokenAt, 6]);
    expect(firstTokenAt - receivedAt).toBeGreaterThanOrEqual(0.005);
    expect(lastTokenAt - receivedAt).toBeGreaterThanOrEqual(0.01);
  });

  it('tells a broken request from a finished one', async () => {
    const writeLog = join(folder, 'log.jsonl');
    const simulator = await simulate({ writeLog });
    await chunks(
      await ask(simulator, {
        stream: true,
        max_tokens: 6,
        ignore_eos: true,
        sim: { fault: 'truncate', afterTokens: 0 },
      }),
    );
    await simulator.stop();
    expect(await lines(writeLog)).toMatchObject([{ outcome: 'fault', tokens: 0, firstTokenAt: null }]);
  });

  it('that cannot be written stops the start', async () => {
    const writeLog = join(folder, 'no', 'such', 'folder');
    await expect(startSimulator({ profile: 'bench', port: 0, writeLog })).rejects.toThrow('ENOENT');
  });
});

describe('starting', () => {
  it('on a taken port is refused', async () => {
    const { port } = await simulate();
    await expect(startSimulator({ profile: 'bench', port })).rejects.toThrow('EADDRINUSE');
  });
});
