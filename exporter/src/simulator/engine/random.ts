/** A small seeded generator (mulberry32) whose whole state is one number, so that it can live inside an engine's state. */
export interface RandomState {
  word: number;
}

export function seedRandom(seed: number): RandomState {
  return { word: seed >>> 0 };
}

/** Uniform in [0, 1). */
export function uniform(random: RandomState): number {
  random.word = (random.word + 0x6d2b79f5) >>> 0;
  let mixed = random.word;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** Standard normal (Box–Muller). */
export function normal(random: RandomState): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(random)));
  return radius * Math.cos(2 * Math.PI * uniform(random));
}

/** 1 + `ratio` × a standard normal cut at ±3; never below 0.1. A `ratio` of 0 draws nothing. */
export function noiseFactor(random: RandomState, ratio: number): number {
  if (ratio === 0) return 1;
  const deviation = Math.max(-3, Math.min(3, normal(random)));
  return Math.max(0.1, 1 + ratio * deviation);
}
