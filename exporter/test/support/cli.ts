import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const BIN = join(ROOT, 'exporter/bin/sweepscope.js');

/** A command of the built CLI, under way. */
export class CliProcess {
  stdout = '';
  stderr = '';
  readonly child: ChildProcess;
  private readonly exited: Promise<number | null>;

  constructor(args: readonly string[], env: Record<string, string> = {}) {
    if (!existsSync(join(ROOT, 'exporter/dist/cli/main.js'))) throw new Error('not built: run "npm run build" first');
    this.child = spawn(process.execPath, [BIN, ...args], {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: '1', NODE_OPTIONS: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout!.on('data', (data: Buffer) => (this.stdout += data.toString()));
    this.child.stderr!.on('data', (data: Buffer) => (this.stderr += data.toString()));
    this.exited = once(this.child, 'close').then(([code]) => code as number | null);
  }

  /** Resolves with the exit code. */
  end(): Promise<number | null> {
    return this.exited;
  }

  /** Resolves with the match when the output has it; fails when the process ends without. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    let over = false;
    void this.exited.then(() => (over = true));
    for (;;) {
      const match = pattern.exec(this.stdout);
      if (match !== null) return match;
      if (over) throw new Error(`ended without saying ${String(pattern)}:\n${this.stdout}\n${this.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** Runs a command to its end. */
export async function cli(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<CliProcess & { code: number | null }> {
  const command = new CliProcess(args, env);
  const code = await command.end();
  return Object.assign(command, { code });
}

/** A simulator process on a free port. */
export async function simulator(...args: string[]): Promise<{ url: string; stop(): Promise<void> }> {
  const command = new CliProcess(['simulate', '--port', '0', ...args]);
  const [, url] = await command.says(/ on (http:\S+)/);
  return {
    url: url!,
    async stop() {
      command.kill('SIGTERM');
      await command.end();
    },
  };
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'sweepscope-test-'));

/** Writes a spec with short phases: answers of 16 tokens take about 0.15 s of the demo's simulator. */
export function shortSpec(folder: string, target: string, extra: { load?: string; rest?: string } = {}): string {
  const path = join(folder, 'spec.yaml');
  writeFileSync(
    path,
    `name: short
target: { url: '${target}' }
workload: { kind: synthetic, inputTokens: 32, outputTokens: 16, ignoreEos: true, seed: 42 }
slo: { ttft: { p95: 250ms }, errors: 1% }
output: { dir: '${folder}/runs' }
load:
  levels: [1, 2, 4]
  prime: 1s
  warmup: 1500ms
  measure: { duration: 3s, minSamples: 10 }
  snapshots: 3
  cooldown: 500ms
${extra.load ?? ''}
${extra.rest ?? ''}
`,
  );
  return path;
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
