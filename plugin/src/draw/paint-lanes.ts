import type { Lane } from './lanes.js';
import type { Palette } from './palette.js';
import { painting, paintLabel, type Surface } from './surface.js';

/** A limit within a lane. */
export interface SloLine {
  laneKey: string;
  value: number;
  label: string;
  /** Which side of the line has room for the label. */
  labelBelow: boolean;
}

/** Puts each limit's label on the side of it on which no line ends. `endsOf`: last values of the lines of a lane. */
export function freeLabels(lines: readonly SloLine[], endsOf: (laneKey: string) => readonly number[]): SloLine[] {
  return lines.map((line) => {
    const distance = (value: number): number => Math.abs(value - line.value);
    const [nearest] = [...endsOf(line.laneKey)].sort((a, b) => distance(a) - distance(b));
    return { ...line, labelBelow: nearest !== undefined && nearest > line.value };
  });
}

/** Titles and floors of the lanes. */
export function paintLaneTitles(
  surface: Surface,
  lanes: readonly Lane[],
  isLog: (laneKey: string) => boolean,
  palette: Palette,
): void {
  const { left, top, width, height, pxRatio } = surface;
  painting(surface, (context) => {
    for (const lane of lanes) {
      const laneTop = top + (1 - lane.to) * height;
      const floor = Math.round(top + (1 - lane.from) * height);
      context.strokeStyle = palette.lane;
      context.lineWidth = Math.max(1, Math.round(pxRatio));
      context.beginPath();
      context.moveTo(left, floor - 0.5);
      context.lineTo(left + width, floor - 0.5);
      context.stroke();
      paintLabel(
        surface,
        {
          text: isLog(lane.key) ? `${lane.title} (log)` : lane.title,
          x: left + 6 * pxRatio,
          y: laneTop - 7 * pxRatio,
          color: palette.text,
        },
        palette.fontBold,
        palette.background,
      );
    }
  });
}

/** Dashed lines at the objectives' limits, each with its text at the right end. */
export function paintSloLines(
  surface: Surface,
  lines: readonly SloLine[],
  toPx: (value: number, laneKey: string) => number,
  palette: Palette,
): void {
  const { left, width, pxRatio } = surface;
  painting(surface, (context) => {
    for (const line of lines) {
      const y = Math.round(toPx(line.value, line.laneKey));
      context.strokeStyle = palette.slo;
      context.lineWidth = 2 * pxRatio;
      context.setLineDash([10 * pxRatio, 6 * pxRatio]);
      context.beginPath();
      context.moveTo(left, y);
      context.lineTo(left + width, y);
      context.stroke();
      const label = {
        text: line.label,
        x: left + width - 6 * pxRatio,
        y: y + (line.labelBelow ? 10 : -9) * pxRatio,
        color: palette.slo,
        align: 'right' as const,
      };
      paintLabel(surface, label, palette.fontBold, palette.background);
    }
  });
}
