import { hashText, tokenIds } from './tokenizer.js';

/** One message as the template takes it. */
export interface TemplateMessage {
  role: string;
  content: string;
}

/** Numbers that no text yields: the tokenizer's are below 151,000. */
const MESSAGE_START = 151_001;
const LINE_BREAK = 151_003;
/** Ends a message, and an answer that ends by itself. */
export const MESSAGE_END = 151_002;
const ROLES = 151_100;
/** Characters of text whose tokens are remembered. */
const MEMORY_CHARACTERS = 32 * 2 ** 20;

/**
 * Tokens of whole prompts, as ChatML writes them: start, role, line break, content, end, line break for each message,
 * then start, role and line break of the answer to come. An answer's own tokens (`answerTokens`) thus come back number
 * for number when the next turn resends it. Texts that come again, as a conversation's past does, are tokenised once.
 */
export class PromptTokenizer {
  private remembered = new Map<string, KnownText>();
  private characters = 0;

  chat(messages: readonly TemplateMessage[]): Uint32Array {
    const contents = messages.map(({ content }) => this.text(content));
    const tokens = new Uint32Array(contents.reduce((sum, { length }) => sum + length + 5, 3));
    let place = 0;
    messages.forEach(({ role }, index) => {
      place = openMessage(tokens, place, role);
      tokens.set(contents[index]!, place);
      place += contents[index]!.length;
      tokens[place++] = MESSAGE_END;
      tokens[place++] = LINE_BREAK;
    });
    openMessage(tokens, place, 'assistant');
    return tokens;
  }

  text(text: string): Uint32Array {
    return this.known(text).tokens;
  }

  /** `hashText(text, seed)`: in a conversation's past a text always comes with the same seed, the hash of all before it. */
  hash(text: string, seed: number): number {
    const known = this.known(text);
    if (known.seed !== seed) [known.seed, known.hash] = [seed, hashText(text, seed)];
    return known.hash;
  }

  private known(text: string): KnownText {
    const known = this.remembered.get(text);
    if (known !== undefined) return known;
    const made = { tokens: Uint32Array.from(tokenIds(text)), seed: NaN, hash: NaN };
    this.characters += text.length;
    if (this.characters > MEMORY_CHARACTERS) {
      this.remembered = new Map();
      this.characters = text.length;
    }
    this.remembered.set(text, made);
    return made;
  }
}

interface KnownText {
  tokens: Uint32Array;
  /** With which `hash` was last asked for. */
  seed: number;
  hash: number;
}

function openMessage(tokens: Uint32Array, place: number, role: string): number {
  tokens[place] = MESSAGE_START;
  tokens[place + 1] = ROLES + (hashText(role) % 1000);
  tokens[place + 2] = LINE_BREAK;
  return place + 3;
}
