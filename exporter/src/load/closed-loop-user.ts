import type { Timer } from '../clock/clock.js';
import type { Channel } from '../target/types.js';
import { Backoff } from './backoff.js';
import { ConversationRun, type ConversationEnd, type LevelPlace, type UserRoom } from './conversation-run.js';
import type { Ordinals } from './ordinals.js';
import type { Permits } from './permits.js';

/** A virtual user: holds conversation after conversation until retired, backing off after failures. */
export class ClosedLoopUser {
  private channel: Channel | null = null;
  private run: ConversationRun | null = null;
  private waiting: Timer | null = null;
  private active = false;
  private readonly backoff: Backoff;

  constructor(
    private readonly room: UserRoom,
    private readonly permits: Permits,
    private readonly ordinals: Ordinals,
    private readonly place: () => LevelPlace,
    readonly slot: number,
  ) {
    this.backoff = new Backoff(room.random);
  }

  /** Begins (or goes on, when it was being retired), its first conversation after `delaySeconds`. */
  activate(delaySeconds: number): void {
    if (this.active) return;
    this.active = true;
    if (this.run !== null) return this.run.keep();
    this.room.journal.slot(this.slot, 'ramp');
    this.channel = this.room.target.channel();
    void this.channel.warm();
    this.waiting = this.room.clock.timer(delaySeconds, () => this.requestPermit());
  }

  /** No new requests; the turn under way is finished. */
  retire(): void {
    if (!this.active) return;
    this.active = false;
    if (this.run !== null) this.run.retire();
    else this.leave();
  }

  cut(): void {
    this.active = false;
    if (this.run !== null) this.run.cut();
    else this.leave();
  }

  private requestPermit(): void {
    if (!this.active) return this.leave();
    let permitted = false;
    const pending = this.permits.request(() => {
      permitted = true;
      this.beginConversation();
    });
    if (permitted) return;
    this.room.journal.slot(this.slot, 'permit');
    this.waiting = pending;
  }

  private beginConversation(): void {
    if (!this.active || this.channel === null) return;
    const conversation = this.room.workload.conversation(this.ordinals.key(this.place(), this.slot));
    const what = { conversation, slot: this.slot, place: this.place, intendedAt: NaN };
    this.run = new ConversationRun(this.room, this.channel, what, (end) => this.conversationOver(end));
    this.run.start();
  }

  private conversationOver(end: ConversationEnd): void {
    this.run = null;
    if (!this.active) return this.leave();
    if (end.outcome !== 'error') {
      this.backoff.succeeded();
      this.room.journal.slot(this.slot, 'free');
      return this.requestPermit();
    }
    this.room.journal.slot(this.slot, 'backoff');
    const delay = this.backoff.failed(end.retryAfterSeconds);
    this.waiting = this.room.clock.timer(delay, () => this.requestPermit());
  }

  private leave(): void {
    this.waiting?.cancel();
    this.waiting = null;
    if (this.channel === null) return;
    this.channel.close();
    this.channel = null;
    this.room.journal.slot(this.slot, 'retired');
  }
}
