import type { Palette } from './palette.js';
import { painting, paintLabel, type Surface } from './surface.js';

/** A dashboard's annotation. Epoch milliseconds; `toMs` NaN: a point in time. */
export interface TimeMark {
  fromMs: number;
  toMs: number;
  text: string;
  color: string | undefined;
}

/** Annotations: dashed lines, regions lightly filled, text at the foot. */
export function paintTimeMarks(
  surface: Surface,
  marks: readonly TimeMark[],
  xToPx: (timeMs: number) => number,
  palette: Palette,
): void {
  const { left, top, width, height, pxRatio } = surface;
  painting(surface, (context) => {
    for (const { fromMs, toMs, text, color = palette.annotation } of marks) {
      const from = xToPx(fromMs);
      const to = Number.isNaN(toMs) ? from : xToPx(toMs);
      if (to < left || from > left + width) continue;
      context.fillStyle = color;
      context.globalAlpha = 0.12;
      if (to > from) context.fillRect(from, top, to - from, height);
      context.globalAlpha = 1;
      context.strokeStyle = color;
      context.lineWidth = 1.5 * pxRatio;
      context.setLineDash([5 * pxRatio, 5 * pxRatio]);
      context.beginPath();
      for (const x of to > from ? [from, to] : [from]) {
        context.moveTo(x, top);
        context.lineTo(x, top + height);
      }
      context.stroke();
      paintLabel(
        surface,
        {
          text: clipped(text),
          x: Math.max(from, left) + 5 * pxRatio,
          y: top + height - 10 * pxRatio,
          color: palette.text,
        },
        palette.font,
        palette.background,
      );
    }
  });
}

/** A vertical line at the pinned place. */
export function paintPin(surface: Surface, x: number, palette: Palette): void {
  const { top, height, pxRatio } = surface;
  painting(surface, (context) => {
    context.strokeStyle = palette.text;
    context.lineWidth = 1.5 * pxRatio;
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, top + height);
    context.stroke();
  });
}

function clipped(text: string): string {
  const line = text.replace(/<[^>]*>/g, '').split('\n')[0] ?? '';
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
