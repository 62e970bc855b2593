import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { setPriority } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Name under which the tiny model is served. */
export const MODEL_NAME = 'tiny';

const HOST = '127.0.0.1';
const START_LIMIT_MS = 600_000;
const POLITE_STOP_MS = 10_000;
const CLEAN_UP_MS = 10_000;
const POLL_MS = 200;
const PROGRESS_MS = 10_000;
const LOG_TAIL_LINES = 15;
const ENGINE_NICENESS = 10;
const CAUGHT_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How the server is to run. */
export interface VllmOptions {
  /** Requests in one batch; the ones beyond it wait. */
  maxNumSeqs: number;
  /** Longest context in tokens, prompt and answer together. */
  maxModelLen: number;
  /** A free one by default. */
  port?: number;
  /** Memory for the KV cache in whole GiB: for the tiny model more than it can fill. */
  kvCacheGiB: number;
  /** Blocks of 128 tokens that the KV cache has; null: as many as its memory holds. */
  kvCacheBlocks: number | null;
  /** Receives one line at a time on what is going on. */
  log: (line: string) => void;
}

/** A server that answers. */
export interface VllmServer {
  /** Without a path and a slash at its end. */
  url: string;
  /** Of the server's front end, which leads the process group of all that belongs to it. */
  pid: number;
  /** Ends the server and waits until the last of its processes is gone; again: does nothing. */
  stop: () => Promise<void>;
}

interface Places {
  root: string;
  vllm: string;
  python: string;
  model: string;
  logs: string;
}

/** The repository's root: looked for upwards of this file, then (it may be a compiled copy) of the working directory. */
function findRoot(): string {
  for (const start of [import.meta.dirname, process.cwd()]) {
    for (let folder = resolve(start); ; folder = dirname(folder)) {
      if (existsSync(join(folder, 'e2e/vllm/install.sh'))) return folder;
      if (folder === dirname(folder)) break;
    }
  }
  throw new Error(`e2e/vllm/install.sh was found neither above ${import.meta.dirname} nor above ${process.cwd()}`);
}

function findPlaces(): Places {
  const root = findRoot();
  const base = resolve(root, process.env['SWEEPSCOPE_VLLM_DIR'] ?? '.vllm');
  return {
    root,
    vllm: join(base, 'venv/bin/vllm'),
    python: join(base, 'venv/bin/python'),
    model: join(base, 'model'),
    logs: join(base, 'logs'),
  };
}

/** Runs a command to its end, its output on ours; throws where it fails. */
async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = await endOf(child);
  if (ended !== 'code 0') throw new Error(`${command} ended with ${ended}`);
}

/** Installs vLLM and makes the model, as far as they are not there yet. */
export async function prepareVllm(log: (line: string) => void): Promise<void> {
  const places = findPlaces();
  await run(join(places.root, 'e2e/vllm/install.sh'), [], places.root);
  if (existsSync(join(places.model, 'config.json'))) return;
  log('making the model folder');
  const starters = join(places.root, 'exporter/assets/starters');
  const texts = existsSync(starters)
    ? readdirSync(starters)
        .filter((name) => name.endsWith('.txt'))
        .sort()
        .map((name) => join(starters, name))
    : [];
  await run(places.python, [join(places.root, 'e2e/vllm/make_model.py'), places.model, ...texts], places.root);
}

function checkPlaces(places: Places): void {
  if (!existsSync(places.vllm)) throw new Error(`no vLLM at ${places.vllm}; run e2e/vllm/install.sh`);
  if (!existsSync(join(places.model, 'config.json'))) {
    throw new Error(`no model at ${places.model}; make one with e2e/vllm/make_model.py`);
  }
}

function checkOptions(options: VllmOptions): void {
  const { maxNumSeqs, maxModelLen, kvCacheGiB } = options;
  for (const [name, value] of Object.entries({ maxNumSeqs, maxModelLen, kvCacheGiB })) {
    if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name} must be a whole number from 1 on`);
  }
}

/** Makes sure nobody listens on the port (another server's /health would pass for ours); 0 or none: finds a free one. */
function claimPort(port = 0): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(port, HOST, () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') fail(new Error('the probe has no port'));
        else done(address.port);
      });
    });
  });
}

function serveArguments(options: VllmOptions, model: string, port: number): string[] {
  const flags = {
    'load-format': 'dummy',
    dtype: 'bfloat16',
    'max-num-seqs': options.maxNumSeqs,
    'max-model-len': options.maxModelLen,
    'served-model-name': MODEL_NAME,
    // Engine and model in one process: a worker of its own spins on a core that front end and client need.
    'distributed-executor-backend': 'uni',
    host: HOST,
    port,
  };
  const blocks = options.kvCacheBlocks === null ? {} : { 'num-gpu-blocks-override': options.kvCacheBlocks };
  const pairs = Object.entries({ ...flags, ...blocks }).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return ['serve', model, ...pairs, '--enforce-eager'];
}

/** One core, nothing from the network, no reports to its makers, caches inside the ignored folder. */
function environment(options: VllmOptions, places: Places): NodeJS.ProcessEnv {
  const cache = join(dirname(places.logs), 'cache');
  return {
    ...process.env,
    PATH: `${dirname(places.vllm)}:${process.env['PATH'] ?? ''}`,
    HF_HUB_OFFLINE: '1',
    HF_HOME: join(cache, 'huggingface'),
    XDG_CACHE_HOME: cache,
    VLLM_CACHE_ROOT: join(cache, 'vllm'),
    VLLM_CONFIG_ROOT: join(cache, 'vllm-config'),
    VLLM_CPU_KVCACHE_SPACE: String(options.kvCacheGiB),
    VLLM_CPU_OMP_THREADS_BIND: 'nobind',
    VLLM_NO_USAGE_STATS: '1',
    DO_NOT_TRACK: '1',
    OMP_NUM_THREADS: '1',
  };
}

/** Resolves, never rejects, with how the process ended: `code 0`, `signal SIGTERM`, or why it could not begin. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((done) => {
    child.once('error', (error) => done(error.message));
    child.once('exit', (code, signal) => done(signal === null ? `code ${code ?? 'unknown'}` : `signal ${signal}`));
  });
}

/** Sends a signal (0: none, just asks) to a process or, where negative, a group; false: nobody is there. */
function signalTo(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

async function groupGone(leader: number, limitMs: number): Promise<boolean> {
  for (const deadline = performance.now() + limitMs; performance.now() < deadline; await sleep(POLL_MS / 2)) {
    if (!signalTo(-leader, 0)) return true;
  }
  return false;
}

/**
 * SIGTERM to all ends the engine; the front end goes on waiting for its open streams, which now never end, so it is
 * killed alone before the rest: Python's resource tracker then still frees the shared memory (hundreds of MB).
 */
async function stopGroup(leader: number): Promise<void> {
  if (!signalTo(-leader, 'SIGTERM') || (await groupGone(leader, POLITE_STOP_MS))) return;
  signalTo(leader, 'SIGKILL');
  if (await groupGone(leader, CLEAN_UP_MS)) return;
  signalTo(-leader, 'SIGKILL');
  if (!(await groupGone(leader, CLEAN_UP_MS))) throw new Error(`processes of vLLM's group ${leader} do not end`);
}

