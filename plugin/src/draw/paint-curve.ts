import type { Palette } from './palette.js';
import { painting, paintLabel, type Surface } from './surface.js';

/** The 95 % interval of one point. */
export interface Whisker {
  laneKey: string;
  load: number;
  lower: number;
  upper: number;
  color: string;
  /** Sideways, so that whiskers of one level do not cover each other; CSS pixels. */
  shiftPx: number;
}

/** A vertical line at a load, with its text. */
export interface Marker {
  kind: 'knee' | 'boundary';
  load: number;
  label: string;
}

type ToPx = (value: number, scaleKey: string) => number;

export function paintWhiskers(surface: Surface, whiskers: readonly Whisker[], toPx: ToPx): void {
  const { pxRatio } = surface;
  painting(surface, (context) => {
    context.lineWidth = 1.5 * pxRatio;
    for (const { laneKey, load, lower, upper, color, shiftPx } of whiskers) {
      const x = Math.round(toPx(load, 'x') + shiftPx * pxRatio) + 0.5;
      const [low, high] = [toPx(lower, laneKey), toPx(upper, laneKey)];
      const cap = 4 * pxRatio;
      context.strokeStyle = color;
      context.globalAlpha = 0.85;
      context.beginPath();
      context.moveTo(x, low);
      context.lineTo(x, high);
      for (const y of [low, high]) {
        context.moveTo(x - cap, y);
        context.lineTo(x + cap, y);
      }
      context.stroke();
    }
  });
}

/** Room for the markers' texts above the first lane, CSS pixels. */
export const MARKER_ROW_PX = 18;

export function paintMarkers(surface: Surface, markers: readonly Marker[], toPx: ToPx, palette: Palette): void {
  const { left, top, width, height, pxRatio } = surface;
  painting(surface, (context) => {
    let free = -Infinity;
    for (const { kind, load, label } of [...markers].sort((a, b) => a.load - b.load)) {
      const x = Math.round(toPx(load, 'x'));
      if (x < left || x > left + width) continue;
      context.strokeStyle = palette.marker;
      context.lineWidth = 1.5 * pxRatio;
      context.setLineDash((kind === 'knee' ? [2, 4] : [7, 4]).map((px) => px * pxRatio));
      context.beginPath();
      context.moveTo(x, top + 6 * pxRatio);
      context.lineTo(x, top + height);
      context.stroke();
      context.font = palette.font;
      const textWidth = (context.measureText(label).width || label.length * 7) * pxRatio;
      const right = x + 6 * pxRatio + textWidth <= left + width;
      const from = right ? x + 5 * pxRatio : x - 5 * pxRatio - textWidth;
      const row = from < free ? 1 : 0;
      free = Math.max(free, from + textWidth + 6 * pxRatio);
      const y = top + (13 + row * 15) * pxRatio;
      paintLabel(
        surface,
        {
          text: label,
          x: right ? x + 5 * pxRatio : x - 5 * pxRatio,
          y,
          color: palette.text,
          align: right ? 'left' : 'right',
        },
        palette.fontBold,
        palette.background,
      );
    }
  });
}
