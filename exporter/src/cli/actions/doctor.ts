import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { RealClock } from '../../clock/real-clock.js';
import { describeLevels } from '../../config/plan-text.js';
import { highestLoad } from '../../config/search-plan.js';
import type { SweepSpec } from '../../config/spec.js';
import { loadThreads } from '../../server/machine.js';
import { prepareTarget, type PreparedTarget } from '../../sweep/prepare.js';
import { targetSettings } from '../../sweep/target-settings.js';
import { readThrottledSeconds } from '../../server/throttle-meter.js';
import { checkWords } from '../../server/upstream-words.js';
import { Upstreams } from '../../server/upstreams.js';
import { largestRequest } from '../../workload/largest.js';
import type { SpecOptions } from '../commands/spec-options.js';
import { readSpecFile } from '../spec-file.js';
import { explained } from '../watch-run.js';

const FILES_BESIDE_SOCKETS = 64;

/** Checks the server and this machine, and prints what it finds; fails as `run` would. */
export async function doctor(file: string, options: SpecOptions): Promise<void> {
  const spec = readSpecFile(file, options);
  ok('spec', `${file}: ${describeLevels(spec.load)}, ${spec.workload.kind} workload`);
  checkMachine(spec);
  try {
    const prepared = await prepareTarget(spec, targetSettings(spec, process.env), new RealClock(), 'ss-doctor');
    tellTarget(spec, prepared);
    await tellUpstreams(spec);
  } catch (error) {
    throw explained(error);
  }
}

async function tellUpstreams(spec: SweepSpec): Promise<void> {
  const upstreams = new Upstreams(new RealClock(), process.env);
  const checks = await upstreams.prepare(spec).finally(() => upstreams.stop());
  if (spec.telemetry.length === 0) warn('metrics', 'telemetry: none: causes and cache state stay unknown');
  for (const check of checks) {
    const what = `metrics of ${check.upstream}`;
    if (check.engine === null) warn('metrics', `${what}: ${checkWords(check)}`);
    else ok('metrics', `${what}: ${checkWords(check)}`);
    for (const [role, metric] of check.matched) console.log(`        ${role.padEnd(30)} ${metric}`);
    for (const remark of check.remarks) warn('metrics', remark);
  }
}

function tellTarget(spec: SweepSpec, prepared: PreparedTarget): void {
  const { preflight, workloadPlan, workloadData, warnings } = prepared;
  const ms = (seconds: number): string => `${Math.round(seconds * 1000)} ms`;
  const { listedModels, maxModelLen, capabilities } = preflight;
  ok('target', `${spec.target.url} serves ${preflight.model} (lists: ${listedModels?.join(', ') ?? 'no list'})`);
  ok('stream', `first token after ${ms(preflight.firstTokenSeconds)}, ${ms(preflight.latencySeconds)} in all`);
  const usage = capabilities.continuousUsage ? 'with every chunk' : 'at the end';
  if (capabilities.usage) ok('usage', `token counts come ${usage}`);
  const { promptTokens, outputTokens } = largestRequest(spec.workload, workloadData);
  const limit = maxModelLen === null ? 'the server does not tell its limit' : `the server takes ${maxModelLen}`;
  ok('lengths', `longest request about ${promptTokens} prompt + ${outputTokens} output tokens; ${limit}`);
  const { calibration } = workloadPlan;
  if (calibration !== null) {
    ok(
      'tokenizer',
      `${calibration.tokensPerWord.toFixed(2)} tokens a word, ${calibration.overheadTokens.toFixed(0)} of template`,
    );
  }
  for (const message of warnings) warn('target', message);
}

function checkMachine(spec: SweepSpec): void {
  const users = spec.load.arrival === 'closed' ? highestLoad(spec.load) : spec.load.maxInFlight;
  const files = openFilesLimit();
  const needed = users + FILES_BESIDE_SOCKETS;
  if (files !== null && files < needed)
    warn('ulimit', `${files} open files, about ${needed} needed: ulimit -n ${2 * needed}`);
  else ok('ulimit', `${files ?? 'unknown number of'} open files, about ${needed} needed`);
  ok('machine', `${availableParallelism()} cores, ${loadThreads()} load thread(s), Node ${process.version}`);
  const throttled = readThrottledSeconds();
  if (Number.isNaN(throttled))
    warn('throttling', 'this machine does not tell of CPU throttling; the gate for it passes');
  else ok('throttling', `throttled for ${throttled.toFixed(1)} s so far`);
}

function openFilesLimit(): number | null {
  try {
    const text = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
    return text === 'unlimited' ? Infinity : Number(text);
  } catch {
    return null; // no POSIX shell
  }
}

function ok(what: string, text: string): void {
  console.log(`ok    ${what.padEnd(11)} ${text}`);
}

function warn(what: string, text: string): void {
  console.log(`warn  ${what.padEnd(11)} ${text}`);
}