/**
 * Lets the server end with us (unless by SIGKILL); being in a group of its own it would live on. A signal that others
 * here handle is left to them: they may need the server until they exit. Returns the way back.
 */
function endWithUs(leader: number): () => void {
  const onExit = (): void => {
    signalTo(-leader, 'SIGTERM');
    signalTo(leader, 'SIGKILL');
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) > 1) return;
    release();
    onExit();
    process.kill(process.pid, signal);
  };
  const release = (): void => {
    process.off('exit', onExit);
    for (const signal of CAUGHT_SIGNALS) process.off(signal, onSignal);
  };
  process.once('exit', onExit);
  for (const signal of CAUGHT_SIGNALS) process.on(signal, onSignal);
  return release;
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

/** Waits until the server answers; throws where it ends first or takes too long. */
async function waitUntilHealthy(url: string, ended: Promise<string>, log: VllmOptions['log']): Promise<void> {
  const began = performance.now();
  let end: string | null = null;
  void ended.then((how) => (end = how));
  for (let told = began; ; await sleep(POLL_MS)) {
    if (end !== null) throw new Error(`vLLM did not start: ${String(end)}`);
    if (await isHealthy(url)) return;
    const now = performance.now();
    if (now - began > START_LIMIT_MS) throw new Error(`vLLM does not answer after ${START_LIMIT_MS / 1000} s`);
    if (now - told < PROGRESS_MS) continue;
    told = now;
    log(`vLLM is starting (${((now - began) / 1000).toFixed(0)} s)`);
  }
}

/**
 * Lowers the priority of the engine's threads under that of the front end, which leads the group: on few cores they
 * would starve it of processor time, and tokens that the engine has made would lie unsent for tenths of seconds.
 */
function favourFrontEnd(leader: number): void {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    if (Number(name) === leader || processGroupOf(name) !== leader) continue;
    for (const thread of readdirSync(`/proc/${name}/task`)) setPriority(Number(thread), ENGINE_NICENESS);
  }
}

/** null: the process has ended. */
function processGroupOf(pid: string): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
  } catch {
    return null;
  }
}

function logTail(path: string): string {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
}

/** Starts the process in a group of its own, its output in a log file of its own. */
function launch(options: VllmOptions, places: Places, port: number): { child: ChildProcess; logFile: string } {
  mkdirSync(places.logs, { recursive: true });
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const logFile = join(places.logs, `vllm-${time}-${port}.log`);
  const output = openSync(logFile, 'a');
  try {
    const child = spawn(places.vllm, serveArguments(options, places.model, port), {
      cwd: places.logs,
      env: environment(options, places),
      detached: true,
      stdio: ['ignore', output, output],
    });
    return { child, logFile };
  } finally {
    closeSync(output);
  }
}

/**
 * Starts vLLM with the tiny model on this machine's CPU and waits until it answers. Needs what `prepareVllm` makes.
 * The server is in a process group of its own, which is all that `stop` ends.
 */
export async function startVllm(options: VllmOptions): Promise<VllmServer> {
  checkOptions(options);
  const places = findPlaces();
  checkPlaces(places);
  const port = await claimPort(options.port);
  const url = `http://${HOST}:${port}`;
  const began = performance.now();
  const { child, logFile } = launch(options, places, port);
  const ended = endOf(child);
  const { pid } = child;
  if (pid === undefined) throw new Error(`vLLM did not start: ${await ended}`);
  const release = endWithUs(pid);
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopping ??= stopGroup(pid).finally(release));
  options.log(`vLLM starts as process ${pid}; log in ${logFile}`);
  try {
    await waitUntilHealthy(url, ended, options.log);
    favourFrontEnd(pid);
  } catch (error) {
    await stop();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${reason}; the end of ${logFile}:\n${logTail(logFile)}`, { cause: error });
  }
  options.log(`vLLM answers at ${url} after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return { url, pid, stop };
}
