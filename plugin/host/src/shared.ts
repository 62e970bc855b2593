import * as emotion from '@emotion/css';
import {
  dateTimeFormat,
  DashboardCursorSync,
  FieldConfigProperty,
  FieldType,
  LoadingState,
  PanelPlugin,
  VisualizationSuggestionScore,
} from '@grafana/data';
import {
  AxisPlacement,
  EventBusPlugin,
  getPortalContainer,
  InlineField,
  Input,
  KeyboardPlugin,
  ScaleDirection,
  ScaleOrientation,
  UPlotChart,
  UPlotConfigBuilder,
  usePanelContext,
  useStyles2,
  useTheme2,
} from '@grafana/ui';
import * as React from 'react';
import * as ReactDOM from 'react-dom';

/**
 * What the panel takes from Grafana, and nothing more, so that the bundler can leave out the rest. A name that the panel
 * uses and that is missing here fails in the browser tests.
 */
export const SHARED: Readonly<Record<string, unknown>> = {
  react: React,
  'react-dom': ReactDOM,
  '@emotion/css': emotion,
  '@grafana/data': {
    dateTimeFormat,
    DashboardCursorSync,
    FieldConfigProperty,
    FieldType,
    LoadingState,
    PanelPlugin,
    VisualizationSuggestionScore,
  },
  '@grafana/ui': {
    AxisPlacement,
    EventBusPlugin,
    getPortalContainer,
    InlineField,
    Input,
    KeyboardPlugin,
    ScaleDirection,
    ScaleOrientation,
    UPlotChart,
    UPlotConfigBuilder,
    usePanelContext,
    useStyles2,
    useTheme2,
  },
};
