import {
  VisualizationSuggestionScore,
  type DataFrame,
  type PanelDataSummary,
  type VisualizationSuggestion,
} from '@grafana/data';
import { readFrames } from '../data/series.js';
import type { SweepOptions, View } from './options.js';

type Suggestion = VisualizationSuggestion<SweepOptions>;

/** Views that fit the frames: only for Sweepscope's own series, so that nobody else's data get this panel suggested. */
export function viewsFor(frames: readonly DataFrame[]): View[] {
  const kinds = new Set(
    readFrames(frames)
      .series.filter(({ labels }) => 'run' in labels)
      .map(({ role }) => role.kind),
  );
  const views: View[] = [];
  if (kinds.has('window_edge') || kinds.has('level')) views.push('timeline');
  if (kinds.has('result')) views.push('curve', 'levels');
  return views;
}

const NAMES: Record<View, string> = {
  timeline: 'Sweep over time',
  curve: 'Latency over level',
  levels: 'Levels of a sweep',
};

function suggest({ rawFrames = [] }: PanelDataSummary): Suggestion[] {
  return viewsFor(rawFrames).map((view) => ({
    name: NAMES[view],
    score: VisualizationSuggestionScore.Best,
    options: { view } as SweepOptions,
  }));
}

/** What Grafana 12.2 calls instead of the function. */
interface OldBuilder {
  dataSummary: PanelDataSummary;
  getListAppender: (defaults: { pluginId: string; name: string; options: object; fieldConfig: object }) => {
    append: (suggestion: object) => void;
  };
}

/** A function for Grafana from 12.4 on, and the object with a method that older ones call. */
export const suggestionsSupplier = Object.assign(suggest, {
  getSuggestionsForData: (builder: OldBuilder): void => {
    const defaults = {
      pluginId: 'sweepscope-sweep-panel',
      name: 'Sweepscope',
      options: {},
      fieldConfig: { defaults: {}, overrides: [] },
    };
    const list = builder.getListAppender(defaults);
    for (const suggestion of suggest(builder.dataSummary)) list.append(suggestion);
  },
});
