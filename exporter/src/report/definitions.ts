/** What a figure or a word of the report means. */
export interface Definition {
  title: string;
  /** Unit of the figure in `result.json`; empty for words. */
  unit: string;
  text: string;
  /** Of a definition of another tool: ours that it stands for. */
  like?: string;
}

const FIGURES = {
  ttft: {
    title: 'TTFT',
    unit: 'seconds',
    text: 'Time from just before the request is written to its first token chunk: one with non-empty content, reasoning text or a tool-call delta, or a risen token count where the server tells it continuously.',
  },
  ttft_first_chunk: {
    title: 'TTFT, first chunk',
    unit: 'seconds',
    text: 'As TTFT, but to the first chunk with a choice, even an empty one.',
  },
  ttft_first_visible: {
    title: 'TTFT, first visible',
    unit: 'seconds',
    text: 'As TTFT, but to the first chunk with content that is not reasoning.',
  },
  ttft_from_intended: {
    title: 'TTFT from the intended start',
    unit: 'seconds',
    text: 'As TTFT, but from when the request should have started in open loop; equal to TTFT in closed loop.',
  },
  tpot: {
    title: 'TPOT',
    unit: 'seconds',
    text: '(E2E latency − TTFT) / (n − 1) of each request that ended well, n its output tokens; requests of at most one token are left out and counted.',
  },
  itl: {
    title: 'ITL',
    unit: 'seconds',
    text: 'Gap between consecutive token chunks, pooled over all requests in a histogram of 3 significant digits. A chunk may hold several tokens. Intervals take requests (or conversations), not gaps, as independent.',
  },
  latency: {
    title: 'End-to-end latency',
    unit: 'seconds',
    text: 'Time from just before the request is written to its last token chunk or its finish chunk, whichever is later, of requests that ended well.',
  },
  latency_from_intended: {
    title: 'End-to-end latency from the intended start',
    unit: 'seconds',
    text: 'As end-to-end latency, but from when the request should have started in open loop.',
  },
  error_ratio: {
    title: 'Error %',
    unit: 'ratio',
    text: 'Failed requests over all that ended in the windows. Client time-outs are censored: they are errors, and their true times are only known to be longer.',
  },
  requests_per_second: {
    title: 'Actual RPS',
    unit: '1/second',
    text: 'Turns that ended per second, well or not.',
  },
  ok_per_second: { title: 'Successful RPS', unit: '1/second', text: 'Turns that ended well per second.' },
  conversations_per_second: {
    title: 'Conversations/s',
    unit: '1/second',
    text: 'Conversations begun per second (first turns started).',
  },
  output_tokens_per_second: {
    title: 'Output tokens/s (TOPS)',
    unit: 'tokens/second',
    text: 'Output tokens that arrived per second, counted as they arrive, of all requests.',
  },
  input_tokens_per_second: {
    title: 'Input tokens/s',
    unit: 'tokens/second',
    text: 'Input tokens per second of the requests that ended, as the server counts them.',
  },
  input_tokens: {
    title: 'Input tokens',
    unit: 'tokens',
    text: 'Mean input tokens of a request, as the server counts them.',
  },
  output_tokens: {
    title: 'Output tokens',
    unit: 'tokens',
    text: "Mean output tokens of a request that ended well: by the server's usage, else counted token chunks.",
  },
  tokens_per_chunk: {
    title: 'Tokens per chunk',
    unit: 'tokens',
    text: 'Output tokens over token chunks; above 1 the server sends several tokens at once, and ITL is the gap between such groups.',
  },
  slo_share: {
    title: 'SLO attainment',
    unit: 'ratio',
    text: 'Share of the requests started in the windows that met the limit. TTFT is decided at the first token, the others at the end; errors and time-outs miss; requests whose outcome was never seen are counted apart; requests of at most one token do not count for TPOT and ITL. For ITL a request counts with its mean gap between token chunks. p95 passes when at least 95 % met it.',
  },
  little_ratio: {
    title: "Little's ratio",
    unit: 'ratio',
    text: '(Completions per second × mean residence + users that think, wait or back off) over users; 1 when the measurement is consistent.',
  },
  in_flight_ratio: {
    title: 'In-flight ratio',
    unit: 'ratio',
    text: 'Mean requests in flight over the users that should have one.',
  },
} as const satisfies Record<string, Definition>;

