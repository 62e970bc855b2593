import { readFlags, type FlagValues } from './flags.js';
import { aroundTokens, baseOf, present, requestOf, section, seedOf, type Endpoint } from './sections.js';
import type { LikeParser, LikeResult, Written } from './types.js';
import { VLLM_FLAGS } from './vllm-flags.js';

const TOOL = 'vLLM bench serve';
/** Defaults of vLLM 0.32. */
const DEFAULTS = { host: '127.0.0.1', port: 8000, prompts: 1000, input: 1024, output: 128, seed: 0 };

/** Backends that stream text, and the path that vLLM's bench insists on for them. */
const BACKENDS: Readonly<Record<string, { endpoint: Endpoint; path: string }>> = {
  'openai-chat': { endpoint: 'chat', path: '/v1/chat/completions' },
  openai: { endpoint: 'completions', path: '/v1/completions' },
  vllm: { endpoint: 'completions', path: '/v1/completions' },
};

/** Sampling parameters that a request's body carries under the flag's own name. */
const SAMPLING = ['top-p', 'top-k', 'min-p', 'frequency-penalty', 'presence-penalty', 'repetition-penalty'];

/** `vllm bench serve …`, and the script `benchmark_serving.py` that it was before. */
export const vllmLike: LikeParser = {
  tool: TOOL,
  commandWords(words) {
    const at = words.findIndex((word) => /(^|\/)(vllm|vllm\.entrypoints\.cli\.main)$/.test(word));
    if (at >= 0 && words[at + 1] === 'bench' && words[at + 2] === 'serve') return at + 3;
    return words.findIndex((word) => /(^|[/.])benchmark_serving(\.py)?$/.test(word)) + 1;
  },
  parse(words): LikeResult {
    const aliases = { '--endpoint-type': '--backend', '--api-url': '--base-url' };
    const { values, notes } = readFlags(words, { table: VLLM_FLAGS, aliases, underscores: true, tool: TOOL });
    const load = loadOf(values, notes);
    const written: Written = {
      name: values.text('--label') ?? 'like-vllm-bench',
      target: targetOf(values, notes),
      request: requestSection(values),
      load,
      workload: workloadOf(values, notes),
      deployment: section(values.pairs('--metadata', '=')),
    };
    if (values.problems.length > 0) return { tool: TOOL, problems: values.problems };
    return { tool: TOOL, written: present(written), notes };
  },
};

function targetOf(values: FlagValues, notes: string[]): Written {
  const name = values.text('--backend') ?? 'openai';
  const backend = Object.hasOwn(BACKENDS, name) ? BACKENDS[name]! : null;
  const kinds = Object.keys(BACKENDS).join(', ');
  if (backend === null)
    values.fail(`--backend ${name} can't be honoured: the backends with a counterpart are ${kinds}`);
  const path = values.text('--endpoint') ?? '/v1/completions';
  const wanted = backend?.path ?? path;
  if (path !== wanted) values.fail(`--endpoint ${path} can't be honoured: the backend ${name} asks ${wanted}`);
  const host = values.text('--host') ?? DEFAULTS.host;
  const port = values.integer('--port', 1) ?? DEFAULTS.port;
  notes.push('OPENAI_API_KEY: where the server wants a key, give --set target.apiKeyEnv=OPENAI_API_KEY');
  return present({
    url: baseOf(values.text('--base-url') ?? `http://${host}:${port}`),
    model: values.text('--served-model-name') ?? values.text('--model'),
    endpoint: backend?.endpoint,
    headers: section(values.pairs('--header', '=')),
  });
}

function requestSection(values: FlagValues): Written | undefined {
  const sampling = SAMPLING.map((name): [string, number | null] => [
    name.replaceAll('-', '_'),
    values.number(`--${name}`, { least: -Infinity }),
  ]);
  const body = present({
    temperature: values.number('--temperature'),
    ...Object.fromEntries(sampling),
    ...values.object('--extra-body'),
    ...(values.has('--ignore-eos') && values.text('--dataset-name') === 'sharegpt' ? { ignore_eos: true } : {}),
  });
  return section(requestOf(body));
}

