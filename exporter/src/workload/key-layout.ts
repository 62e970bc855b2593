import type { ConversationKey } from './types.js';

/** Which conversation keys a sweep has, as far as known before it runs. */
export interface KeyLayout {
  repetitions: number;
  /** Most slots of each level of the plan, in the plan's order. */
  slots: readonly number[];
}

/**
 * Counts a sweep's conversations: different keys of the layout get different numbers, and the first conversations of all
 * slots the lowest ones. Levels outside the plan (priming) share a range of their own; slots beyond the layout wrap.
 */
export function conversationNumber(layout: KeyLayout, key: ConversationKey): number {
  const planned = layout.slots.reduce((sum, slots) => sum + slots, 0);
  const spare = Math.max(1, ...layout.slots);
  const perRepetition = planned + spare;
  const inPlan = key.level >= 0 && key.level < layout.slots.length;
  const before = inPlan ? layout.slots.slice(0, key.level).reduce((sum, slots) => sum + slots, 0) : planned;
  const width = inPlan ? Math.max(1, layout.slots[key.level]!) : spare;
  const place = (key.repetition % layout.repetitions) * perRepetition + before + (key.slot % width);
  return key.ordinal * layout.repetitions * perRepetition + place;
}
