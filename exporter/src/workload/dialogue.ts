import type { ChatMessage, Conversation, TurnRequest } from './types.js';

/** What a conversation is going to say, apart from the server's answers. Turns are numbered from 1. */
export interface DialogueScript {
  readonly turns: number;
  /** The message before the first question; null: none. */
  readonly system: string | null;
  readonly ignoreEos: boolean;
  /** The user's message of a turn; null: a second model writes it. */
  userMessage(turn: number): string | null;
  maxTokens(turn: number): number;
  thinkSeconds(turn: number): number;
  /** Asks the second model for the next message, after the user's last message and the answer to it. */
  askUser(turn: number, lastMessage: string, lastAnswer: string): TurnRequest | null;
}

/** Stands in where a second model wrote nothing. */
export const FALLBACK_FOLLOW_UP = 'Please go on, and give an example of what you have just said.';

/** A conversation that plays a script and resends the real answers. */
export class Dialogue implements Conversation {
  readonly turns: number;
  private readonly supplied = new Map<number, string>();
  private readonly answers = new Map<number, string>();

  constructor(private readonly script: DialogueScript) {
    this.turns = script.turns;
  }

  thinkSeconds(turn: number): number {
    this.check(turn);
    return turn === 1 ? 0 : this.script.thinkSeconds(turn);
  }

  followUpRequest(turn: number): TurnRequest | null {
    this.check(turn);
    if (this.messageOf(turn) !== null) return null;
    return this.script.askUser(turn, this.userMessage(turn - 1), this.answer(turn - 1));
  }

  /** Empty text is replaced by `FALLBACK_FOLLOW_UP`: an empty message would be refused by many servers. */
  supplyUserMessage(turn: number, text: string): void {
    this.check(turn);
    const message = text.trim();
    this.supplied.set(turn, message === '' ? FALLBACK_FOLLOW_UP : message);
  }

  request(turn: number): TurnRequest {
    this.check(turn);
    const messages: ChatMessage[] = [];
    if (this.script.system !== null) messages.push({ role: 'system', content: this.script.system });
    for (let past = 1; past < turn; past++) {
      messages.push({ role: 'user', content: this.userMessage(past) });
      messages.push({ role: 'assistant', content: this.answer(past) });
    }
    messages.push({ role: 'user', content: this.userMessage(turn) });
    return { messages, maxTokens: this.script.maxTokens(turn), ignoreEos: this.script.ignoreEos };
  }

  recordAnswer(turn: number, text: string): void {
    this.check(turn);
    this.answers.set(turn, text);
  }

  private messageOf(turn: number): string | null {
    return this.script.userMessage(turn) ?? this.supplied.get(turn) ?? null;
  }

  private userMessage(turn: number): string {
    const message = this.messageOf(turn);
    if (message === null) throw new Error(`turn ${turn} has no user message yet: supplyUserMessage comes first`);
    return message;
  }

  private answer(turn: number): string {
    const answer = this.answers.get(turn);
    if (answer === undefined) throw new Error(`turn ${turn} has no answer yet: recordAnswer comes first`);
    return answer;
  }

  private check(turn: number): void {
    if (Number.isInteger(turn) && turn >= 1 && turn <= this.turns) return;
    throw new RangeError(`a conversation of ${this.turns} turns has no turn ${turn}`);
  }
}

/** A conversation of one question. */
export function singleTurn(question: string, maxTokens: number, ignoreEos: boolean): Conversation {
  return new Dialogue({
    turns: 1,
    system: null,
    ignoreEos,
    userMessage: () => question,
    maxTokens: () => maxTokens,
    thinkSeconds: () => 0,
    askUser: () => null,
  });
}
