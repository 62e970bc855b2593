/** One picture: which run, how it is shown, and where it goes. */
export interface Shot {
  seed: string;
  view: 'timeline' | 'curve' | 'levels';
  /** The sweep in virtual time, or the published report's own figures, imported. */
  source: 'simulated' | 'published';
  theme: 'dark' | 'light';
  /** CSS pixels. */
  height: number;
  /** It is in Grafana's catalogue too. */
  isInCatalogue: boolean;
}

export const WIDTH = 1200;

type Look = Partial<Pick<Shot, 'theme' | 'isInCatalogue'>>;

const timeline = (seed: string, { theme = 'dark', isInCatalogue = false }: Look = {}): Shot => ({
  ...{ seed, theme, isInCatalogue, view: 'timeline', source: 'simulated', height: 460 },
});
const curve = (seed: string, { theme = 'dark', isInCatalogue = false }: Look = {}): Shot => ({
  ...{ seed, theme, isInCatalogue, view: 'curve', source: 'published', height: 520 },
});

export const SHOTS: readonly Shot[] = [
  timeline('000', { theme: 'light' }),
  curve('000', { theme: 'light', isInCatalogue: true }),
  { ...curve('000', { isInCatalogue: true }), view: 'levels', height: 320 },
  timeline('001', { isInCatalogue: true }),
  // The published report does not say why requests waited; the simulated server does.
  { ...curve('001', { isInCatalogue: true }), source: 'simulated' },
  timeline('002'),
  curve('002'),
  timeline('003', { theme: 'light' }),
  curve('003', { theme: 'light' }),
  timeline('004'),
  // The published report has no times, only throughput.
  { ...curve('004'), source: 'simulated' },
];

export const fileOf = ({ seed, view, theme }: Shot): string => `${seed}-${view}-${theme}.png`;
