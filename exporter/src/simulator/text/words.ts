import { MESSAGE_END } from './chat-template.js';
import { tokenIds } from './tokenizer.js';

/** Plain words; none needs escaping in JSON, and each is one token of `tokenizer.ts`. */
const WORDS = (
  'the river bends past a mill where folk trade grain for cloth and salt each year when cold comes they mend roofs ' +
  'carry wood count sacks then wait while snow falls on quiet land in march water rises boats come home with news of ' +
  'towns far north girls learn to read old maps by lamp light some will leave many stay'
).split(' ');

const PIECES = WORDS.map((word) => ` ${word}`);
const PIECE_IDS = WORDS.map((word) => tokenIds(word)[0]!);

/** A source of the words of one answer: equal seeds, equal answers. */
export class AnswerText {
  private word: number;

  constructor(seed: number) {
    this.word = seed >>> 0;
  }

  /** The next token's text, with its leading blank; ASCII only. */
  next(): string {
    return PIECES[this.advance()]!;
  }

  /** The next token's number, instead of its text. */
  nextId(): number {
    return PIECE_IDS[this.advance()]!;
  }

  /** True for about one token in 40: real tokenizers have tokens that add no visible character by themselves. */
  nextIsInvisible(): boolean {
    return ((this.word >>> 8) & 0xffff) < 0x10000 / 40;
  }

  private advance(): number {
    this.word = (Math.imul(this.word, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.word / 2 ** 32) * PIECES.length);
  }
}

/** The whole text of an answer; the last token of one that stops by itself is invisible. */
export function answerText(seed: number, outputTokens: number, finish: 'stop' | 'length'): string {
  const words = new AnswerText(seed);
  let text = '';
  for (let token = finish === 'stop' ? 1 : 0; token < outputTokens; token++) text += words.next();
  return text;
}

/** `prompt` with the tokens of the answer that follows it: what the KV cache holds at the request's end. */
export function withAnswerTokens(
  prompt: Uint32Array,
  seed: number,
  outputTokens: number,
  finish: 'stop' | 'length',
): Uint32Array {
  const tokens = new Uint32Array(prompt.length + outputTokens);
  tokens.set(prompt);
  const words = new AnswerText(seed);
  for (let place = prompt.length; place < tokens.length; place++) tokens[place] = words.nextId();
  if (finish === 'stop') tokens[tokens.length - 1] = MESSAGE_END;
  return tokens;
}
