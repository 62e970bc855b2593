import type { BlockHashes } from './block-hash.js';

/** A block whose contents are known, held by sequences or idle. */
interface NamedBlock {
  readonly key: number;
  readonly check: number;
  /** Sequences that hold it; 0: idle, in the list below. */
  holders: number;
  older: NamedBlock | null;
  newer: NamedBlock | null;
}

/** What one sequence holds of the cache. */
export interface Holding {
  /** Blocks in all, for the first `blocks` × block size tokens of the sequence. */
  blocks: number;
  /** Those among them that later sequences can find. The others are the sequence's own. */
  readonly named: NamedBlock[];
  /** Leading blocks that were looked at for naming; some were named by another sequence before. */
  considered: number;
}

/**
 * Blocks of keys and values: counted, not numbered. Held ones, idle ones that keep a finished sequence's contents in
 * order of their last use, and free ones make the capacity. Where room is needed and none is free, the idle one that
 * was used longest ago goes; a held one never does.
 */
export interface KvCache {
  readonly capacity: number;
  readonly blockSize: number;
  /** Blocks held by at least one sequence; one that several hold counts once. */
  used: number;
  idle: number;
  /** By `key`. Of two blocks with equal keys, one in four billion, only the first is kept. */
  readonly byKey: Map<number, NamedBlock>;
  /** Ends of the list of idle blocks. */
  oldest: NamedBlock | null;
  newest: NamedBlock | null;
}

export function createKvCache(capacity: number, blockSize: number): KvCache {
  return { capacity, blockSize, used: 0, idle: 0, byKey: new Map(), oldest: null, newest: null };
}

export function createHolding(): Holding {
  return { blocks: 0, named: [], considered: 0 };
}

/** How many of a sequence's leading blocks are cached, at most `limit`. */
export function cachedPrefix(cache: KvCache, hashes: BlockHashes, limit: number): number {
  const most = Math.min(limit, hashes.length);
  let blocks = 0;
  while (blocks < most && cache.byKey.get(hashes.keys[blocks]!)?.check === hashes.checks[blocks]) blocks++;
  return blocks;
}

/**
 * For a sequence that holds nothing: takes its first `shared` blocks, which are cached, and new ones for the rest of
 * `tokens`. False, and nothing changed, when there is no room.
 */
export function admit(
  cache: KvCache,
  holding: Holding,
  hashes: BlockHashes | null,
  shared: number,
  tokens: number,
): boolean {
  const found: NamedBlock[] = [];
  let woken = 0;
  for (let block = 0; block < shared; block++) {
    const named = cache.byKey.get(hashes!.keys[block]!)!;
    if (named.holders === 0) woken++;
    found.push(named);
  }
  const wanted = Math.ceil(tokens / cache.blockSize) - shared;
  if (cache.used + woken + wanted > cache.capacity) return false;
  for (const named of found) {
    if (named.holders === 0) wake(cache, named);
    named.holders++;
    holding.named.push(named);
  }
  holding.blocks = shared;
  holding.considered = shared;
  take(cache, holding, wanted);
  return true;
}

/** Makes room for `tokens` tokens in all; false, and nothing changed, when there is none. */
export function grow(cache: KvCache, holding: Holding, tokens: number): boolean {
  const wanted = Math.ceil(tokens / cache.blockSize) - holding.blocks;
  if (wanted <= 0) return true;
  if (cache.used + wanted > cache.capacity) return false;
  take(cache, holding, wanted);
  return true;
}

/** The first `tokens` tokens are (about to be) computed: from now on their full blocks can be found. */
export function nameBlocks(cache: KvCache, holding: Holding, hashes: BlockHashes, tokens: number): void {
  const full = Math.min(Math.floor(tokens / cache.blockSize), hashes.length);
  for (; holding.considered < full; holding.considered++) {
    const key = hashes.keys[holding.considered]!;
    if (cache.byKey.has(key)) continue; // computed twice at the same time: the first one keeps the name
    const check = hashes.checks[holding.considered]!;
    const named: NamedBlock = { key, check, holders: 1, older: null, newer: null };
    cache.byKey.set(key, named);
    holding.named.push(named);
  }
}

/** Gives everything back. Named blocks that nobody else holds stay as idle ones, the last of them the first to go. */
export function release(cache: KvCache, holding: Holding): void {
  cache.used -= holding.blocks - holding.named.length;
  for (let named = holding.named.pop(); named !== undefined; named = holding.named.pop()) {
    if (--named.holders > 0) continue;
    cache.used--;
    putToSleep(cache, named);
  }
  holding.blocks = 0;
  holding.considered = 0;
}

/** Forgets all contents; false, and nothing changed, while sequences hold blocks. */
export function forgetAll(cache: KvCache): boolean {
  if (cache.used > 0) return false;
  cache.byKey.clear();
  cache.oldest = null;
  cache.newest = null;
  cache.idle = 0;
  return true;
}

function take(cache: KvCache, holding: Holding, blocks: number): void {
  cache.used += blocks;
  holding.blocks += blocks;
  while (cache.used + cache.idle > cache.capacity) {
    const oldest = cache.oldest!;
    wake(cache, oldest);
    cache.used--;
    cache.byKey.delete(oldest.key);
  }
}

/** Out of the list of idle blocks, into use. */
function wake(cache: KvCache, named: NamedBlock): void {
  if (named.older === null) cache.oldest = named.newer;
  else named.older.newer = named.newer;
  if (named.newer === null) cache.newest = named.older;
  else named.newer.older = named.older;
  named.older = null;
  named.newer = null;
  cache.idle--;
  cache.used++;
}

function putToSleep(cache: KvCache, named: NamedBlock): void {
  named.older = cache.newest;
  if (cache.newest === null) cache.oldest = named;
  else cache.newest.newer = named;
  cache.newest = named;
  cache.idle++;
}
