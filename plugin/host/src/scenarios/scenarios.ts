import { FieldType, LoadingState, type DataFrame, type PanelData } from '@grafana/data';
import type { View } from '../../../src/options/options.js';
import type { SweepOptions } from '../../../src/options/options.js';
import type { Answer, MatrixSeries } from '../datasource/matrix.js';
import { toFrames } from '../datasource/to-frames.js';
import { KV_ROUTED, PLAIN_70B, SMALL_MODEL, SPECULATIVE_70B } from './published.js';
import { playSweep, type SweepScript } from './sweep-script.js';

/** What a dashboard would show at one moment. */
export interface Scene {
  frames: DataFrame[];
  fromMs: number;
  toMs: number;
  stepMs: number;
  options?: Partial<SweepOptions>;
  annotations?: DataFrame[];
  /** How the queries went; left out: well. */
  state?: LoadingState;
  errors?: PanelData['errors'];
}

const START = Date.UTC(2026, 1, 24, 14, 13, 49) / 1000;

const WITHOUT_KNEE: SweepScript = {
  run: '20260224T141349Z-plain-70b-9f3c',
  name: 'plain-70b',
  model: 'llama-3.1-70b-fp8',
  instance: '10.0.0.7:9464',
  startedAt: START,
  levels: PLAIN_70B,
  warmupSeconds: 60,
  measureSeconds: 300,
  slo: { ttftP95: 0.6, tpotP95: 0.06 },
  end: 'completed',
};

const PLAIN: SweepScript = { ...WITHOUT_KNEE, knee: 78 };

const SPECULATIVE: SweepScript = {
  ...PLAIN,
  run: '20260225T190922Z-eagle3-70b-1c2d',
  name: 'eagle3-70b',
  model: 'llama-3.3-70b-fp8+eagle-3',
  levels: SPECULATIVE_70B,
  startedAt: Date.UTC(2026, 1, 25, 19, 9, 22) / 1000,
  knee: 64,
};

const KV: SweepScript = {
  ...PLAIN,
  run: '20260227T183823Z-kv-routing-77aa',
  name: 'kv-routing',
  startedAt: Date.UTC(2026, 1, 27, 18, 38, 23) / 1000,
  levels: KV_ROUTED,
  slo: { ttftP95: 1, tpotP95: 0.06 },
};

const SMALL: SweepScript = {
  ...PLAIN,
  run: '20260301T090000Z-qwen-l4-0b0b',
  name: 'qwen-l4',
  model: 'qwen2.5-0.5b',
  startedAt: Date.UTC(2026, 2, 1, 9) / 1000,
  levels: SMALL_MODEL,
  warmupSeconds: 20,
  measureSeconds: 100,
  slo: { ttftP95: 0.2, tpotP95: 0.02 },
};

const lengthOf = ({ levels, warmupSeconds, measureSeconds }: SweepScript): number =>
  levels.length * (warmupSeconds + measureSeconds);

/** Grafana's data source: one range query for the timeline, instant tables for the others, as our dashboards ask. */
export function answer(series: readonly MatrixSeries[], view: View): DataFrame[] {
  if (view === 'timeline') return toFrames([{ refId: 'A', format: 'range', result: series }]);
  const names = [...new Set(series.map(({ metric }) => metric.__name__!))];
  return toFrames(
    names.map((name, i): Answer => ({
      refId: `Q${i}`,
      format: 'instant',
      result: series.filter(({ metric }) => metric.__name__ === name),
    })),
  );
}

function sceneOf(series: readonly MatrixSeries[], view: View, from: number, to: number, step: number): Scene {
  return { frames: answer(series, view), fromMs: from * 1000, toMs: to * 1000, stepMs: step * 1000 };
}

function whole(script: SweepScript, view: View, step = 15): Scene {
  const end = script.startedAt + lengthOf(script);
  return sceneOf(playSweep(script, end + 60, step), view, script.startedAt - 90, end + 60, step);
}

type MakeScene = (view: View, tick: number) => Scene;

