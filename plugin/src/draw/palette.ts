import type { GrafanaTheme2 } from '@grafana/data';
import type { Verdict } from '../data/model.js';
import type { Measure } from '../data/roles.js';

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
  measure: Record<Measure, string>;
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
    slo: named(theme.isDark ? 'semi-dark-red' : 'dark-red'),
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
    measure: {
      ttft: named(`${shade}blue`),
      tpot: named(`${shade}purple`),
      itl: named(`${shade}yellow`),
      latency: named(`${shade}orange`),
      tokens: named(`${shade}green`),
      requests: named(`${shade}green`),
      errors: named(`${shade}red`),
      inflight: named(`${shade}yellow`),
      other: named(`${shade}blue`),
    },
  };
}
