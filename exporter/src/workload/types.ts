/** One chat message as the OpenAI API takes it. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** What one turn asks; the target adds model, streaming options and sampling parameters of the spec. */
export interface TurnRequest {
  /** Messages for chat; a completions endpoint gets their contents joined by blank lines. */
  messages: readonly ChatMessage[];
  /** Upper limit of output tokens for this turn. */
  maxTokens: number;
  /** True asks the server to ignore the end-of-sequence token, so that exactly `maxTokens` come. */
  ignoreEos: boolean;
}

/**
 * Names one conversation. Equal keys (and equal specs) give equal questions; with salt on, different keys give
 * different prefixes. `level` is the index of the level in the plan, `slot` the user, `ordinal` the user's n-th
 * conversation in that level of that repetition.
 */
export interface ConversationKey {
  repetition: number;
  level: number;
  slot: number;
  ordinal: number;
}

/** One conversation of one virtual user. Turns are numbered from 1. */
export interface Conversation {
  readonly turns: number;
  /** Seconds the user thinks before this turn (0 before turn 1). */
  thinkSeconds(turn: number): number;
  /**
   * What to ask a second "user" model to get the user's message of this turn, or null when the message is known.
   * When not null, `supplyUserMessage` must be called before `request(turn)`.
   */
  followUpRequest(turn: number): TurnRequest | null;
  supplyUserMessage(turn: number, text: string): void;
  request(turn: number): TurnRequest;
  /** Keeps the assistant's answer, so that the next turn resends it. */
  recordAnswer(turn: number, text: string): void;
}

/** Source of conversations: pure and seeded; made once per worker thread from a `WorkloadPlan`. */
export interface Workload {
  /** Mean number of turns of a conversation. */
  readonly meanTurns: number;
  /** True when the answers' text is needed (history is resent); else the client may skip collecting it. */
  readonly needsAnswers: boolean;
  conversation(key: ConversationKey): Conversation;
}
