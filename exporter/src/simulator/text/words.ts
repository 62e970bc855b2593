/** 64 plain words; none needs escaping in JSON. */
const WORDS = (
  'the river bends past a mill where people trade grain for cloth and salt each year before winter they mend roofs ' +
  'carry wood count stores then wait while snow falls on quiet fields in spring water rises boats return with news ' +
  'of towns far north children learn to read old maps by lamp light some will leave others stay'
).split(' ');

/** A source of the words of one answer: equal seeds, equal answers. */
export class AnswerText {
  private word: number;

  constructor(seed: number) {
    this.word = seed >>> 0;
  }

  /** The next token's text, with its leading blank; ASCII only. */
  next(): string {
    this.word = (Math.imul(this.word, 1664525) + 1013904223) >>> 0;
    return PIECES[Math.floor((this.word / 2 ** 32) * PIECES.length)]!;
  }

  /** True for about one token in 40: real tokenizers have tokens that add no visible character by themselves. */
  nextIsInvisible(): boolean {
    return ((this.word >>> 8) & 0xffff) < 0x10000 / 40;
  }
}

const PIECES = WORDS.map((word) => ` ${word}`);
