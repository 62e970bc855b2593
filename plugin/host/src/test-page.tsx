import React, { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createTheme, ThemeContext, type AbsoluteTimeRange, type PanelPlugin } from '@grafana/data';
import type { SweepOptions, View } from '../../src/options/options.js';
import { PanelFrame } from './PanelFrame.js';
import { SCENARIOS, type Scene } from './scenarios/scenarios.js';

/** What browser tests read and do. */
export interface TestHandle {
  zooms: AbsoluteTimeRange[];
  tick: () => void;
  setTheme: (mode: 'dark' | 'light') => void;
  setSize: (width: number, height: number) => void;
  setScene: (scene: Scene) => void;
}

declare global {
  interface Window {
    sweepTest?: TestHandle;
  }
}

interface State {
  scene: Scene;
  tick: number;
  mode: 'dark' | 'light';
  width: number;
  height: number;
}

function TestPage({ plugin, query }: { plugin: PanelPlugin; query: URLSearchParams }) {
  const view = (query.get('view') ?? 'timeline') as View;
  const scenario = SCENARIOS[query.get('scenario') ?? 'finished']!;
  const [state, setState] = useState<State>(() => ({
    scene: scenario(view, 0),
    tick: 0,
    mode: query.get('theme') === 'light' ? 'light' : 'dark',
    width: Number(query.get('width') ?? 1000),
    height: Number(query.get('height') ?? 480),
  }));
  const [options] = useState<Partial<SweepOptions>>(() => ({
    view,
    ...state.scene.options,
    ...(JSON.parse(query.get('options') ?? '{}') as object),
  }));
  const [zooms] = useState<AbsoluteTimeRange[]>([]);
  useEffect(() => {
    window.sweepTest = {
      zooms,
      tick: () => setState((old) => ({ ...old, tick: old.tick + 1, scene: scenario(view, old.tick + 1) })),
      setTheme: (mode) => setState((old) => ({ ...old, mode })),
      setSize: (width, height) => setState((old) => ({ ...old, width, height })),
      setScene: (scene) => setState((old) => ({ ...old, scene })),
    };
  }, [scenario, view, zooms]);
  return <Themed {...state} options={options} plugin={plugin} onZoom={(range) => zooms.push(range)} />;
}

interface ThemedProps extends State {
  options: Partial<SweepOptions>;
  plugin: PanelPlugin;
  onZoom: (range: AbsoluteTimeRange) => void;
}

function Themed({ scene, mode, width, height, options, plugin, onZoom }: ThemedProps) {
  const theme = React.useMemo(() => createTheme({ colors: { mode } }), [mode]);
  const { frames, fromMs, toMs, stepMs } = scene;
  useEffect(() => {
    document.body.style.cssText = `margin:0;padding:16px;background:${theme.colors.background.primary};color:${theme.colors.text.primary};font:14px Inter,"DejaVu Sans",sans-serif`;
  }, [theme]);
  return (
    <ThemeContext.Provider value={theme}>
      <main style={{ width, height }} data-panel>
        <PanelFrame {...{ plugin, options, frames, fromMs, toMs, stepMs, width, height }} onChangeTimeRange={onZoom} />
      </main>
    </ThemeContext.Provider>
  );
}

export function showTestPage(plugin: PanelPlugin, query: URLSearchParams): void {
  createRoot(document.getElementById('root')!).render(<TestPage plugin={plugin} query={query} />);
}
