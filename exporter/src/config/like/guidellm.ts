import { readFlags, type FlagValues } from './flags.js';
import { GUIDELLM_ALIASES, GUIDELLM_FLAGS } from './guidellm-flags.js';
import { ConfigValue } from './guidellm-values.js';
import { baseOf, present, requestOf, section } from './sections.js';
import type { LikeParser, LikeResult, Written } from './types.js';

const TOOL = 'GuideLLM';
const DEFAULT_SEED = 42;
const ENDPOINTS: Readonly<Record<string, 'chat' | 'completions'>> = {
  '/v1/chat/completions': 'chat',
  chat_completions: 'chat',
  '/v1/completions': 'completions',
  text_completions: 'completions',
};

/** `guidellm run …` of 0.8, and `guidellm benchmark [run] …` of before. */
export const guidellmLike: LikeParser = {
  tool: TOOL,
  commandWords(words) {
    const at = words.findIndex((word) => /(^|\/)guidellm$/.test(word));
    if (at < 0) return 0;
    if (words[at + 1] === 'run') return at + 2;
    if (words[at + 1] !== 'benchmark') return 0;
    return at + (words[at + 2] === 'run' ? 3 : 2);
  },
  parse(words): LikeResult {
    const repeatable = new Set(['--constraint', '--data', '--label']);
    const style = { table: GUIDELLM_FLAGS, aliases: GUIDELLM_ALIASES, repeatable, tool: TOOL };
    const { values, notes } = readFlags(words, style);
    const backend = backendOf(values);
    const written: Written = {
      name: 'like-guidellm',
      target: targetOf(values, backend, notes),
      request: requestSection(backend),
      load: { ...loadOf(values), measure: measureOf(values) },
      workload: workloadOf(values, notes),
      deployment: section(values.pairs('--label', '=')),
    };
    backend.refuseRest();
    notes.push('GuideLLM measures from its first request on; Sweepscope primes and warms up first');
    if (values.problems.length > 0) return { tool: TOOL, problems: values.problems };
    return { tool: TOOL, written: present({ ...written, load: present(written['load'] as Written) }), notes };
  },
};

/** The backend of 0.8, or an empty one that the flags of before fill. */
function backendOf(values: FlagValues): ConfigValue {
  const text = values.text('--backend') ?? 'openai_http';
  const kwargs = values.text('--backend-kwargs') ?? values.text('--backend-args');
  const config = text.includes('=') || text.startsWith('{') ? text : (kwargs ?? '{}');
  const backend = ConfigValue.read(config === text ? '--backend' : '--backend-kwargs', values, config);
  const kind = config === text ? (backend.text('kind') ?? 'openai_http') : text;
  if (kind !== 'openai_http') backend.fail(`kind=${kind} can't be honoured: only openai_http has a counterpart`);
  return backend;
}

function targetOf(values: FlagValues, backend: ConfigValue, notes: string[]): Written {
  const url = values.text('--target') ?? backend.text('target');
  if (url === null) backend.fail('target=… is missing: which server is asked?');
  const format = values.text('--request-type') ?? backend.text('request_format') ?? '/v1/chat/completions';
  const endpoint = ENDPOINTS[format];
  if (endpoint === undefined) backend.fail(`request_format=${format} can't be honoured: chat and completions can`);
  if (backend.take('api_key') !== undefined)
    backend.fail("api_key=… can't be honoured: a key does not belong into a command, give --set target.apiKeyEnv=NAME");
  if (backend.take('stream') === false) backend.fail("stream=false can't be honoured: answers are always streamed");
  if (backend.take('verify') !== true && url?.startsWith('https:') === true)
    notes.push('GuideLLM does not verify certificates by default; Sweepscope always does (target.tls.ca)');
  const timeout = backend.number('timeout');
  backend.passOver('timeout_connect', 'http2', 'follow_redirects', 'validate_backend');
  return present({
    url: url === null ? null : baseOf(url),
    model: values.text('--model') ?? (backend.text('model') || null),
    endpoint,
    timeouts: timeout === null ? null : { firstToken: `${timeout}s`, idle: `${timeout}s`, total: `${timeout}s` },
  });
}

/** Further body fields, and the cap on tokens. */
function requestSection(backend: ConfigValue): Written | undefined {
  const { body = {}, ...others } = backend.object('extras');
  for (const key of Object.keys(others)) backend.fail(`extras.${key} can't be honoured: only extras.body can`);
  const maxTokens = backend.number('max_tokens') ?? backend.number('max_completion_tokens');
  return section({ ...requestOf(body as Written), maxTokens });
}

const OPEN_LOOP = ['constant', 'poisson'];

