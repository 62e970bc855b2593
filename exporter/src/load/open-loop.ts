import type { Timer } from '../clock/clock.js';
import type { Channel } from '../target/types.js';
import type { ArrivalGaps } from './arrivals.js';
import { ConversationRun, type UserRoom } from './conversation-run.js';
import type { Executor } from './executor.js';
import { Ordinals } from './ordinals.js';
import type { LevelTarget, LoadPlan } from './types.js';

interface Guest {
  slot: number;
  channel: Channel;
  run: ConversationRun | null;
}

/**
 * Open loop: a level is requests per second, whatever the server's pace. Conversations begin at scheduled times (rate ÷
 * mean turns); each request keeps its intended start, so that waiting in the client is never hidden. An arrival that
 * finds `maxInFlight` conversations under way is dropped and counted.
 */
export class OpenLoop implements Executor {
  private readonly idle: Guest[] = [];
  private readonly busy = new Set<Guest>();
  private readonly ordinals: Ordinals;
  private level: LevelTarget = { level: 0, repetition: 0, load: 0, rampSeconds: 0 };
  private nextAt = NaN;
  private timer: Timer | null = null;
  private guests = 0;

  constructor(
    private readonly room: UserRoom,
    private readonly plan: LoadPlan,
    private readonly gaps: ArrivalGaps,
  ) {
    this.ordinals = new Ordinals(plan.segment);
  }

  setLevel(target: LevelTarget): void {
    const before = this.arrivalsPerSecond;
    this.level = target;
    this.timer?.cancel();
    this.timer = null;
    if (target.load === 0) return this.retireAll();
    const now = this.room.clock.now();
    const rate = this.arrivalsPerSecond;
    const offset = (this.plan.worker / this.plan.workers) * (1 / rate);
    if (before === 0 || Number.isNaN(this.nextAt)) this.nextAt = now + offset;
    else this.nextAt = now + (Math.max(0, this.nextAt - now) * before) / rate;
    this.schedule();
  }

  setTargetRate(): void {
    // In open loop the level itself is the rate.
  }

  cut(): void {
    this.timer?.cancel();
    this.level = { ...this.level, load: 0 };
    for (const guest of [...this.busy]) guest.run?.cut();
  }

  /** Conversation starts per second of this worker. */
  private get arrivalsPerSecond(): number {
    return this.level.load / this.room.workload.meanTurns / this.plan.workers;
  }

  private schedule(): void {
    this.timer = this.room.clock.timer(this.nextAt - this.room.clock.now(), () => this.arrive());
  }

  private arrive(): void {
    while (this.nextAt <= this.room.clock.now()) {
      this.admit(this.nextAt);
      this.nextAt += this.gaps(this.arrivalsPerSecond);
    }
    this.schedule();
  }

  private admit(intendedAt: number): void {
    const full = this.busy.size >= Math.max(1, this.plan.maxInFlight / this.plan.workers);
    this.room.journal.arrival(intendedAt, full);
    if (full) return;
    const guest = this.idle.pop() ?? this.newGuest();
    this.busy.add(guest);
    const conversation = this.room.workload.conversation(this.ordinals.key(this.level, guest.slot));
    guest.run = new ConversationRun(
      this.room,
      guest.channel,
      { conversation, slot: guest.slot, place: () => this.level, intendedAt },
      () => this.free(guest),
    );
    guest.run.start();
  }

  private free(guest: Guest): void {
    guest.run = null;
    this.busy.delete(guest);
    this.idle.push(guest);
    this.room.journal.slot(guest.slot, 'retired');
  }

  private retireAll(): void {
    this.nextAt = NaN;
    for (const guest of [...this.busy]) guest.run?.retire();
  }

  private newGuest(): Guest {
    const slot = this.plan.worker + this.plan.workers * this.guests++;
    const channel = this.room.target.channel();
    return { slot, channel, run: null };
  }
}