const WORDS = {
  window: {
    title: 'Window',
    unit: '',
    text: 'One level in one repetition, measured under running load. An observation belongs to the window in which it happens: TTFT at the first token, TPOT, latency and errors at the end, a token when it arrives.',
  },
  quantiles: {
    title: 'Quantiles and intervals',
    unit: '',
    text: 'p95 is the ⌈0.95 n⌉-th smallest raw value, pooled over the windows of a level, never an average of quantiles. Intervals are of 95 %: by order statistics where each value is of another conversation, else by resampling conversations. A bound that the sample is too small for is left out.',
  },
  warmup: {
    title: 'Warm-up',
    unit: '',
    text: 'Lasts until its minimum has passed, no request of an earlier level is in flight, and TTFT, requests in flight and turn mix are steady (MSER-5 and no trend), at most 5 times the minimum; a level is not steady when the cap ended it, or, in an SLO search, a miss beyond doubt.',
  },
  verdict: {
    title: 'Verdict',
    unit: '',
    text: 'Saturated: TTFT p50 above 3 × that of the lowest valid level and throughput gaining less than 0.5 per user added, (ΔX/X)/(ΔN/N) against the best lower level; or 5 % of the requests failed. Degrading: otherwise, an objective is missed or throughput gains less than 0.5. Clean: neither. Invalid: a check of its consistency failed.',
  },
  slo_boundary: {
    title: 'SLO boundary',
    unit: '',
    text: 'Last pass: the highest level below the first that fails. Estimate: where an isotonic fit of the attainment (of the quantile over its limit where only that is known) crosses what is asked for; its interval by resampling within those of the levels, from last pass to first fail at least, since the shape between two levels is not known.',
  },
  knee: {
    title: 'Knee',
    unit: '',
    text: 'Where TTFT p50 leaves a flat base for a straight line: least squares over all places, believed when an F test against one straight line gives p < 0.01, BIC agrees, and TTFT rises by at least half its base; levels with 25 % failures or more are left out. Interval: all places that the F test does not tell from the best, joined with a jackknife and a wild bootstrap; at least between neighbouring levels where fewer than three lie beyond.',
  },
  slot_limit: {
    title: 'Slots by the waiting times',
    unit: '',
    text: 'S for which TTFT − its base = (N − S)/X over the levels that wait, X all completions per second; not told where that law misses the TTFT by more than a quarter in the median.',
  },
  goodput: {
    title: 'Goodput and attainment',
    unit: '',
    text: 'Requests that met all latency objectives and did not fail: per second, and as a share of those started whose outcome is known.',
  },
  failures_infinite: {
    title: 'Failures infinite',
    unit: '',
    text: 'Quantile over the requests started in which each failure counts as infinitely long: ∞ when more failed than the quantile leaves out.',
  },
  kaplan_meier: {
    title: 'Kaplan–Meier',
    unit: '',
    text: 'Quantile of the survival curve of the requests started: those that timed out, failed or were still under way count as longer than the age they reached; ∞ when the quantile lies beyond all that was seen.',
  },
  validity: {
    title: 'Valid',
    unit: '',
    text: 'A window is valid when the checks of its own consistency pass (closed loop: Little, in-flight; open loop: started over intended; both: stamping delay of the client, CPU throttling). Invalid and excluded windows are kept out of the pooled figures as long as another is left.',
  },
} as const satisfies Record<string, Definition>;

export type FigureName = keyof typeof FIGURES;

/** Every term of the report, by its id; figures name theirs. */
export const DEFINITIONS: Readonly<Record<FigureName | keyof typeof WORDS, Definition>> = { ...FIGURES, ...WORDS };
