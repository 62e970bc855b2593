import type { ConversationKey } from '../workload/types.js';
import type { LevelPlace } from './conversation-run.js';

/** Each segment of a run asks other questions than the ones before. */
const ORDINALS_A_SEGMENT = 100_000;

/** Counts each user's conversations per level and repetition, so that no key is used twice in a run. */
export class Ordinals {
  private readonly next = new Map<string, number>();

  constructor(private readonly segment: number) {}

  key({ repetition, level }: LevelPlace, slot: number): ConversationKey {
    const place = `${repetition}/${level}/${slot}`;
    const ordinal = this.next.get(place) ?? this.segment * ORDINALS_A_SEGMENT;
    this.next.set(place, ordinal + 1);
    return { repetition, level, slot, ordinal };
  }
}
