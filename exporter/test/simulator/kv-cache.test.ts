import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hashBlocks, type BlockHashes } from '../../src/simulator/engine/block-hash.js';
import {
  admit,
  cachedPrefix,
  createHolding,
  createKvCache,
  forgetAll,
  grow,
  nameBlocks,
  release,
  type Holding,
  type KvCache,
} from '../../src/simulator/engine/kv-cache.js';
import { tokenRange } from './engine-harness.js';

const BLOCK = 4;

/** A sequence of `blocks` full blocks in the cache, its contents named. */
function fill(cache: KvCache, hashes: BlockHashes, blocks: number): Holding {
  const holding = createHolding();
  const shared = cachedPrefix(cache, hashes, blocks);
  expect(admit(cache, holding, hashes, shared, blocks * BLOCK)).toBe(true);
  nameBlocks(cache, holding, hashes, blocks * BLOCK);
  return holding;
}

function namesOf(tokens: readonly number[]): string[] {
  const { keys, checks } = hashBlocks(tokens, BLOCK);
  return [...keys].map((key, block) => `${key}:${checks[block]}`);
}

function hashesOf(family: number, blocks: number): BlockHashes {
  return hashBlocks(tokenRange(family * 1000, blocks * BLOCK), BLOCK);
}

describe('block hashes', () => {
  it('name full blocks only', () => {
    expect(hashBlocks(tokenRange(0, 11), BLOCK)).toHaveLength(2);
  });

  it('stay the same when more tokens follow', () => {
    expect(namesOf(tokenRange(0, 12)).slice(0, 2)).toEqual(namesOf(tokenRange(0, 8)));
  });

  it('differ from the first other token on, to the end', () => {
    fc.assert(
      fc.property(fc.nat({ max: 63 }), (place) => {
        const tokens = tokenRange(0, 64);
        const other = tokens.with(place, 999_999);
        const [first, second] = [namesOf(tokens), namesOf(other)];
        const equal = first.map((name, block) => name === second[block]);
        expect(equal).toEqual(equal.map((_, block) => block < Math.floor(place / BLOCK)));
      }),
    );
  });

  it('do not collide among half a million blocks', () => {
    expect(new Set(namesOf(tokenRange(0, 2_000_000))).size).toBe(500_000);
  });
});

describe('the KV cache', () => {
  it('keeps what a sequence leaves, and gives it to the next one that begins alike', () => {
    const cache = createKvCache(10, BLOCK);
    const hashes = hashesOf(1, 5);
    release(cache, fill(cache, hashes, 3));
    expect([cache.used, cache.idle]).toEqual([0, 3]);
    expect(cachedPrefix(cache, hashes, 5)).toBe(3);
    fill(cache, hashes, 5);
    expect([cache.used, cache.idle]).toEqual([5, 0]);
  });

  it('counts a block that two sequences hold once', () => {
    const cache = createKvCache(10, BLOCK);
    const first = fill(cache, hashesOf(1, 3), 3);
    const second = fill(cache, hashesOf(1, 3), 3);
    expect(cache.used).toBe(3);
    release(cache, first);
    expect(cache.used).toBe(3);
    release(cache, second);
    expect(cache.used).toBe(0);
  });

  it('gives up what was used longest ago first, and of one sequence its end first', () => {
    const cache = createKvCache(6, BLOCK);
    release(cache, fill(cache, hashesOf(1, 3), 3));
    release(cache, fill(cache, hashesOf(2, 3), 3));
    release(cache, fill(cache, hashesOf(1, 1), 1)); // used again: its first block is now the newest
    fill(cache, hashesOf(3, 2), 2);
    expect(cachedPrefix(cache, hashesOf(1, 3), 3)).toBe(1);
    expect(cachedPrefix(cache, hashesOf(2, 3), 3)).toBe(3);
    fill(cache, hashesOf(4, 1), 1);
    expect(cachedPrefix(cache, hashesOf(2, 3), 3)).toBe(2);
  });

  it('has no room for a sequence when all blocks are held, and changes nothing', () => {
    const cache = createKvCache(4, BLOCK);
    fill(cache, hashesOf(1, 3), 3);
    const holding = createHolding();
    expect(admit(cache, holding, hashesOf(2, 2), 0, 2 * BLOCK)).toBe(false);
    expect([cache.used, holding.blocks]).toEqual([3, 0]);
    expect(grow(cache, holding, 2 * BLOCK)).toBe(false);
  });

  it('forgets everything only when nothing is held', () => {
    const cache = createKvCache(4, BLOCK);
    const holding = fill(cache, hashesOf(1, 2), 2);
    expect(forgetAll(cache)).toBe(false);
    release(cache, holding);
    expect(forgetAll(cache)).toBe(true);
    expect(cachedPrefix(cache, hashesOf(1, 2), 2)).toBe(0);
  });

  it('conserves blocks and never lets go of one that is held, whatever is asked of it', () => {
    const action = fc.record({
      kind: fc.constantFrom('start', 'grow', 'end'),
      family: fc.integer({ min: 0, max: 3 }),
      blocks: fc.integer({ min: 1, max: 8 }),
      which: fc.nat({ max: 10 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 30 }), fc.array(action, { maxLength: 60 }), (capacity, actions) => {
        const cache = createKvCache(capacity, BLOCK);
        const held: { holding: Holding; hashes: BlockHashes }[] = [];
        for (const { kind, family, blocks, which } of actions) {
          const chosen = held[which % Math.max(1, held.length)];
          if (kind === 'start') {
            const hashes = hashesOf(family, 12);
            const holding = createHolding();
            if (!admit(cache, holding, hashes, cachedPrefix(cache, hashes, blocks), blocks * BLOCK)) continue;
            nameBlocks(cache, holding, hashes, blocks * BLOCK);
            held.push({ holding, hashes });
          } else if (kind === 'grow' && chosen !== undefined) {
            const tokens = (chosen.holding.blocks + 1) * BLOCK;
            if (grow(cache, chosen.holding, tokens)) nameBlocks(cache, chosen.holding, chosen.hashes, tokens);
          } else if (kind === 'end' && chosen !== undefined) {
            release(cache, chosen.holding);
            held.splice(held.indexOf(chosen), 1);
          }
          const named = new Set(held.flatMap(({ holding }) => holding.named));
          const own = held.reduce((sum, { holding }) => sum + holding.blocks - holding.named.length, 0);
          expect(cache.used).toBe(named.size + own);
          expect(cache.used + cache.idle).toBeLessThanOrEqual(capacity);
          expect(cache.byKey.size).toBe(named.size + cache.idle);
          for (const block of named) expect(cache.byKey.get(block.key)).toBe(block);
        }
      }),
      { numRuns: 200 },
    );
  });
});
