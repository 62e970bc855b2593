import type { Clock, Timer } from '../clock/clock.js';
import type { Arrival } from '../config/spec.js';
import type { Target } from '../target/types.js';
import type { Workload } from '../workload/types.js';
import { constantGaps, gammaGaps, poissonGaps, type ArrivalGaps } from './arrivals.js';
import { ClosedLoop } from './closed-loop.js';
import type { UserRoom } from './conversation-run.js';
import type { Executor } from './executor.js';
import { Journal } from './journal.js';
import { OpenLoop } from './open-loop.js';
import type { LoadCommand, LoadMessage, LoadPlan } from './types.js';

const FLUSH_SECONDS = 0.1;
/** Numbers of conversations are unique in the run: each segment has a range of its own. */
const CONVERSATIONS_A_SEGMENT = 10_000_000;

export interface LoadBodyParts {
  clock: Clock;
  target: Target;
  followUpTarget: Target | null;
  workload: Workload;
  plan: LoadPlan;
  random: () => number;
  post: (message: LoadMessage) => void;
  /** How often batches are handed over; absent: every tenth of a second. */
  flushSeconds?: number;
}

/** What a load worker does, wherever it runs: in a thread with the real clock, or inline with a virtual one. */
export class LoadBody {
  private readonly journal: Journal;
  private readonly executor: Executor;
  private flushTimer: Timer | null = null;
  private conversations = 0;
  private closed = false;

  constructor(private readonly parts: LoadBodyParts) {
    const { clock, plan } = parts;
    this.journal = new Journal(clock, plan.originSeconds, plan.worker);
    this.executor = this.makeExecutor();
    this.armFlush();
  }

  command(command: LoadCommand): void {
    switch (command.type) {
      case 'level':
        return this.executor.setLevel(command.target);
      case 'barrier':
        this.parts.target.flush();
        this.flush();
        return this.parts.post({ type: 'barrier', id: command.id });
      case 'rate':
        return this.executor.setTargetRate(command.perSecond);
      case 'cut':
        return this.executor.cut();
      case 'close':
        return this.close();
    }
  }

  private close(): void {
    this.closed = true;
    this.executor.cut();
    this.flushTimer?.cancel();
    this.parts.target.flush();
    this.flush();
  }

  private makeExecutor(): Executor {
    const { plan, random } = this.parts;
    const room: UserRoom = {
      ...this.parts,
      journal: this.journal,
      requestPrefix: `${plan.requestPrefix}-${plan.worker}`,
      nextConversation: () =>
        plan.segment * CONVERSATIONS_A_SEGMENT + plan.worker + plan.workers * this.conversations++,
    };
    if (plan.arrival === 'closed') return new ClosedLoop(room, plan);
    return new OpenLoop(room, plan, gapsOf(plan.arrival, plan.burstiness, random));
  }

  private armFlush(): void {
    if (this.closed) return;
    this.flushTimer = this.parts.clock.timer(this.parts.flushSeconds ?? FLUSH_SECONDS, () => {
      this.flush();
      this.armFlush();
    });
  }

  private flush(): void {
    if (this.journal.rows > 0) this.parts.post({ type: 'batch', batch: this.journal.take() });
  }
}

function gapsOf(arrival: Exclude<Arrival, 'closed'>, burstiness: number, random: () => number): ArrivalGaps {
  switch (arrival) {
    case 'constant':
      return constantGaps;
    case 'poisson':
      return poissonGaps(random);
    case 'gamma':
      return gammaGaps(burstiness, random);
  }
}
