/** 95 % interval of one quantile. */
export interface Interval {
  lower: number;
  upper: number;
}

const SEED = 0x5eed;
const { floor, imul } = Math;

/** Small seeded generator for resampling (mulberry32): uniform in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Ranks of the sorted values, block by block: block b has `ranks[starts[b]] … ranks[starts[b + 1] − 1]`. */
interface RanksByBlock {
  starts: Uint32Array;
  ranks: Uint32Array;
  used: Uint32Array;
}

function ranksByBlock(order: Uint32Array, blocks: Uint32Array): RanksByBlock {
  let top = 0;
  for (const block of blocks) if (block > top) top = block;
  const starts = new Uint32Array(top + 2);
  for (const block of blocks) starts[block + 1]! += 1;
  const used: number[] = [];
  for (let block = 0; block <= top; block++) {
    if (starts[block + 1]! > 0) used.push(block);
    starts[block + 1]! += starts[block]!;
  }
  const next = starts.slice();
  const ranks = new Uint32Array(order.length);
  order.forEach((value, rank) => {
    ranks[next[blocks[value]!]!++] = rank;
  });
  return { starts, ranks, used: Uint32Array.from(used) };
}

/** Draws as many blocks as there are, with replacement, into `counts` (times each rank was drawn); returns their size. */
function drawBlocks({ starts, ranks, used }: RanksByBlock, random: () => number, counts: Uint16Array): number {
  counts.fill(0);
  let total = 0;
  for (let draw = 0; draw < used.length; draw++) {
    const block = used[floor(random() * used.length)]!;
    const end = starts[block + 1]!;
    for (let i = starts[block]!; i < end; i++) counts[ranks[i]!]! += 1;
    total += end - starts[block]!;
  }
  return total;
}

/**
 * Percentile intervals of quantiles from `replicates` resamples of whole blocks (Efron 1979; blocks as in Davison and
 * Hinkley 1997, §3.8): the turns of one conversation go together. Seeded: the same sample gives the same interval.
 * `qs` ascending.
 */
export function blockBootstrap(
  values: Float64Array,
  blocks: Uint32Array,
  qs: readonly number[],
  replicates: number,
): Interval[] {
  return blockBootstrapValues(values, blocks, qs, replicates).map((estimates) => {
    estimates.sort();
    return { lower: valueAt(estimates, 0.025), upper: valueAt(estimates, 0.975) };
  });
}

/** As `blockBootstrap`: for each of `qs` the quantile in each resample, in the order drawn. */
export function blockBootstrapValues(
  values: Float64Array,
  blocks: Uint32Array,
  qs: readonly number[],
  replicates: number,
): Float64Array[] {
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const grouped = ranksByBlock(order, blocks);
  const random = seededRandom(SEED);
  const counts = new Uint16Array(values.length);
  const found = qs.map(() => new Float64Array(replicates));
  for (let replicate = 0; replicate < replicates; replicate++) {
    const total = drawBlocks(grouped, random, counts);
    let rank = -1;
    let seen = 0;
    qs.forEach((q, index) => {
      const wanted = nearestRank(total, q);
      while (seen < wanted) seen += counts[++rank]!;
      found[index]![replicate] = values[order[rank]!]!;
    });
  }
  return found;
}

/** ⌈q·n⌉, at least 1; safe against q·n landing a hair above a whole number (0.95 × 20 is 19, not 20). */
export function nearestRank(n: number, q: number): number {
  return Math.min(n, Math.max(1, Math.ceil(q * n - 1e-9)));
}

/** Nearest-rank quantile of ascending values; NaN when there are none. */
export function valueAt(sorted: Float64Array, q: number): number {
  return sorted[nearestRank(sorted.length, q) - 1] ?? NaN;
}
