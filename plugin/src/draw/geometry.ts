/** Room of the axes, CSS pixels; fixed, so that what lies over the chart knows where the plot is. */
export const Y_AXIS_PX = 64;
export const X_AXIS_PX = 26;
export const RIGHT_PX = 14;

/** The plot's area within a chart, CSS pixels. */
export interface PlotBox {
  left: number;
  width: number;
  height: number;
}

export function plotBox(width: number, height: number): PlotBox {
  return { left: Y_AXIS_PX, width: Math.max(1, width - Y_AXIS_PX - RIGHT_PX), height: Math.max(1, height - X_AXIS_PX) };
}

/** From the axis's terms to CSS pixels within the chart. */
export function xToPx(box: PlotBox, x: { min: number; max: number }, value: number): number {
  return box.left + ((value - x.min) / (x.max - x.min)) * box.width;
}
