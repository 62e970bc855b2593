import React, { useEffect, useMemo, useState } from 'react';
import type { AbsoluteTimeRange, PanelPlugin } from '@grafana/data';
import type { SweepOptions, View } from '../../src/options/options.js';
import type { Answer } from './datasource/matrix.js';
import { toFrames } from './datasource/to-frames.js';
import { PanelFrame } from './PanelFrame.js';
import { SCENARIOS, type Scene } from './scenarios/scenarios.js';
import { Themed } from './Themed.js';

/** What browser tests read and do. */
export interface TestHandle {
  /** React's version, as the panel gets it. */
  react: string;
  zooms: AbsoluteTimeRange[];
  tick: () => void;
  setTheme: (mode: 'dark' | 'light') => void;
  setSize: (width: number, height: number) => void;
  setScene: (scene: Scene) => void;
  /** Shows what queries answered. Epoch seconds, and seconds between two samples. */
  setAnswers: (answers: readonly Answer[], span: { from: number; to: number; step: number }) => void;
  setView: (view: View) => void;
}

declare global {
  interface Window {
    sweepTest?: TestHandle;
  }
}

interface State {
  view: View;
  scene: Scene;
  tick: number;
  mode: 'dark' | 'light';
  width: number;
  height: number;
}

function sceneOf(answers: readonly Answer[], span: { from: number; to: number; step: number }): Scene {
  return { frames: toFrames(answers), fromMs: span.from * 1000, toMs: span.to * 1000, stepMs: span.step * 1000 };
}

/** One scenario in one panel, steered by browser tests. */
export function TestPage({ plugin, query }: { plugin: PanelPlugin; query: URLSearchParams }) {
  const first = (query.get('view') ?? 'timeline') as View;
  const scenario = SCENARIOS[query.get('scenario') ?? 'finished']!;
  const [state, setState] = useState<State>(() => ({
    view: first,
    scene: scenario(first, 0),
    tick: 0,
    mode: query.get('theme') === 'light' ? 'light' : 'dark',
    width: Number(query.get('width') ?? 1000),
    height: Number(query.get('height') ?? 480),
  }));
  const options = useMemo<Partial<SweepOptions>>(
    () => ({ view: state.view, ...state.scene.options, ...(JSON.parse(query.get('options') ?? '{}') as object) }),
    [state.view, state.scene.options, query],
  );
  const [zooms] = useState<AbsoluteTimeRange[]>([]);
  useEffect(() => {
    window.sweepTest = {
      react: React.version,
      zooms,
      tick: () => setState((old) => ({ ...old, tick: old.tick + 1, scene: scenario(old.view, old.tick + 1) })),
      setTheme: (mode) => setState((old) => ({ ...old, mode })),
      setSize: (width, height) => setState((old) => ({ ...old, width, height })),
      setView: (view) => setState((old) => ({ ...old, view, scene: scenario(view, old.tick) })),
      setScene: (scene) => setState((old) => ({ ...old, scene })),
      setAnswers: (answers, span) => setState((old) => ({ ...old, scene: sceneOf(answers, span) })),
    };
  }, [scenario, zooms]);
  const { scene, mode, width, height } = state;
  const { frames, fromMs, toMs, stepMs, annotations, state: queryState, errors } = scene;
  return (
    <Themed mode={mode}>
      <main style={{ width, height, margin: 16 }} data-panel>
        <PanelFrame
          {...{ plugin, options, frames, fromMs, toMs, stepMs, width, height, annotations, errors }}
          state={queryState}
          onChangeTimeRange={(range) => zooms.push(range)}
        />
      </main>
    </Themed>
  );
}
