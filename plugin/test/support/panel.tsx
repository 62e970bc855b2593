import React from 'react';
import { dateTime, EventBusSrv, LoadingState, type DataFrame, type PanelProps } from '@grafana/data';
import { DEFAULT_OPTIONS, type SweepOptions } from '../../src/options/options.js';
import { SweepPanel } from '../../src/panel/SweepPanel.js';
import { PLAIN_SECONDS, START } from './scenario-frames.js';

export interface Shown {
  frames: DataFrame[];
  options?: Partial<SweepOptions>;
  state?: LoadingState;
  onZoom?: PanelProps['onChangeTimeRange'];
  /** Where the time range ends, seconds after the sweep's start. */
  toSeconds?: number;
}

/** The panel over the whole of `PLAIN`, with the properties that a dashboard gives it. */
export function panel(shown: Shown) {
  const { frames, options = {}, state = LoadingState.Done, onZoom = () => undefined } = shown;
  const { toSeconds = PLAIN_SECONDS + 60 } = shown;
  const [from, to] = [dateTime((START - 60) * 1000), dateTime((START + toSeconds) * 1000)];
  const timeRange = { from, to, raw: { from, to } };
  const props = {
    ...{ id: 1, title: '', transparent: false, renderCounter: 0, width: 800, height: 400, timeZone: 'utc', timeRange },
    data: { series: frames, state, timeRange },
    options: { ...DEFAULT_OPTIONS, ...options },
    fieldConfig: { defaults: {}, overrides: [] },
    eventBus: new EventBusSrv(),
    replaceVariables: (text: string) => text,
    onChangeTimeRange: onZoom,
    onOptionsChange: () => undefined,
    onFieldConfigChange: () => undefined,
  };
  return <SweepPanel {...props} />;
}
