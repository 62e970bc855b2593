const cache = new Map<string, CanvasPattern>();

/** Side of the repeated tile, CSS pixels. */
export const HATCH_PX = 8;

/** Diagonal strokes for warm-up; null where the canvas cannot make patterns. Kept by colour and pixel ratio. */
export function hatchPattern(context: CanvasRenderingContext2D, color: string, pxRatio: number): CanvasPattern | null {
  const key = `${color} ${pxRatio}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const side = Math.round(HATCH_PX * pxRatio);
  const tile = document.createElement('canvas');
  tile.width = side;
  tile.height = side;
  const pen = tile.getContext('2d');
  if (pen === null) return null;
  pen.strokeStyle = color;
  pen.lineWidth = 1.25 * pxRatio;
  pen.beginPath();
  for (const offset of [-side, 0, side]) {
    pen.moveTo(offset, side);
    pen.lineTo(offset + side, 0);
  }
  pen.stroke();
  const pattern = context.createPattern(tile, 'repeat');
  if (pattern !== null) cache.set(key, pattern);
  return pattern;
}
