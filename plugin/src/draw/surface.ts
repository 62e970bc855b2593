/** Where to paint: the plot's area in device pixels. */
export interface Surface {
  context: CanvasRenderingContext2D;
  left: number;
  top: number;
  width: number;
  height: number;
  pxRatio: number;
}

/** What painting needs to know of a uPlot. */
export interface PlotLike {
  ctx: CanvasRenderingContext2D;
  bbox: { left: number; top: number; width: number; height: number };
  width: number;
  valToPos(value: number, scaleKey: string, canvasPixels?: boolean): number;
}

export function surfaceOf(plot: PlotLike): Surface {
  const { left, top, width, height } = plot.bbox;
  return { context: plot.ctx, left, top, width, height, pxRatio: plot.ctx.canvas.width / plot.width };
}

/** Paints within the plot's area, and leaves the canvas as it was. */
export function painting(surface: Surface, paint: (context: CanvasRenderingContext2D) => void, clip = true): void {
  const { context, left, top, width, height } = surface;
  context.save();
  if (clip) {
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  paint(context);
  context.restore();
}

export interface Label {
  text: string;
  x: number;
  y: number;
  color: string;
  align?: CanvasTextAlign;
}

/** Text with a halo of the background, so that it can be read over lines and bands. */
export function paintLabel(surface: Surface, label: Label, font: string, halo: string): void {
  const { context, pxRatio } = surface;
  context.font = scaledFont(font, pxRatio);
  context.textAlign = label.align ?? 'left';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 3 * pxRatio;
  context.strokeStyle = halo;
  context.setLineDash([]);
  context.strokeText(label.text, label.x, label.y);
  context.fillStyle = label.color;
  context.fillText(label.text, label.x, label.y);
}

/** A CSS font in device pixels. */
export function scaledFont(font: string, pxRatio: number): string {
  return font.replace(/(\d+(?:\.\d+)?)px/, (_, px: string) => `${Number(px) * pxRatio}px`);
}
