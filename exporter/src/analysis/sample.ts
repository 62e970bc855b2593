/**
 * Values with the conversation each belongs to, both in typed columns. Turns of one conversation resemble each other,
 * so they are blocks, not independent values. Blocks are numbered 0, 1, … by `BlockNumbers`.
 */
export class Sample {
  private values: Float64Array;
  private blockOf: Uint32Array;
  size = 0;

  constructor(capacity = 1024) {
    this.values = new Float64Array(capacity);
    this.blockOf = new Uint32Array(capacity);
  }

  /** Adds a value unless it is NaN: unknown is not an observation. */
  add(value: number, block: number): void {
    if (Number.isNaN(value)) return;
    if (this.size === this.values.length) this.grow();
    this.values[this.size] = value;
    this.blockOf[this.size] = block;
    this.size += 1;
  }

  /** The values in the order they were added; a view. */
  get data(): Float64Array {
    return this.values.subarray(0, this.size);
  }

  /** Block of each value; a view. */
  get blocks(): Uint32Array {
    return this.blockOf.subarray(0, this.size);
  }

  private grow(): void {
    const values = new Float64Array(this.size * 2);
    const blockOf = new Uint32Array(this.size * 2);
    values.set(this.values);
    blockOf.set(this.blockOf);
    this.values = values;
    this.blockOf = blockOf;
  }
}

/** Numbers conversations 0, 1, … in order of appearance. */
export class BlockNumbers {
  private readonly numbers = new Map<number, number>();

  of(conversation: number): number {
    const known = this.numbers.get(conversation);
    if (known !== undefined) return known;
    this.numbers.set(conversation, this.numbers.size);
    return this.numbers.size - 1;
  }
}

/** Number of values in each block that has any, and whether a block has more than one. */
export interface BlockSizes {
  /** Blocks with at least one value. */
  blocks: number;
  /** True when some block has several values, so that values are not independent. */
  dependent: boolean;
}

export function blockSizes(blocks: Uint32Array): BlockSizes {
  const counts = new Uint32Array(highest(blocks) + 1);
  let used = 0;
  for (const block of blocks) if (counts[block]!++ === 0) used += 1;
  return { blocks: used, dependent: used < blocks.length };
}

/** Sum of `weight(index)` over the values of each block. */
export function sumsByBlock(blocks: Uint32Array, weight: (index: number) => number): Float64Array {
  const sums = new Float64Array(highest(blocks) + 1);
  for (let i = 0; i < blocks.length; i++) sums[blocks[i]!]! += weight(i);
  return sums;
}

/**
 * How many independent values a share or mean over blocks is worth (Kish's effective sample size): n divided by the
 * ratio of the variance between blocks to that of independent values, never more than n. `centred(i)` is the deviation
 * of value i from the estimate, `variance` that of one value.
 */
export function effectiveSize(blocks: Uint32Array, centred: (index: number) => number, variance: number): number {
  const n = blocks.length;
  const used = blockSizes(blocks).blocks;
  if (used < 2 || !(variance > 0)) return used;
  let between = 0;
  for (const sum of sumsByBlock(blocks, centred)) between += sum * sum;
  const designEffect = Math.max(1, ((between / n) * (used / (used - 1))) / variance);
  return Math.max(1, n / designEffect);
}

function highest(blocks: Uint32Array): number {
  let top = -1;
  for (const block of blocks) if (block > top) top = block;
  return top;
}
