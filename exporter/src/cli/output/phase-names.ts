import type { Phase } from '../../sweep/events.js';

const NAMES: Readonly<Record<Phase, string>> = {
  idle: 'idle',
  prime: 'prime',
  warmup: 'warm-up',
  measure: 'measure',
  cooldown: 'cool-down',
  drain: 'drain',
  probe: 'probe',
};

/** A phase as people write it. */
export function phaseName(phase: Phase): string {
  return NAMES[phase];
}
