import { sayLoad } from '../../analysis/in-words.js';
import type { LoadUnit } from './event-writer.js';
import { clockTime, count, inColumn, percentage, seconds } from './format.js';
import type { LiveState } from './live-state.js';
import { phaseName } from './phase-names.js';
import { segment } from './terminal-style.js';
import type { Segment } from './terminal-style.js';

const LONGEST_BAR = 40;
const SHORTEST_BAR = 8;

/** The bar with percent, phase and time left; details go before the bar does. */
export function progressLine(state: LiveState, unit: LoadUnit, width: number): Segment[] {
  const percent = `${inColumn(count(Math.floor(state.ratio * 100)), 5)} %`;
  const left = `  ${clockTime(state.remainingSeconds)} left`;
  const details = phaseDetails(state, unit);
  const room = (parts: readonly string[]): number =>
    width - percent.length - left.length - parts.join(', ').length - (parts.length > 0 ? 2 : 0);
  while (details.length > 0 && room(details) < SHORTEST_BAR) details.pop();
  const text = details.length > 0 ? `  ${details.join(', ')}` : '';
  return [...bar(state.ratio, Math.min(LONGEST_BAR, room(details))), segment(percent, 'bold'), segment(text + left)];
}

function bar(ratio: number, width: number): Segment[] {
  const length = Math.max(0, width);
  const done = Math.round(length * Math.min(1, Math.max(0, Number.isFinite(ratio) ? ratio : 0)));
  return [segment('━'.repeat(done), 'cyan'), segment('─'.repeat(length - done), 'dim')];
}

function phaseDetails({ phase, load, snapshot, repetition, repetitions }: LiveState, unit: LoadUnit): string[] {
  const loaded = phase !== 'idle' && Number.isFinite(load) && load > 0;
  return [
    loaded ? `${phaseName(phase)} ${sayLoad(load, unit === 'users')}` : phaseName(phase),
    ...(phase === 'measure' && snapshot > 0 ? [`snapshot ${snapshot}`] : []),
    ...(repetitions > 1 ? [`repetition ${repetition} of ${repetitions}`] : []),
  ];
}

/** What is under way right now, in words; empty when nothing was told yet. */
export function liveLine({ live }: LiveState): Segment[] {
  if (live === null) return [];
  const parts = [`${count(live.inFlight)} in flight`, `${count(live.activeConversations)} conversations`];
  if (live.backoffSlots > 0) parts.push(`${count(live.backoffSlots)} in back-off`);
  if (live.errorRatio > 0) parts.push(`${percentage(live.errorRatio)} % errors`);
  if (Number.isFinite(live.oldestUnansweredSeconds)) {
    parts.push(`oldest unanswered ${seconds(live.oldestUnansweredSeconds)} s`);
  }
  return [segment(parts.join(' · '), live.backoffSlots > 0 || live.errorRatio > 0 ? 'yellow' : 'dim')];
}
