import type { Verdict } from '../data/model.js';
import type { Band } from './bands.js';
import { hatchPattern } from './hatch.js';
import type { Palette } from './palette.js';
import { painting, type Surface } from './surface.js';
import type { Zone } from './zones.js';

/** Height of the line on top of a band that tells its verdict a second time, by its form. */
const EDGE_PX = 3;
const EDGE_DASH: Record<Verdict, readonly number[]> = {
  unknown: [1, 3],
  clean: [],
  degrading: [9, 4],
  saturated: [],
  invalid: [3, 3],
};

/** Level bands with hatched warm-up, ticks at snapshots and a line on top; under grid and series. */
export function paintBands(surface: Surface, bands: readonly Band[], palette: Palette): void {
  painting(surface, (context) => {
    for (const band of bands) {
      fill(surface, band, band.verdict, palette, band.odd);
      hatch(surface, band.left, Math.min(band.measureLeft, band.right), palette.edge[band.verdict]);
      paintSnapshots(surface, band, palette);
    }
    context.globalAlpha = 1;
    for (const band of bands) paintEdge(surface, band, band.verdict, palette);
  });
}

/** Zones of levels on the level axis. */
export function paintZones(
  surface: Surface,
  zones: readonly Zone[],
  toPx: (load: number) => number,
  palette: Palette,
): void {
  painting(surface, () => {
    for (const zone of zones) {
      const place = { left: Math.round(toPx(zone.from)), right: Math.round(toPx(zone.to)) };
      fill(surface, place, zone.verdict, palette, false);
      if (zone.running) hatch(surface, place.left, place.right, palette.edge[zone.verdict]);
      paintEdge(surface, place, zone.verdict, palette);
    }
  });
}

type Place = Pick<Band, 'left' | 'right'>;

function fill(
  { context, top, height }: Surface,
  { left, right }: Place,
  verdict: Verdict,
  palette: Palette,
  odd: boolean,
): void {
  context.globalAlpha = odd ? 0.72 : 1;
  context.fillStyle = palette.band[verdict];
  context.fillRect(left, top, right - left, height);
}

function hatch({ context, top, height, pxRatio }: Surface, left: number, right: number, color: string): void {
  if (right <= left) return;
  context.globalAlpha = 0.45;
  context.fillStyle = hatchPattern(context, color, pxRatio) ?? color;
  if (typeof context.fillStyle === 'string') context.globalAlpha = 0.12;
  context.fillRect(left, top, right - left, height);
  context.globalAlpha = 1;
}

function paintSnapshots({ context, top, height, pxRatio }: Surface, band: Band, palette: Palette): void {
  context.globalAlpha = 0.7;
  context.fillStyle = palette.edge[band.verdict];
  for (const tick of band.ticks) {
    context.fillRect(tick, top + height - 6 * pxRatio, Math.max(1, Math.round(pxRatio)), 6 * pxRatio);
  }
}

function paintEdge(
  { context, top, pxRatio }: Surface,
  { left, right }: Place,
  verdict: Verdict,
  palette: Palette,
): void {
  const thick = (verdict === 'saturated' || verdict === 'invalid' ? EDGE_PX + 1 : EDGE_PX - 0.5) * pxRatio;
  context.strokeStyle = palette.edge[verdict];
  context.lineWidth = thick;
  context.setLineDash(EDGE_DASH[verdict].map((px) => px * pxRatio));
  context.beginPath();
  context.moveTo(left + pxRatio, top + thick / 2);
  context.lineTo(right - pxRatio, top + thick / 2);
  context.stroke();
  context.setLineDash([]);
}
