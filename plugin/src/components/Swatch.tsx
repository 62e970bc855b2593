import React from 'react';
import type { Verdict } from '../data/model.js';
import type { Palette } from '../draw/palette.js';

/** A short piece of a line as the chart draws it. */
export function LineSwatch({ color, dash, width = 2 }: { color: string; dash: readonly number[]; width?: number }) {
  return (
    <svg width="22" height="10" aria-hidden="true">
      <line x1="0" y1="5" x2="22" y2="5" stroke={color} strokeWidth={width} strokeDasharray={dash.join(' ')} />
    </svg>
  );
}

/** A piece of a level's band. */
export function BandSwatch({ verdict, palette }: { verdict: Verdict; palette: Palette }) {
  return (
    <svg width="14" height="12" aria-hidden="true">
      <rect width="14" height="12" fill={palette.band[verdict]} />
      <rect width="14" height="2.5" fill={palette.edge[verdict]} />
    </svg>
  );
}

export function HatchSwatch({ palette }: { palette: Palette }) {
  return (
    <svg width="14" height="12" aria-hidden="true">
      <path d="M-2 8L8 -2M0 14L14 0M8 14L16 6" stroke={palette.textWeak} strokeWidth="1.2" />
      <rect x=".5" y=".5" width="13" height="11" fill="none" stroke={palette.textWeak} />
    </svg>
  );
}
