import { AIPERF_ALIASES, AIPERF_FLAGS } from './aiperf-flags.js';
import { readFlags, type FlagValues } from './flags.js';
import { aroundTokens, baseOf, normalTokens, present, requestOf, section, seedOf } from './sections.js';
import type { LikeParser, LikeResult, Written } from './types.js';

const TOOL = 'aiperf profile';
/** Defaults of AIPerf 0.13. */
const DEFAULTS = { url: 'http://localhost:8000', input: 550 };
const ENDPOINT_TYPES = { chat: 'chat', completions: 'completions' } as const;

/** `aiperf profile …`. */
export const aiperfLike: LikeParser = {
  tool: TOOL,
  commandWords(words) {
    const at = words.findIndex((word) => /(^|\/)aiperf$/.test(word));
    return at >= 0 && words[at + 1] === 'profile' ? at + 2 : 0;
  },
  parse(words): LikeResult {
    const { values, notes } = readFlags(words, {
      table: AIPERF_FLAGS,
      aliases: AIPERF_ALIASES,
      repeatable: new Set(['--model-names', '--url', '--extra-inputs', '--header']),
      tool: TOOL,
    });
    const body = inputsOf(values, '--extra-inputs');
    const { ignore_eos: ignoreEos, ...others } = body;
    const written: Written = {
      name: 'like-aiperf',
      target: targetOf(values),
      request: section(requestOf(others)),
      load: loadOf(values, notes),
      workload: workloadOf(values, ignoreEos === true),
    };
    if (!values.has('--streaming')) notes.push('--streaming is not given; Sweepscope always streams');
    if (ignoreEos !== true)
      notes.push('ignore_eos is not asked for: answers may end before their length, here as in AIPerf');
    if (values.problems.length > 0) return { tool: TOOL, problems: values.problems };
    return { tool: TOOL, written: present(written), notes };
  },
};

/** `key:value` words or one JSON object; values are read as JSON where they are. */
function inputsOf(values: FlagValues, name: string): Written {
  const words = values.all(name);
  if (words.length === 1 && words[0]!.trim().startsWith('{')) return values.object(name) ?? {};
  return Object.fromEntries(Object.entries(values.pairs(name, ':')).map(([key, text]) => [key, asJson(text)]));
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^(True|False)$/, (word) => word.toLowerCase()));
  } catch {
    return text;
  }
}

function targetOf(values: FlagValues): Written {
  const type = values.text('--endpoint-type') ?? 'chat';
  const isKnown = Object.hasOwn(ENDPOINT_TYPES, type);
  if (!isKnown) values.fail(`--endpoint-type ${type} can't be honoured: chat and completions have a counterpart`);
  const path = values.text('--custom-endpoint');
  if (path !== null && !new RegExp(`^/?v1/${type === 'chat' ? 'chat/' : ''}completions$`).test(path))
    values.fail(`--custom-endpoint ${path} can't be honoured: the client asks /v1/chat/completions or /v1/completions`);
  const one = (name: string, what: string): string | null => {
    const found = values.all(name).flatMap((word) => word.split(','));
    if (found.length > 1) values.fail(`${name} names ${found.length} ${what}: one is asked in a sweep`);
    return found[0] ?? null;
  };
  const url = one('--url', 'servers') ?? DEFAULTS.url;
  const timeout = values.number('--request-timeout-seconds');
  return present({
    url: baseOf(url.includes('://') ? url : `http://${url}`),
    model: one('--model-names', 'models'),
    endpoint: isKnown ? type : undefined,
    headers: section(inputsOf(values, '--header')),
    timeouts: timeout === null ? null : { firstToken: `${timeout}s`, idle: `${timeout}s`, total: `${timeout}s` },
  });
}

