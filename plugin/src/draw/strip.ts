import type { Verdict } from '../data/model.js';
import { formatLoad } from '../format.js';
import { causeText, TEXT } from '../text.js';
import type { Band } from './bands.js';
import type { ZoneGroup } from './zones.js';

/** One label over the chart; pixels within it. */
export interface StripItem {
  key: string;
  left: number;
  width: number;
  verdict: Verdict;
  running: boolean;
  /** As much as fits; may be empty. */
  label: string;
  /** All of it, for those who hear it. */
  spoken: string;
}

/** Width of an average character of the strip's font, pixels; measured once, generous. */
const CHARACTER_PX = 7.2;
const PADDING_PX = 12;

/** The longest candidate that fits. */
export function fittingLabel(candidates: readonly string[], width: number): string {
  return candidates.find((text) => text.length * CHARACTER_PX + PADDING_PX <= width) ?? '';
}

export function bandStrip(bands: readonly Band[]): StripItem[] {
  return bands.map(({ window, left, right, verdict, running }) => {
    const load = formatLoad(window.load);
    const mark = running ? '●' : TEXT.mark[verdict];
    const word = running ? TEXT.now : verdict === 'unknown' ? '' : TEXT.verdict[verdict];
    const width = right - left;
    return {
      key: window.id + String(window.startMs),
      left,
      width,
      verdict,
      running,
      label: fittingLabel([`${load} ${mark} ${word}`.trimEnd(), `${load} ${mark}`, load], width),
      spoken: `${TEXT.zoomTo(load)}: ${running ? TEXT.now : TEXT.verdict[verdict]}`,
    };
  });
}

export function zoneStrip(groups: readonly ZoneGroup[], toPx: (load: number) => number): StripItem[] {
  return groups.map(({ from, to, verdict, cause, loads, running }) => {
    const [left, right] = [toPx(from), toPx(to)];
    const first = formatLoad(loads[0]!);
    const span = loads.length === 1 ? first : `${first}–${formatLoad(loads.at(-1)!)}`;
    const why = running || cause === '' ? '' : `: ${causeText(cause)}`;
    const [mark, word] = running ? ['●', TEXT.now] : [TEXT.mark[verdict], TEXT.verdict[verdict]];
    return {
      key: `${verdict} ${first}`,
      left,
      width: right - left,
      verdict,
      running,
      label: fittingLabel(
        [`${mark} ${word} ${span}${why}`, `${mark} ${word} ${span}`, `${mark} ${word}`, `${mark} ${span}`, mark],
        right - left,
      ),
      spoken: `${word}: ${span}${why}`,
    };
  });
}
