import { SLOT_STATES, type SlotSeconds, type SlotState } from './records.js';

interface SlotNow {
  state: number;
  since: number;
}

/**
 * How long users were in which state. Each user's stretches are added up on its own, so the order in which different
 * workers' batches arrive does not matter. Times are seconds since the run began.
 */
export class SlotClock {
  private readonly slots = new Map<number, SlotNow>();
  private totals = new Float64Array(SLOT_STATES.length);
  private readonly counts = new Int32Array(SLOT_STATES.length);

  change(slot: number, state: number, at: number): void {
    const known = this.slots.get(slot);
    if (known === undefined) this.slots.set(slot, { state, since: at });
    else {
      this.totals[known.state]! += at - known.since;
      this.counts[known.state]! -= 1;
      known.state = state;
      known.since = at;
    }
    this.counts[state]! += 1;
  }

  /** Slot seconds since the last call, cut at `edge`. */
  take(edge: number): SlotSeconds {
    for (const slot of this.slots.values()) {
      this.totals[slot.state]! += edge - slot.since;
      slot.since = edge;
    }
    const seconds = Object.fromEntries(SLOT_STATES.map((state, code) => [state, this.totals[code]!])) as SlotSeconds;
    this.totals = new Float64Array(SLOT_STATES.length);
    return seconds;
  }

  /** Users in this state now. */
  count(state: SlotState): number {
    return this.counts[SLOT_STATES.indexOf(state)]!;
  }

  /** Users in a conversation now: asking, thinking, or having their next message written. */
  get inConversation(): number {
    return this.count('running') + this.count('think') + this.count('followup');
  }
}
