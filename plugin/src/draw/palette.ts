import type { GrafanaTheme2 } from '@grafana/data';
import type { Verdict } from '../data/model.js';
import { MEASURES, type Measure } from '../data/roles.js';

/** All colours and fonts that are painted, taken from Grafana's theme. */
export interface Palette {
  isDark: boolean;
  text: string;
  textWeak: string;
  background: string;
  slo: string;
  marker: string;
  baseline: string;
  lane: string;
  annotation: string;
  font: string;
  fontBold: string;
  band: Record<Verdict, string>;
  edge: Record<Verdict, string>;
  /** Weaker than a band: text of every colour is read on it. */
  row: Record<Verdict, string>;
  measure: Record<Measure, string>;
  /** The measure's colour in other shades, for the second and later series of it. */
  shade: (measure: Measure, index: number) => string;
}

/** Fill behind the lines, as a share of opacity. */
const BAND_ALPHA = { dark: 0.16, light: 0.14 };

/** `rgba(…)` of a `#rrggbb` colour; other notations are left as they are. */
export function withAlpha(color: string, alpha: number): string {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(color);
  if (hex === null) return color;
  const [r, g, b] = hex.slice(1).map((part) => parseInt(part, 16)) as [number, number, number];
  return `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

const HUES: Record<Measure, string> = {
  ttft: 'blue',
  tpot: 'purple',
  itl: 'yellow',
  latency: 'orange',
  tokens: 'green',
  requests: 'green',
  errors: 'red',
  inflight: 'yellow',
  other: 'blue',
};
const SHADES = ['', 'super-light-', 'semi-dark-', 'light-', 'dark-'];

export function paletteOf(theme: GrafanaTheme2): Palette {
  const named = (name: string): string => theme.visualization.getColorByName(name);
  const edge: Record<Verdict, string> = {
    unknown: named('blue'),
    clean: named('green'),
    degrading: named('orange'),
    saturated: named('red'),
    invalid: theme.isDark ? '#9fa7b3' : '#6b7280',
  };
  const alpha = theme.isDark ? BAND_ALPHA.dark : BAND_ALPHA.light;
  const fill = (verdict: Verdict, share = 1): string => withAlpha(edge[verdict], alpha * share);
  const shade = theme.isDark ? '' : 'dark-';
  return {
    isDark: theme.isDark,
    text: theme.colors.text.primary,
    textWeak: theme.colors.text.secondary,
    background: theme.colors.background.primary,
    slo: named(theme.isDark ? 'red' : 'dark-red'),
    marker: theme.colors.text.primary,
    baseline: theme.colors.text.secondary,
    lane: theme.colors.border.medium,
    annotation: named('semi-dark-blue'),
    font: `12px ${theme.typography.fontFamily}`,
    fontBold: `500 12px ${theme.typography.fontFamily}`,
    band: {
      unknown: fill('unknown', 0.8),
      clean: fill('clean'),
      degrading: fill('degrading', 1.2),
      saturated: fill('saturated', 1.5),
      invalid: fill('invalid'),
    },
    edge,
    row: {
      unknown: fill('unknown', 0.4),
      clean: fill('clean', 0.4),
      degrading: fill('degrading', 0.5),
      saturated: fill('saturated', 0.6),
      invalid: fill('invalid', 0.4),
    },
    measure: Object.fromEntries(MEASURES.map((measure) => [measure, named(shade + HUES[measure])])) as Record<
      Measure,
      string
    >,
    shade: (measure, index) => named((index === 0 ? shade : SHADES[index % SHADES.length]!) + HUES[measure]),
  };
}
