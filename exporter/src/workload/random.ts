import type { Distribution } from '../config/spec.js';
import type { ConversationKey } from './types.js';

/** A stream of numbers that is the same for the same origin, on every machine. */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Uniform whole number in [0, bound). */
  below(bound: number): number;
  /** Standard normal. */
  normal(): number;
}

/** Widths in bits of the key's parts in its hash; a part beyond its width wraps around. */
const KEY_BITS = { repetition: 10, level: 10, slot: 20, ordinal: 24 } as const;

/** The finaliser of splitmix64 (Steele, Lea, Flood 2014): every bit of the input moves every bit; one-to-one. */
function mix64(value: bigint): bigint {
  let mixed = BigInt.asUintN(64, value + 0x9e3779b97f4a7c15n);
  mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n);
  mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
  return mixed ^ (mixed >> 31n);
}

/**
 * A 64-bit number for a conversation under a seed. One-to-one for a given seed: two keys never share it, as long as
 * there are at most 1,024 repetitions and levels, 2^20 slots and 2^24 conversations of one slot in one level.
 */
export function hashKey(seed: number, key: ConversationKey): bigint {
  let packed = 0n;
  for (const part of ['repetition', 'level', 'slot', 'ordinal'] as const) {
    const bits = KEY_BITS[part];
    packed = (packed << BigInt(bits)) | BigInt.asUintN(bits, BigInt(key[part]));
  }
  return mix64(packed ^ mix64(BigInt(seed)));
}

/** A 64-bit number for a seed alone, for what is the same in all conversations. */
export function hashSeed(seed: number): bigint {
  return mix64(mix64(BigInt(seed)) ^ 0xffffffffffffffffn);
}

/** FNV-1a, 32 bits, of the UTF-16 code units. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** sfc32 of Chris Doty-Humphrey's PractRand: small, fast, passes its tests; period at least 2^32. */
class Sfc32 implements Random {
  private counter = 1;

  constructor(
    private a: number,
    private b: number,
    private c: number,
  ) {
    for (let i = 0; i < 12; i++) this.next();
  }

  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  }

  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** Box and Muller 1958; the second value of the pair is thrown away to keep a draw free of state. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }
}

/** The stream called `name` of a hash: streams of different names don't depend on how much of each other is used. */
export function randomOf(hash: bigint, name: string): Random {
  const high = Number(hash >> 32n);
  const low = Number(hash & 0xffffffffn);
  return new Sfc32(high | 0, low | 0, hashText(name) | 0);
}

/** The numbers 0 … size − 1 in a seeded order (Fisher and Yates). */
export function permutation(size: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: size }, (_, index) => index);
  for (let last = size - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const moved = order[last]!;
    order[last] = order[other]!;
    order[other] = moved;
  }
  return order;
}

function clip(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

/** One draw, clipped to the distribution's bounds, not rounded: for times in seconds. */
export function draw(distribution: Distribution, random: Random): number {
  switch (distribution.kind) {
    case 'fixed':
      return distribution.value;
    case 'uniform':
      return distribution.min + (distribution.max - distribution.min) * random.next();
    case 'normal': {
      const { mean, stddev, min, max } = distribution;
      return clip(mean + stddev * random.normal(), min, max);
    }
    case 'lognormal': {
      const { median, sigma, min, max } = distribution;
      return clip(median * Math.exp(sigma * random.normal()), min, max);
    }
  }
}

/** One draw as a whole number of at least 1: for token counts. All whole numbers of a uniform range are equally likely. */
export function drawCount(distribution: Distribution, random: Random): number {
  if (distribution.kind !== 'uniform') return Math.max(1, Math.round(draw(distribution, random)));
  const min = Math.ceil(distribution.min);
  const max = Math.floor(distribution.max);
  return Math.max(1, min + random.below(Math.max(1, max - min + 1)));
}