function loadOf(values: FlagValues, notes: string[]): Written {
  const rate = values.number('--request-rate') ?? Infinity;
  const users = values.integer('--max-concurrency', 1);
  const requests = values.integer('--num-prompts', 1) ?? DEFAULTS.prompts;
  const burstiness = values.number('--burstiness') ?? 1;
  if ((values.number('--probe-request-rate') ?? 0) > 0)
    values.fail("--probe-request-rate can't be honoured: there are no probes beside the load");
  if (values.integer('--num-warmups') !== null)
    notes.push('--num-warmups: warm-up is of the load itself, by time and until it is steady');
  notes.push(
    'vLLM bench measures from its first request on; Sweepscope primes and warms up first (load.prime, load.warmup)',
  );
  const measure = { requests };
  if (rate === Infinity) {
    if (users !== null) return { levels: [users], measure };
    if (values.has('--max-concurrency')) return {};
    values.fail(
      `--max-concurrency is missing: all ${requests} requests at once are a burst, which is no level; give the users`,
    );
    return {};
  }
  if (rate === 0) values.fail('--request-rate must be above 0');
  if (users !== null) {
    values.fail(
      "--max-concurrency can't be honoured together with --request-rate: arrivals would wait within the client; leave one of them out",
    );
  }
  if (burstiness === 1) return { levels: [rate], arrival: 'poisson', measure };
  return { levels: [rate], arrival: 'gamma', burstiness, measure };
}

function workloadOf(values: FlagValues, notes: string[]): Written {
  const dataset = values.text('--dataset-name') ?? 'random';
  const seed = seedOf(values, '--seed', DEFAULTS.seed);
  switch (dataset) {
    case 'random':
      return randomWorkload(values, seed);
    case 'sharegpt':
      return sharegptWorkload(values, seed, notes);
    default:
      values.fail(`--dataset-name ${dataset} can't be honoured: only random and sharegpt have a counterpart`);
      return {};
  }
}

function randomWorkload(values: FlagValues, seed: number): Written {
  if (values.has('--dataset-path')) values.fail("--dataset-path can't be honoured: the dataset random has no file");
  if ((values.integer('--random-prefix-len') ?? 0) > 0)
    values.fail("--random-prefix-len can't be honoured: synthetic prompts share no prefix");
  if ((values.integer('--random-batch-size', 1) ?? 1) > 1)
    values.fail("--random-batch-size can't be honoured: a request asks one prompt");
  const input = values.integer('--input-len', 1) ?? values.integer('--random-input-len', 1) ?? DEFAULTS.input;
  const output = values.integer('--output-len', 1) ?? values.integer('--random-output-len', 1) ?? DEFAULTS.output;
  const ratios = rangeRatios(values);
  return {
    kind: 'synthetic',
    seed,
    inputTokens: aroundTokens(input, ratios.input),
    outputTokens: aroundTokens(output, ratios.output),
    ignoreEos: true,
  };
}

/** One number for both, or `{"input": …, "output": …}`; each from 0, below 1. */
function rangeRatios(values: FlagValues): { input: number; output: number } {
  const name = '--random-range-ratio';
  const isObject = values.text(name)?.trim().startsWith('{') === true;
  const both = isObject ? null : (values.number(name) ?? 0);
  const written = isObject ? (values.object(name) ?? { input: 0, output: 0 }) : { input: both, output: both };
  const [input, output] = [Number(written['input']), Number(written['output'])];
  if (input >= 0 && input < 1 && output >= 0 && output < 1) return { input, output };
  values.fail(`${name} must be from 0 and below 1, or {"input": …, "output": …}`);
  return { input: 0, output: 0 };
}

function sharegptWorkload(values: FlagValues, seed: number, notes: string[]): Written {
  const path = values.text('--dataset-path');
  if (path === null) values.fail('--dataset-path is missing: sharegpt needs its file');
  notes.push('vLLM bench leaves out prompts below 4 or above 1024 tokens and pairs above 2048; Sweepscope asks all');
  const outputTokens = values.integer('--output-len', 1) ?? values.integer('--sharegpt-output-len', 1);
  return present({ kind: 'dataset', seed, path, format: 'sharegpt', salt: 'none', maxTurns: 1, outputTokens });
}
