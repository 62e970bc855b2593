/** What the panel shows. */
export type View = 'timeline' | 'curve' | 'levels';

/** The panel's options as a dashboard saves them. */
export interface SweepOptions {
  /** Version of the options' shape; see `migrate.ts`. */
  version: number;
  view: View;
  /** Run id, name, or a dashboard variable; empty: the newest. */
  run: string;
  /** Likewise; empty: the newest before it. `none`: no comparison. */
  baseline: string;
  showSummary: boolean;
  showLegend: boolean;
  showWarmup: boolean;
  scale: 'auto' | 'linear' | 'log';
  levelAxis: 'auto' | 'linear' | 'log';
  /** Lanes from top to bottom. */
  lanes: LaneName[];
  quantiles: string[];
  /** Roles of queries by refId, for data whose series do not tell. */
  roles: Record<string, string>;
  /** Name of the field with the level, for data that is not Sweepscope's. */
  foreignLevelField: string;
  /** Limits by hand, milliseconds; 0: none. Used for runs that have no objectives. */
  ttftLimitMs: number;
  tpotLimitMs: number;
  latencyLimitMs: number;
}

export const LANE_NAMES = [
  'ttft',
  'tpot',
  'itl',
  'latency',
  'tokens',
  'requests',
  'errors',
  'inflight',
  'other',
] as const;
export type LaneName = (typeof LANE_NAMES)[number];

export const OPTIONS_VERSION = 2;

/** Sensible for Sweepscope's own metrics: nothing has to be set. */
export const DEFAULT_OPTIONS: SweepOptions = {
  version: OPTIONS_VERSION,
  view: 'timeline',
  run: '$run',
  baseline: '$baseline',
  showSummary: true,
  showLegend: true,
  showWarmup: true,
  scale: 'auto',
  levelAxis: 'auto',
  lanes: ['ttft', 'tpot', 'tokens', 'other'],
  quantiles: ['p50', 'p95'],
  roles: {},
  foreignLevelField: '',
  ttftLimitMs: 0,
  tpotLimitMs: 0,
  latencyLimitMs: 0,
};
