/** One number for each full KV block of a sequence; equal numbers mean equal blocks after equal beginnings. */
export type BlockHashes = Float64Array;

const LOW_BITS = 2 ** 21;

/**
 * Names each full block by its tokens and the name of the block before it, so that a name stands for everything from
 * the start up to the block's end (vLLM's automatic prefix caching). 53 bits: among a million blocks the odds of a
 * mistaken match are 1 in 18,000.
 */
export function hashBlocks(tokens: ArrayLike<number>, blockSize: number): BlockHashes {
  const hashes = new Float64Array(Math.floor(tokens.length / blockSize));
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
  for (let block = 0; block < hashes.length; block++) {
    const end = (block + 1) * blockSize;
    for (let index = end - blockSize; index < end; index++) {
      const token = tokens[index]!;
      high = Math.imul(high ^ token, 0x01000193);
      high ^= high >>> 15;
      low = Math.imul(low ^ token, 0x85ebca6b);
      low ^= low >>> 13;
    }
    hashes[block] = (high >>> 0) * LOW_BITS + ((low >>> 0) % LOW_BITS);
  }
  return hashes;
}
