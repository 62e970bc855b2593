import type { DataFrame } from '@grafana/data';
import type { TimeMark } from '../draw/paint-time-marks.js';

/** A dashboard's annotations as marks on the time axis; rows without a time are left out. */
export function readAnnotations(frames: readonly DataFrame[] = []): TimeMark[] {
  return frames.flatMap((frame) => {
    const column = (name: string): readonly unknown[] =>
      frame.fields.find((field) => field.name === name)?.values ?? [];
    const [times, ends, texts, titles, colors] = ['time', 'timeEnd', 'text', 'title', 'color'].map(
      column,
    ) as unknown[][];
    return times!.flatMap((time, row) => {
      if (typeof time !== 'number' || !Number.isFinite(time)) return [];
      const end = ends![row];
      const words = [titles![row], texts![row]].filter((text) => typeof text === 'string' && text !== '');
      const color = colors![row];
      return [
        {
          fromMs: time,
          toMs: typeof end === 'number' && end > time ? end : NaN,
          text: words.join(': '),
          color: typeof color === 'string' && color !== '' ? color : undefined,
        },
      ];
    });
  });
}
