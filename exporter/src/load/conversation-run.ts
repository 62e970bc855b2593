import type { Clock, Timer } from '../clock/clock.js';
import type { ConversationOutcome } from '../measure/observations.js';
import type { SlotState } from '../measure/records.js';
import type { Channel, Exchange, ExchangeListener, Target } from '../target/types.js';
import type { Conversation, Workload } from '../workload/types.js';
import type { Journal } from './journal.js';

/** What all users of a worker share. */
export interface UserRoom {
  clock: Clock;
  target: Target;
  /** The second "user" model that writes follow-ups; null where the workload needs none. */
  followUpTarget: Target | null;
  workload: Workload;
  journal: Journal;
  requestPrefix: string;
  /** Seeded numbers in [0, 1) for jitter. */
  random: () => number;
  nextConversation(): number;
}

export interface ConversationEnd {
  outcome: ConversationOutcome;
  retryAfterSeconds: number;
}

/** The level that is current; requests belong to the one current at their start. */
export interface LevelPlace {
  repetition: number;
  level: number;
}

export interface ConversationStart {
  conversation: Conversation;
  slot: number;
  place: () => LevelPlace;
  /** `Clock.now()` seconds of the intended first request; NaN in closed loop. */
  intendedAt: number;
}

/**
 * One conversation held by one user over one channel: think, get the follow-up, ask, listen, again. A failed turn ends
 * it; there are no retries.
 */
export class ConversationRun implements ExchangeListener {
  private turn = 1;
  private request = -1;
  private countedTokens = 0;
  private exchange: Exchange | null = null;
  private waiting: Timer | null = null;
  private followUp: Exchange | null = null;
  private retiring = false;
  private over = false;
  private beganAt = NaN;
  private intendedAt: number;
  private readonly number: number;

  constructor(
    private readonly room: UserRoom,
    private readonly channel: Channel,
    private readonly what: ConversationStart,
    private readonly done: (end: ConversationEnd) => void,
  ) {
    this.number = room.nextConversation();
    this.intendedAt = what.intendedAt;
  }

  start(): void {
    this.beginTurn();
  }

  /** Ends it after the turn under way, or now where the user only waits. */
  retire(): void {
    this.retiring = true;
    if (this.exchange === null) this.finish('retired', NaN);
  }

  /** Takes `retire` back, if the turn is still under way. */
  keep(): void {
    this.retiring = false;
  }

  cut(): void {
    this.retiring = true;
    if (this.exchange === null) this.finish('retired', NaN);
    else this.exchange.cancel('aborted');
  }

  onTokenChunk(exchange: Exchange, at: number, tokens: number, gapSeconds: number): void {
    this.countedTokens += tokens;
    this.room.journal.tokenChunk(this.request, exchange, this.turn, at, tokens, gapSeconds);
  }

  onEnd(exchange: Exchange): void {
    this.exchange = null;
    this.room.journal.ended(this.request, exchange, this.countedTokens);
    if (exchange.outcome !== 'ok') return this.finish('error', exchange.retryAfterSeconds);
    if (this.turn >= this.what.conversation.turns) return this.finish('completed', NaN);
    if (this.retiring) return this.finish('retired', NaN);
    this.what.conversation.recordAnswer(this.turn, exchange.text);
    this.turn += 1;
    this.intendedAt = this.openLoop ? exchange.endedAt : NaN;
    this.beginTurn();
  }

  private get openLoop(): boolean {
    return !Number.isNaN(this.what.intendedAt);
  }

  private beginTurn(): void {
    const think = this.turn === 1 ? 0 : this.what.conversation.thinkSeconds(this.turn);
    if (think <= 0) return this.getFollowUp();
    this.intendedAt += think;
    this.state('think');
    this.waiting = this.room.clock.timer(think, () => this.getFollowUp());
  }

  private getFollowUp(): void {
    if (this.over) return;
    const request = this.what.conversation.followUpRequest(this.turn);
    if (request === null || this.room.followUpTarget === null) return this.ask();
    this.state('followup');
    const askedAt = this.room.clock.now();
    const channel = this.room.followUpTarget.channel();
    const options = { requestId: `${this.room.requestPrefix}-u${this.number}-${this.turn}`, collectText: true };
    this.followUp = channel.send(request, options, {
      onTokenChunk: () => undefined,
      onEnd: (exchange) => {
        channel.close();
        this.followUp = null;
        if (this.over) return;
        if (exchange.outcome !== 'ok') return this.finish('error', exchange.retryAfterSeconds);
        this.intendedAt += exchange.endedAt - askedAt;
        this.what.conversation.supplyUserMessage(this.turn, exchange.text);
        this.ask();
      },
    });
  }

  private ask(): void {
    if (this.over) return;
    const { room, what } = this;
    this.request = room.journal.requestNumber();
    this.countedTokens = 0;
    this.state('running');
    const requestId = `${room.requestPrefix}-${this.request}`;
    const collectText = room.workload.needsAnswers;
    this.exchange = this.channel.send(what.conversation.request(this.turn), { requestId, collectText }, this);
    if (this.turn === 1) this.beganAt = this.exchange.startedAt;
    const place = {
      slot: what.slot,
      conversation: this.number,
      turn: this.turn,
      level: what.place().level,
      intendedAt: this.intendedAt,
    };
    room.journal.started(this.request, this.exchange, place);
  }

  private finish(outcome: ConversationOutcome, retryAfterSeconds: number): void {
    if (this.over) return;
    this.over = true;
    this.waiting?.cancel();
    this.followUp?.cancel('aborted');
    if (!Number.isNaN(this.beganAt)) this.room.journal.conversationEnded(this.beganAt, this.turn, outcome);
    this.done({ outcome, retryAfterSeconds });
  }

  private state(state: SlotState): void {
    this.room.journal.slot(this.what.slot, state);
  }
}