/** Moments that the panel must show well. `tick`: refreshes since the page was opened, one a second. */
export const SCENARIOS: Readonly<Record<string, MakeScene>> = {
  running: (view, tick) => {
    const now = START + 4 * 360 + 130 + tick;
    return sceneOf(playSweep(WITHOUT_KNEE, now, 5), view, START - 30, now, 5);
  },
  'level-ends': (view, tick) => {
    const now = START + 3 * 360 - 2 + tick;
    return sceneOf(playSweep(WITHOUT_KNEE, now, 1), view, START, START + 1500, 1);
  },
  beginning: (view, tick) => {
    const now = START + 8 + tick;
    return sceneOf(playSweep(WITHOUT_KNEE, now, 1), view, START - 60, now, 1);
  },
  finished: (view) => whole(PLAIN, view),
  saturated: (view) => whole(SPECULATIVE, view),
  'kv-routing': (view) => whole(KV, view),
  doubling: (view) => whole(SMALL, view, 5),
  aborted: (view) => whole({ ...WITHOUT_KNEE, levels: PLAIN.levels.slice(0, 4), end: 'aborted' }, view),
  interrupted: (view) => {
    const stopped = START + 3 * 360 + 100;
    return sceneOf(
      playSweep({ ...WITHOUT_KNEE, end: undefined }, stopped + 900, 15, stopped),
      view,
      START - 60,
      stopped + 900,
      15,
    );
  },
  'with-baseline': (view) => {
    const later = {
      ...SPECULATIVE,
      startedAt: START + lengthOf(PLAIN) + 900,
      run: '20260224T172000Z-eagle3-70b-1c2d',
      instance: '10.0.0.8:9464',
    };
    const end = later.startedAt + lengthOf(later);
    const series = [...playSweep(PLAIN, PLAIN.startedAt + lengthOf(PLAIN) + 60, 30), ...playSweep(later, end + 60, 30)];
    return sceneOf(series, view, START - 300, end + 300, 30);
  },
  'two-sidecars': (view) => {
    const other = {
      ...KV,
      startedAt: START + 60,
      job: 'sweepscope-b',
      instance: '10.0.1.3:9464',
      run: '20260224T141449Z-kv-routing-77aa',
    };
    const now = START + 900;
    return sceneOf([...playSweep(WITHOUT_KNEE, now, 15), ...playSweep(other, now, 15)], view, START - 60, now, 15);
  },
  'after-restart': (view) => whole({ ...PLAIN, restart: { at: START + 1000, instance: '10.0.0.9:9464' } }, view),
  '1h': (view) => {
    const scene = whole(PLAIN, view, 15);
    return { ...scene, toMs: scene.fromMs + 3600_000 };
  },
  '7d': (view) => {
    const end = START + lengthOf(PLAIN);
    return sceneOf(playSweep(PLAIN, end + 600, 600), view, end - 7 * 86400, end + 600, 600);
  },
  invalid: (view) =>
    whole(
      {
        ...PLAIN,
        levels: PLAIN.levels.map((level) => (level.load === 90 ? { ...level, verdict: 4 as const } : level)),
      },
      view,
    ),
  foreign: () => foreignScene(),
  empty: (view) => sceneOf([], view, START, START + 3600, 15),
  annotated: (view) => annotatedScene(view),
  broken: (view) => brokenScene(view),
  error: (view) => ({
    ...sceneOf([], view, START, START + 3600, 15),
    frames: [],
    state: LoadingState.Error,
    errors: [{ refId: 'A', message: 'bad_data: 1:12: parse error: unclosed left parenthesis' }],
  }),
  'error-later': (view, tick) => ({
    ...whole(PLAIN, view),
    ...(tick === 0 ? {} : { frames: [], state: LoadingState.Error, errors: [{ message: 'connection refused' }] }),
  }),
};

/** Somebody else's load test: a gauge of virtual users and a latency, with names of their own. */
function foreignScene(): Scene {
  const times = Array.from({ length: 240 }, (_, i) => START + i * 15);
  const users = (i: number): number => 10 * (1 + Math.floor(i / 48));
  const series: MatrixSeries[] = [
    { metric: { __name__: 'k6_vus' }, values: times.map((at, i) => [at, String(users(i))]) },
    {
      metric: { __name__: 'k6_http_req_duration_p95' },
      values: times.map((at, i) => [at, String(0.1 + (users(i) / 50) ** 3 * 0.4 + 0.01 * Math.sin(i))]),
    },
  ];
  const scene = sceneOf(series, 'timeline', START - 60, START + 3660, 15);
  return { ...scene, options: { foreignLevelField: 'k6_vus', latencyLimitMs: 300, lanes: ['latency', 'other'] } };
}

/** A deployment's annotations, and a data link on every series, as a dashboard's author adds them. */
function annotatedScene(view: View): Scene {
  const { frames, ...scene } = whole(PLAIN, view);
  const link = { href: 'https://example.org/logs', title: 'Logs of the server', target: '_blank' as const };
  const linked = frames.map((frame) => ({
    ...frame,
    fields: frame.fields.map((field) => ({ ...field, getLinks: () => [{ ...link, origin: field }] })),
  }));
  const column = (name: string, type: FieldType, values: unknown[]) => ({ name, type, config: {}, values });
  const marks: DataFrame = {
    length: 2,
    fields: [
      column('time', FieldType.time, [(START + 500) * 1000, (START + 1500) * 1000]),
      column('timeEnd', FieldType.time, [null, (START + 1800) * 1000]),
      column('text', FieldType.string, ['config reloaded', 'noisy neighbour']),
      column('color', FieldType.string, ['#ff00ff', '#00ffff']),
    ],
  };
  return { ...scene, frames: linked, annotations: [marks] };
}

function brokenScene(view: View): Scene {
  const { frames, ...scene } = whole(PLAIN, view);
  const damaged = frames.map((frame, i) => ({
    ...frame,
    fields: frame.fields.map((field) =>
      field.name === 'Value' && i % 3 === 0
        ? {
            ...field,
            values: field.values.map((value: number, row: number) =>
              row % 5 === 0 ? Infinity : row % 7 === 0 ? 'x' : value,
            ),
          }
        : field,
    ),
  }));
  return { ...scene, frames: damaged };
}
