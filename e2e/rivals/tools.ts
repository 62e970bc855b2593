import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cell } from './cells.js';

/** Lengths of every prompt and every answer. */
export const INPUT_TOKENS = 256;
export const OUTPUT_TOKENS = 128;

export interface Places {
  root: string;
  /** Where vLLM is, with its bench and the model folder. */
  vllm: string;
  /** Where GuideLLM and AIPerf are. */
  rivals: string;
}

export interface ServerUnderTest {
  url: string;
  model: string;
}

export interface ToolRun {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  /** What the tool writes and the importer reads; of Sweepscope the folder of its runs. */
  results: string[];
}

/** How each tool is asked for the same load, otherwise with its defaults. Files go below `dir`. */
export function toolRun(cell: Cell, server: ServerUnderTest, places: Places, dir: string): ToolRun {
  mkdirSync(dir, { recursive: true });
  switch (cell.tool) {
    case 'sweepscope':
      return sweepscopeRun(cell, server, places, dir);
    case 'vllm':
      return vllmRun(cell, server, places, dir);
    case 'guidellm':
      return guidellmRun(cell, server, places, dir);
    case 'aiperf':
      return aiperfRun(cell, server, places, dir);
  }
}

const QUIET = { VLLM_NO_USAGE_STATS: '1', DO_NOT_TRACK: '1', HF_HUB_DISABLE_TELEMETRY: '1', NO_COLOR: '1' };

function sweepscopeRun(
  { users, requests }: Cell,
  { url, model }: ServerUnderTest,
  { root }: Places,
  dir: string,
): ToolRun {
  const spec = {
    name: 'rivals',
    target: { url, model },
    workload: {
      kind: 'synthetic',
      inputTokens: INPUT_TOKENS,
      outputTokens: OUTPUT_TOKENS,
      ignoreEos: true,
      seed: Math.floor(Math.random() * 2 ** 31),
    },
    load: { levels: [users], prime: '2s', warmup: '4s', measure: { requests } },
    output: { dir: join(dir, 'runs') },
  };
  writeFileSync(join(dir, 'spec.yaml'), JSON.stringify(spec));
  const bin = join(root, 'exporter/bin');
  const flags = JSON.parse(readFileSync(join(bin, 'node-flags.json'), 'utf8')) as string[];
  const args = [...flags, join(bin, 'sweepscope.js'), 'run', join(dir, 'spec.yaml'), '--json', '--listen', '0'];
  return { command: process.execPath, args, env: process.env, results: [join(dir, 'runs')] };
}

function vllmRun({ users, requests }: Cell, { url, model }: ServerUnderTest, { vllm }: Places, dir: string): ToolRun {
  const flags = {
    backend: 'openai-chat',
    endpoint: '/v1/chat/completions',
    'base-url': url,
    model,
    tokenizer: join(vllm, 'model'),
    'dataset-name': 'random',
    'random-input-len': INPUT_TOKENS,
    'random-output-len': OUTPUT_TOKENS,
    'num-prompts': requests,
    'max-concurrency': users,
    seed: Math.floor(Math.random() * 2 ** 31),
    'percentile-metrics': 'ttft,tpot,itl,e2el',
    'metric-percentiles': '50,95,99',
    'result-dir': dir,
    'result-filename': 'vllm.json',
  };
  const args = [
    'bench',
    'serve',
    ...pairs(flags),
    '--ignore-eos',
    '--save-result',
    '--save-detailed',
    '--disable-tqdm',
  ];
  const cache = join(vllm, 'cache');
  const env = {
    ...process.env,
    ...QUIET,
    HF_HUB_OFFLINE: '1',
    HF_HOME: join(cache, 'huggingface'),
    XDG_CACHE_HOME: cache,
  };
  return { command: join(vllm, 'venv/bin/vllm'), args, env, results: [join(dir, 'vllm.json')] };
}

function guidellmRun({ users, requests }: Cell, server: ServerUnderTest, places: Places, dir: string): ToolRun {
  const file = join(dir, 'guidellm.json');
  const flags = {
    backend: `kind=openai_http,target=${server.url},model=${server.model}`,
    profile: `kind=concurrent,streams=${users}`,
    constraint: `kind=max_requests,count=${requests}`,
    tokenizer: `kind=huggingface_auto,model=${join(places.vllm, 'model')}`,
    data: `kind=synthetic_text,prompt_tokens=${INPUT_TOKENS},output_tokens=${OUTPUT_TOKENS}`,
    seed: `kind=static,value=${Math.floor(Math.random() * 2 ** 31)}`,
    output: `kind=json,path=${file}`,
  };
  const env = { ...process.env, ...QUIET, HF_HUB_OFFLINE: '1', HF_HOME: join(places.rivals, 'cache') };
  const args = ['run', ...pairs(flags), '--disable-console-interactive'];
  return { command: join(places.rivals, 'guidellm/bin/guidellm'), args, env, results: [file] };
}

function aiperfRun({ users, requests }: Cell, server: ServerUnderTest, places: Places, dir: string): ToolRun {
  const flags = {
    model: server.model,
    url: server.url,
    'endpoint-type': 'chat',
    tokenizer: join(places.vllm, 'model'),
    concurrency: users,
    'request-count': requests,
    'num-dataset-entries': requests,
    'synthetic-input-tokens-mean': INPUT_TOKENS,
    'output-tokens-mean': OUTPUT_TOKENS,
    'random-seed': Math.floor(Math.random() * 2 ** 31),
    'artifact-dir': dir,
    ui: 'simple',
  };
  const args = [
    'profile',
    ...pairs(flags),
    '--streaming',
    '--use-server-token-count',
    '--extra-inputs',
    'ignore_eos:true',
  ];
  // Its tokenizer from a folder is looked up in vain where HF_HUB_OFFLINE is set.
  const env: NodeJS.ProcessEnv = { ...process.env, ...QUIET, HF_HOME: join(places.rivals, 'cache') };
  delete env['HF_HUB_OFFLINE'];
  const results = ['profile_export.jsonl', 'profile_export_aiperf.json'].map((name) => join(dir, name));
  return { command: join(places.rivals, 'aiperf/bin/aiperf'), args, env, results };
}

function pairs(flags: Record<string, string | number>): string[] {
  return Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
}
