import React, { useMemo } from 'react';
import {
  dateTime,
  EventBusSrv,
  LoadingState,
  type AbsoluteTimeRange,
  type DataFrame,
  type PanelData,
  type PanelPlugin,
  type PanelProps,
  type TimeRange,
} from '@grafana/data';
import { PanelContextProvider } from '@grafana/ui';
import { DEFAULT_OPTIONS, type SweepOptions } from '../../src/options/options.js';

export interface PanelFrameProps {
  plugin: PanelPlugin;
  options: Partial<SweepOptions>;
  frames: DataFrame[];
  annotations?: DataFrame[] | undefined;
  state?: LoadingState | undefined;
  errors?: PanelData['errors'];
  fromMs: number;
  toMs: number;
  stepMs: number;
  width: number;
  height: number;
  onChangeTimeRange: (range: AbsoluteTimeRange) => void;
}

/** One panel with the properties that a dashboard gives it. */
export function PanelFrame(props: PanelFrameProps) {
  const { plugin, options, frames, annotations, state, errors, fromMs, toMs, stepMs, width, height } = props;
  const eventBus = useMemo(() => new EventBusSrv(), []);
  const context = useMemo(() => ({ eventsScope: 'host', eventBus }), [eventBus]);
  const timeRange = useMemo(() => asTimeRange(fromMs, toMs), [fromMs, toMs]);
  const whole = useMemo(() => ({ ...DEFAULT_OPTIONS, ...options }), [options]);
  const data = useMemo(
    () => ({
      series: frames,
      annotations,
      state: state ?? LoadingState.Done,
      errors,
      timeRange,
      request: { intervalMs: stepMs },
    }),
    [frames, annotations, state, errors, timeRange, stepMs],
  );
  const Panel = plugin.panel as React.ComponentType<PanelProps<SweepOptions>>;
  return (
    <PanelContextProvider value={context}>
      <Panel
        id={1}
        data={data as unknown as PanelProps['data']}
        options={whole}
        timeRange={timeRange}
        timeZone="browser"
        width={width}
        height={height}
        title=""
        transparent={false}
        renderCounter={0}
        fieldConfig={{ defaults: {}, overrides: [] }}
        eventBus={eventBus}
        replaceVariables={(text) => text}
        onChangeTimeRange={props.onChangeTimeRange}
        onOptionsChange={() => undefined}
        onFieldConfigChange={() => undefined}
      />
    </PanelContextProvider>
  );
}

function asTimeRange(fromMs: number, toMs: number): TimeRange {
  const [from, to] = [dateTime(fromMs), dateTime(toMs)];
  return { from, to, raw: { from, to } };
}
