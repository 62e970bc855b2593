import { useMemo, useRef } from 'react';
import { LoadingState, type PanelData, type TimeRange } from '@grafana/data';
import { buildSweepModel } from '../data/build-model.js';
import { chooseRuns, type ChosenRuns } from '../data/choose-runs.js';
import type { SweepModel } from '../data/model.js';
import { shareLevels } from '../data/share-levels.js';
import type { SweepOptions } from '../options/options.js';
import { limitsByHand } from '../plan/timeline.js';

/** The model of the panel's data. While a refresh loads without frames, or where it failed, the last one stays. */
export function useModel(data: PanelData, timeRange: TimeRange, options: SweepOptions): SweepModel {
  const kept = useRef<SweepModel | null>(null);
  const toMs = timeRange.to.valueOf();
  const stepMs = data.request?.intervalMs ?? 15_000;
  const model = useMemo(() => {
    const objectives = limitsByHand(options).map((limit) => ({ ...limit, name: `${limit.measure}_${limit.q}` }));
    const built = buildSweepModel(data.series, {
      refIdRoles: options.roles,
      toMs,
      stepMs,
      foreign: { levelField: options.foreignLevelField, objectives },
    });
    return shareLevels(kept.current, built);
  }, [data.series, toMs, stepMs, options]);
  const isWithout = data.state === LoadingState.Loading || data.state === LoadingState.Error;
  if (isWithout && data.series.length === 0 && kept.current !== null) return kept.current;
  kept.current = model;
  return model;
}

/** The run that is shown and its baseline. */
export function useChosenRuns(
  model: SweepModel,
  options: SweepOptions,
  replaceVariables: (text: string) => string,
): ChosenRuns {
  const run = replaceVariables(options.run);
  const baseline = replaceVariables(options.baseline);
  return useMemo(() => chooseRuns(model.runs, run, baseline), [model, run, baseline]);
}
