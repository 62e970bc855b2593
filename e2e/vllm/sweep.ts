import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SweepEvent } from '../../exporter/src/sweep/events.js';
import { readMetrics, type Reading } from './exposition.js';

/** A level as the server's own metrics saw it, between two readings of them at the edges of its measurement. */
export interface ServerWindow {
  load: number;
  from: Reading;
  to: Reading;
}

export interface WatchedSweep {
  dir: string;
  /** The server idle before and after everything. */
  before: Reading;
  after: Reading;
  windows: ServerWindow[];
  exitCode: number;
}

/** Runs `sweepscope run` on a spec and reads the server's metrics at each edge of a measurement. */
export async function watchedSweep(bin: string, specFile: string, serverUrl: string): Promise<WatchedSweep> {
  const before = await readMetrics(serverUrl);
  const flags = JSON.parse(readFileSync(join(dirname(bin), 'node-flags.json'), 'utf8')) as string[];
  const args = [...flags, bin, 'run', specFile, '--json', '--listen', '0', '--target', serverUrl];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'close');
  const windows: ServerWindow[] = [];
  let dir = '';
  let opened: { load: number; from: Reading } | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as SweepEvent;
    if (event.type === 'start') dir = event.runDir;
    if (event.type === 'phase' && event.phase === 'measure')
      opened = { load: event.load, from: await readMetrics(serverUrl) };
    if (event.type === 'window' && opened !== null) windows.push({ ...opened, to: await readMetrics(serverUrl) });
  }
  const [exitCode] = (await exited) as [number];
  return { dir, before, after: await readMetrics(serverUrl), windows, exitCode };
}
