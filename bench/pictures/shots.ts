/** One picture: which run, how it is shown, and where it goes. */
export interface Shot {
  seed: string;
  view: 'timeline' | 'curve' | 'levels';
  theme: 'dark' | 'light';
  /** CSS pixels. */
  height: number;
  /** Shown in Grafana's catalogue too: what `plugin.json` says of it. */
  caption?: string;
}

export const WIDTH = 1200;

const both = (seed: string): Shot[] => [
  { seed, view: 'timeline', theme: 'dark', height: 460 },
  { seed, view: 'curve', theme: 'dark', height: 520 },
];

export const SHOTS: readonly Shot[] = [
  { seed: '000', view: 'timeline', theme: 'light', height: 460 },
  {
    seed: '000',
    view: 'curve',
    theme: 'light',
    height: 520,
    caption: 'Curve: the SLO boundary between 70 and 80 users, saturation from 110',
  },
  {
    seed: '000',
    view: 'levels',
    theme: 'dark',
    height: 330,
    caption: 'Levels: one row a level, what meets its objective and what does not',
  },
  {
    seed: '001',
    view: 'timeline',
    theme: 'dark',
    height: 460,
    caption: 'Timeline: a sweep that collapses at 70 users, when all slots of the server are taken',
  },
  {
    seed: '001',
    view: 'curve',
    theme: 'dark',
    height: 520,
    caption: 'Curve: the same sweep over the level',
  },
  ...both('002'),
  ...both('003'),
  ...both('004'),
];

export const fileOf = ({ seed, view, theme }: Shot): string => `${seed}-${view}-${theme}.png`;
