/**
 * Names of the full KV blocks of a sequence, in order: 64 bits each, as two whole numbers, because looking up a number
 * with a fraction's representation costs several times as much. Equal names mean equal blocks after equal beginnings.
 */
export interface BlockHashes {
  readonly length: number;
  /** What blocks are looked up by. */
  readonly keys: Int32Array;
  /** What tells blocks with equal keys apart. */
  readonly checks: Int32Array;
}

/**
 * Names each full block by its tokens and the name of the block before it, so that a name stands for everything from
 * the start up to the block's end (vLLM's automatic prefix caching).
 */
export function hashBlocks(tokens: ArrayLike<number>, blockSize: number): BlockHashes {
  const length = Math.floor(tokens.length / blockSize);
  const keys = new Int32Array(length);
  const checks = new Int32Array(length);
  let key = 0x811c9dc5;
  let check = 0x9747b28c;
  for (let block = 0; block < length; block++) {
    const end = (block + 1) * blockSize;
    for (let index = end - blockSize; index < end; index++) {
      const token = tokens[index]!;
      key = Math.imul(key ^ token, 0x01000193);
      key ^= key >>> 15;
      check = Math.imul(check ^ token, 0x85ebca6b);
      check ^= check >>> 13;
    }
    keys[block] = key;
    checks[block] = check;
  }
  return { length, keys, checks };
}
