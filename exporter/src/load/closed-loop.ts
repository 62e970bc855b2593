import { ClosedLoopUser } from './closed-loop-user.js';
import type { LevelPlace, UserRoom } from './conversation-run.js';
import type { Executor } from './executor.js';
import { Ordinals } from './ordinals.js';
import { Permits } from './permits.js';
import type { LevelTarget, LoadPlan } from './types.js';

/**
 * Closed loop: a level is N users, each holding conversation after conversation. User i lives on worker i mod W. A
 * level change adds users (staggered over the ramp) or retires the highest-numbered ones; the others never notice.
 */
export class ClosedLoop implements Executor {
  private readonly users = new Map<number, ClosedLoopUser>();
  private readonly permits: Permits;
  private readonly ordinals: Ordinals;
  private place: LevelPlace = { repetition: 0, level: 0 };
  private population = 0;

  constructor(
    private readonly room: UserRoom,
    private readonly plan: LoadPlan,
  ) {
    this.ordinals = new Ordinals(plan.segment);
    this.permits = new Permits(room.clock, this.shareOf(plan.targetRate));
  }

  setLevel(target: LevelTarget): void {
    this.place = { repetition: target.repetition, level: target.level };
    const before = this.population;
    this.population = target.load;
    const added = target.load - before;
    for (let slot = this.plan.worker; slot < Math.max(before, target.load); slot += this.plan.workers) {
      if (slot >= target.load) this.users.get(slot)?.retire();
      else if (slot >= before) this.user(slot).activate((target.rampSeconds * (slot - before)) / added);
    }
  }

  setTargetRate(perSecond: number | null): void {
    this.permits.setRate(this.shareOf(perSecond));
  }

  cut(): void {
    this.population = 0;
    for (const user of this.users.values()) user.cut();
  }

  private shareOf(perSecond: number | null): number | null {
    return perSecond === null ? null : perSecond / this.plan.workers;
  }

  private user(slot: number): ClosedLoopUser {
    const known = this.users.get(slot);
    if (known) return known;
    const user = new ClosedLoopUser(this.room, this.permits, this.ordinals, () => this.place, slot);
    this.users.set(slot, user);
    return user;
  }
}
