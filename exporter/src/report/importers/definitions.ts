import { DEFINITIONS, type Definition, type FigureName } from '../definitions.js';

/** What another tool calls a figure, and which of ours it stands for. */
interface Foreign extends Definition {
  like?: FigureName;
}

function foreign(tool: string, like: FigureName, text: string): Foreign {
  const { title, unit } = DEFINITIONS[like];
  return { title: `${title} (${tool})`, unit, text, like };
}

const SEED = 'the original load generator';
const VLLM = 'vLLM bench';
const GUIDELLM = 'GuideLLM';
const AIPERF = 'AIPerf';
const TABLE = 'a published table';

/** Definitions of other tools, by the key that imported figures carry. */
export const FOREIGN_DEFINITIONS = {
  seed_ttft: foreign(
    SEED,
    'ttft',
    'To the first chunk with visible content; reasoning and tool calls do not count; a request that fails later is left out. The mean of three quantiles, each of the last 60 s.',
  ),
  seed_tpot: foreign(
    SEED,
    'tpot',
    'Mean gap between content chunks of a request, a chunk counted as one token whatever it holds (reports before 2026-02-28 put ITL into this column). The mean of three quantiles, each of the last 60 s.',
  ),
  seed_itl: foreign(
    SEED,
    'itl',
    'Mean gap between content chunks per request, not pooled gaps. The mean of three quantiles, each of the last 60 s.',
  ),
  seed_latency: foreign(
    SEED,
    'latency',
    'From the call to the end of the stream, of successful turns; requests cut by the client after 120 s are errors. The mean of three quantiles, each of the last 60 s.',
  ),
  seed_requests_per_second: foreign(
    SEED,
    'requests_per_second',
    'Turns that ended per second, failures included, over one minute; the reports call it conversation starts, which Little’s law refutes.',
  ),
  seed_output_tokens_per_second: foreign(
    SEED,
    'output_tokens_per_second',
    "Rate of the serving framework's own output token counter over one minute.",
  ),
  seed_error_ratio: foreign(
    SEED,
    'error_ratio',
    'Mean of three error shares, each of the last 60 s whatever its number of requests.',
  ),
  seed_kv_hit_ratio: {
    title: `KV hit ratio (${SEED})`,
    unit: 'ratio',
    text: "Cached over input tokens by the serving framework's counters, over one minute.",
  },

  table_ttft: foreign(TABLE, 'ttft', 'As published; how it was stamped is not told.'),
  table_tpot: foreign(TABLE, 'tpot', 'As published; how it was computed is not told.'),
  table_itl: foreign(TABLE, 'itl', 'As published; how it was computed is not told.'),
  table_latency: foreign(TABLE, 'latency', 'As published; how it was stamped is not told.'),
  table_requests_per_second: foreign(TABLE, 'requests_per_second', 'As published; over which time is not told.'),
  table_output_tokens_per_second: foreign(
    TABLE,
    'output_tokens_per_second',
    'As published; over which time is not told.',
  ),
  table_error_ratio: foreign(TABLE, 'error_ratio', 'As published.'),

  vllm_ttft: foreign(
    VLLM,
    'ttft',
    'To the first SSE chunk with a choice, even one that holds only a role and no token; after the wait for a free slot in the client.',
  ),
  vllm_tpot: foreign(
    VLLM,
    'tpot',
    '(E2E − TTFT) / (n − 1) of each success over its whole run, ramp-up and tail included; n by usage, else by a tokenizer of the client.',
  ),
  vllm_itl: foreign(VLLM, 'itl', 'Pooled gaps between chunks with a choice, one chunk taken for one token.'),
  vllm_latency: foreign(
    VLLM,
    'latency',
    'To the last chunk with a choice, of successes over its whole run, ramp-up and tail included.',
  ),
  vllm_requests_per_second: foreign(
    VLLM,
    'ok_per_second',
    'Successful requests over the whole run, ramp-up and tail included.',
  ),
  vllm_output_tokens_per_second: foreign(
    VLLM,
    'output_tokens_per_second',
    'Output tokens of successful requests over the whole run, ramp-up and tail included.',
  ),
  vllm_error_ratio: foreign(VLLM, 'error_ratio', 'Failed over all requests of the whole run.'),

  guidellm_ttft: foreign(GUIDELLM, 'ttft', 'To the first chunk with a token, reasoning included, by the wall clock.'),
  guidellm_itl: foreign(
    GUIDELLM,
    'tpot',
    'GuideLLM’s "inter token latency": (last − first token) / (n − 1) of each request, weighted by its tokens. Its "time per output token" contains TTFT and is not imported.',
  ),
  guidellm_latency: foreign(
    GUIDELLM,
    'latency',
    'Request start to request end by the wall clock, of successful requests.',
  ),
  guidellm_requests_per_second: foreign(
    GUIDELLM,
    'ok_per_second',
    'Mean over time of the rate at which successful requests end.',
  ),
  guidellm_output_tokens_per_second: foreign(
    GUIDELLM,
    'output_tokens_per_second',
    'Mean over time of the token rate of successful requests, their tokens spread evenly from first to last.',
  ),
  guidellm_error_ratio: foreign(
    GUIDELLM,
    'error_ratio',
    'Errored over successful and errored requests; incomplete ones are in neither.',
  ),

  aiperf_ttft: foreign(
    AIPERF,
    'ttft',
    'To the first chunk with non-empty content, reasoning included, of requests of the profiling phase.',
  ),
  aiperf_itl: foreign(
    AIPERF,
    'tpot',
    'AIPerf’s "inter token latency": (E2E − TTFT) / (output length − 1) of each request.',
  ),
  aiperf_chunk_latency: foreign(AIPERF, 'itl', 'AIPerf’s "inter chunk latency": gaps between content chunks.'),
  aiperf_latency: foreign(
    AIPERF,
    'latency',
    'To the last chunk with content, of successful requests of the profiling phase.',
  ),
  aiperf_requests_per_second: foreign(
    AIPERF,
    'ok_per_second',
    'Successful requests over the time for which AIPerf observed its profiling phase, which is somewhat longer than from the first send to the last response (its benchmark duration).',
  ),
  aiperf_output_tokens_per_second: foreign(
    AIPERF,
    'output_tokens_per_second',
    'Output tokens over the time for which AIPerf observed its profiling phase, which is somewhat longer than from the first send to the last response (its benchmark duration).',
  ),
  aiperf_error_ratio: foreign(AIPERF, 'error_ratio', 'Errors over all requests of the profiling phase.'),

  spread_output_tokens_per_second: foreign(
    'spread',
    'output_tokens_per_second',
    'Output tokens per second, those of each successful request spread evenly from its first to its last: when single tokens came is not in the file.',
  ),
  imported_input_tokens: foreign(
    'imported',
    'input_tokens',
    'Mean input tokens of a request, as the tool counts them.',
  ),
  imported_output_tokens: foreign(
    'imported',
    'output_tokens',
    'Mean output tokens of a successful request, as the tool counts them.',
  ),
  imported_input_tokens_per_second: foreign(
    'imported',
    'input_tokens_per_second',
    'Input tokens of the whole run over its duration.',
  ),
} as const satisfies Record<string, Foreign>;

export type ForeignDefinition = keyof typeof FOREIGN_DEFINITIONS;