function loadOf(values: FlagValues, notes: string[]): Written {
  const seconds = (name: string): string | undefined => {
    const value = values.number(name);
    return value === null ? undefined : `${value}s`;
  };
  const load = present({
    ...arrivalsOf(values),
    ramp: seconds('--concurrency-ramp-duration'),
    warmup: seconds('--warmup-duration'),
    measure: measureOf(values),
    repetitions: values.integer('--num-profile-runs', 1),
    cooldown: seconds('--profile-run-cooldown-seconds'),
    resetCache: resetCacheOf(values),
  });
  if (!values.has('--warmup-duration'))
    notes.push(
      'AIPerf measures from its first request on; Sweepscope primes and warms up first (load.prime, load.warmup)',
    );
  if (values.has('--reset-kv-cache'))
    notes.push('--reset-kv-cache: the cache is reset before every level, and its warm-up follows');
  return load;
}

function resetCacheOf(values: FlagValues): Written | undefined {
  if (!values.has('--reset-kv-cache') && !values.has('--reset-kv-cache-path')) return undefined;
  return { path: values.text('--reset-kv-cache-path') ?? '/reset_prefix_cache' };
}

function arrivalsOf(values: FlagValues): Written {
  const users = numbers(values, '--concurrency');
  const rates = numbers(values, '--request-rate');
  if (rates.length === 0) {
    if (users.length === 0) values.fail('neither --concurrency nor --request-rate is given: there is no level');
    return { levels: users };
  }
  if (users.length > 0)
    values.fail("--concurrency can't be honoured together with --request-rate: arrivals would wait within the client");
  const pattern = values.text('--arrival-pattern') ?? 'poisson';
  if (!['poisson', 'constant', 'gamma'].includes(pattern))
    values.fail(`--arrival-pattern ${pattern} can't be honoured: poisson, constant and gamma have a counterpart`);
  const burstiness = values.number('--arrival-smoothness');
  return { levels: rates, arrival: pattern, ...(pattern === 'gamma' ? { burstiness: burstiness ?? 1 } : {}) };
}

/** One number or several with commas, which AIPerf sweeps. */
function numbers(values: FlagValues, name: string): number[] {
  const text = values.text(name);
  if (text === null) return [];
  const found = text.split(',').map(Number);
  if (found.every((value) => value > 0)) return found;
  values.fail(`${name} must be numbers above 0, got ${JSON.stringify(text)}`);
  return [];
}

function measureOf(values: FlagValues): Written | undefined {
  const requests = values.integer('--request-count', 1);
  const duration = values.number('--benchmark-duration');
  if (requests !== null && duration !== null)
    values.fail("--request-count can't be honoured together with --benchmark-duration: give one of them");
  const entries = values.integer('--num-dataset-entries', 1);
  if (entries !== null && requests !== null && entries < requests)
    values.fail(`--num-dataset-entries ${entries} can't be honoured: prompts would repeat, Sweepscope's never do`);
  if (requests !== null) return { requests };
  return duration === null ? undefined : { duration: `${duration}s` };
}

function workloadOf(values: FlagValues, ignoreEos: boolean): Written {
  if ((values.number('--conversation-turn-mean') ?? 1) !== 1 || (values.number('--conversation-turn-stddev') ?? 0) > 0)
    values.fail("--conversation-turn-mean can't be honoured: write a spec with workload.kind conversation");
  if ((values.integer('--prompt-batch-size', 1) ?? 1) > 1)
    values.fail("--prompt-batch-size can't be honoured: a request asks one prompt");
  const input = values.integer('--prompt-input-tokens-mean', 1) ?? DEFAULTS.input;
  const output = values.integer('--prompt-output-tokens-mean', 1);
  if (output === null) values.fail('--prompt-output-tokens-mean (--osl) is missing: synthetic answers need a length');
  const inputSpread = values.number('--prompt-input-tokens-stddev') ?? 0;
  const outputSpread = values.number('--prompt-output-tokens-stddev') ?? 0;
  const ratio = values.number('--random-range-ratio');
  if (ratio !== null && ratio >= 1) values.fail('--random-range-ratio must be below 1');
  const drawn = (mean: number, stddev: number): unknown =>
    ratio === null ? normalTokens(mean, stddev) : aroundTokens(mean, ratio);
  return {
    kind: 'synthetic',
    ...(values.has('--random-seed') ? { seed: seedOf(values, '--random-seed', 0) } : {}),
    inputTokens: drawn(input, inputSpread),
    outputTokens: drawn(output ?? 1, outputSpread),
    ignoreEos,
  };
}
