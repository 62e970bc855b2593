import { WORDS } from './words.js';

const BITS = 10;
/** Words that carry 64 bits at 10 bits a word. */
const SALT_WORDS = 7;

/** Seven words that stand for a 64-bit hash: other hash, other words; seven tokens for most vocabularies. */
export function saltWords(hash: bigint): string[] {
  return Array.from({ length: SALT_WORDS }, (_, index) => {
    const place = Number((hash >> BigInt(index * BITS)) & 0x3ffn);
    return WORDS[place]!;
  });
}

/** The salt put before a text, as its very first characters, so that no cache block of the text is shared. */
export function salted(hash: bigint, text: string): string {
  return `${saltWords(hash).join(' ')}.\n\n${text}`;
}