function loadOf(values: FlagValues): Written {
  const text = values.text('--profile') ?? 'sweep';
  const isConfig = text.includes('=') || text.startsWith('{');
  const profile = ConfigValue.read('--profile', values, isConfig ? text : `kind=${text}`);
  const kind = profile.text('kind') ?? 'sweep';
  const rates = [...(values.text('--rate') ?? '').split(',').filter((word) => word.trim() !== '')].map(Number);
  if (rates.some((rate) => !(rate > 0))) values.fail('--rate must be numbers above 0');
  const ramp = profile.number('rampup_duration');
  profile.passOver('warmup', 'cooldown');
  const rampUp = ramp === null || ramp === 0 ? {} : { ramp: `${ramp}s` };
  const load = arrivalsOf(kind, profile, rates);
  profile.refuseRest();
  return { ...load, ...rampUp };
}

function arrivalsOf(kind: string, profile: ConfigValue, rates: readonly number[]): Written {
  const levels = (found: readonly number[], name: string): readonly number[] => {
    const all = found.length > 0 ? found : rates;
    if (all.length === 0) profile.fail(`${name}=… is missing: there is no level`);
    return all;
  };
  if (kind === 'synchronous') return { levels: [1] };
  if (kind === 'concurrent') return { levels: levels(profile.numbers('streams'), 'streams') };
  const arrival = kind === 'async' ? 'constant' : kind;
  if (OPEN_LOOP.includes(arrival)) {
    if (profile.number('max_concurrency') !== null)
      profile.fail("max_concurrency=… can't be honoured: arrivals would wait within the client");
    return { levels: levels(profile.numbers('rate'), 'rate'), arrival };
  }
  profile.fail(
    `kind=${kind} can't be honoured: synchronous, concurrent, constant and poisson can; for the boundary of an objective use --refine`,
  );
  profile.passOver('sweep_size', 'strategy_type', 'max_concurrency');
  return {};
}

/** From `--constraint` or the flags of before; requests win over a duration that is only their limit. */
function measureOf(values: FlagValues): Written | undefined {
  let requests = values.integer('--max-requests', 1);
  let seconds = values.number('--max-seconds');
  for (const text of values.all('--constraint')) {
    const constraint = ConfigValue.read('--constraint', values, text);
    const kind = constraint.text('kind');
    if (kind === 'max_requests') requests = constraint.number('count');
    else if (kind === 'max_duration') seconds = constraint.number('seconds');
    else {
      constraint.fail(`kind=${kind ?? ''} can't be honoured: max_requests and max_duration can`);
      constraint.passOver('count', 'rate', 'window', 'minimum', 'mode', 'min_seconds', 'max_window_seconds');
    }
    constraint.passOver('stopping_scope');
    constraint.refuseRest();
  }
  if (requests !== null && seconds !== null)
    values.fail('max_requests and max_duration together can’t be honoured: give one of them');
  if (requests !== null) return { requests };
  return seconds === null ? undefined : { duration: `${seconds}s` };
}

function workloadOf(values: FlagValues, notes: string[]): Written {
  const texts = values.all('--data');
  if (texts.length !== 1) values.fail(texts.length === 0 ? '--data is missing' : '--data is given more than once');
  const data = ConfigValue.read('--data', values, texts[0] ?? '{}');
  const kind = data.text('kind') ?? 'synthetic_text';
  if (kind !== 'synthetic_text') data.fail(`kind=${kind} can't be honoured: only synthetic_text has a counterpart`);
  if ((data.number('turns') ?? 1) > 1)
    data.fail("turns=… can't be honoured: write a spec with workload.kind conversation");
  data.passOver('samples');
  const inputTokens = tokensOf(data, 'prompt_tokens');
  const outputTokens = tokensOf(data, 'output_tokens');
  data.refuseRest();
  notes.push('GuideLLM asks for exactly output_tokens (ignore_eos) where data names them, and so does this spec');
  return { kind: 'synthetic', seed: seedOf(values), inputTokens, outputTokens, ignoreEos: true };
}

function tokensOf(data: ConfigValue, name: string): unknown {
  const mean = data.number(name);
  const stddev = data.number(`${name}_stdev`);
  const [min, max] = [data.number(`${name}_min`), data.number(`${name}_max`)];
  if (mean === null) data.fail(`${name}=… is missing`);
  if (stddev !== null && stddev > 0) return { normal: present({ mean, stddev, min, max }) };
  if (min !== null && max !== null) return { uniform: [min, max] };
  return mean;
}

function seedOf(values: FlagValues): number {
  const text = values.text('--seed');
  if (text?.includes('=') !== true) return values.integer('--random-seed') ?? values.integer('--seed') ?? DEFAULT_SEED;
  const seed = ConfigValue.read('--seed', values, text);
  const value = seed.number('value') ?? DEFAULT_SEED;
  if (seed.text('kind') !== 'static') seed.fail('must be of kind=static');
  seed.refuseRest();
  return value;
}
