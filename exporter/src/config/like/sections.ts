import type { FlagValues } from './flags.js';
import type { Written } from './types.js';

/** A map without the keys that are undefined or null. */
export function present(written: Written): Written {
  return Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined && value !== null));
}

/** As `present`; undefined when nothing is left, so that the section is not written at all. */
export function section(written: Written): Written | undefined {
  const left = present(written);
  return Object.keys(left).length === 0 ? undefined : left;
}

/** A normal distribution of whole tokens, or the mean alone where it does not vary. */
export function normalTokens(mean: number, stddev: number): unknown {
  return stddev > 0 ? { normal: { mean, stddev } } : mean;
}

/** As vLLM's bench draws whole lengths: evenly from ⌊n(1 − r)⌋ to ⌈n(1 + r)⌉, at least 1. */
export function aroundTokens(tokens: number, ratio: number): unknown {
  if (ratio === 0) return tokens;
  return { uniform: [Math.max(1, Math.floor(tokens * (1 - ratio))), Math.ceil(tokens * (1 + ratio))] };
}

const GREATEST_SEED = 2 ** 32 - 1;

/** A seed that the spec can hold; a problem where it can't. */
export function seedOf(values: FlagValues, name: string, fallback: number): number {
  const seed = values.integer(name) ?? fallback;
  if (seed > GREATEST_SEED) values.fail(`${name} must be at most ${GREATEST_SEED}, got ${seed}`);
  return seed;
}

export type Endpoint = 'chat' | 'completions';

/** Takes the endpoint's own path off a URL: the client adds it. */
export function baseOf(url: string): string {
  return url.replace(/\/(?:v1\/)?(?:chat\/)?completions\/?$/, '').replace(/\/+$/, '');
}

/** Body fields as the spec has them: those with a place of their own apart from the others. */
export function requestOf(body: Written): { temperature?: unknown; ignoreEos?: unknown; extraBody?: Written } {
  const { temperature, ignore_eos: ignoreEos, ...rest } = body;
  const extraBody = section(rest);
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(ignoreEos === undefined ? {} : { ignoreEos }),
    ...(extraBody === undefined ? {} : { extraBody }),
  };
}
