import type { PanelOptionsEditorBuilder, SelectableValue } from '@grafana/data';
import { TEXT } from '../text.js';
import { DEFAULT_OPTIONS, LANE_NAMES, type SweepOptions } from './options.js';
import { RolesEditor } from './RolesEditor.js';

type Builder = PanelOptionsEditorBuilder<SweepOptions>;

/** The options' editors. */
export function addOptions(builder: Builder): void {
  addViewOptions(builder);
  addLookOptions(builder);
  addRunOptions(builder);
  addForeignOptions(builder);
}

const SCALES = [
  { value: 'auto', label: 'Auto' },
  { value: 'linear', label: 'Linear' },
  { value: 'log', label: 'Log' },
] as const;

const QUANTILES = ['p50', 'p90', 'p95', 'p99', 'max', 'mean'];

/** Grafana's type asks for whole lists where its editor takes their members. */
function choices<T extends string>(values: readonly T[], label: (value: T) => string): SelectableValue<T[]>[] {
  return values.map((value) => ({ value: value as unknown as T[], label: label(value) }));
}

function addViewOptions(builder: Builder): void {
  const category = ['View'];
  builder
    .addRadio({
      path: 'view',
      name: 'View',
      category,
      defaultValue: DEFAULT_OPTIONS.view,
      settings: {
        options: [
          { value: 'timeline', label: 'Timeline' },
          { value: 'curve', label: 'Curve' },
          { value: 'levels', label: 'Levels' },
        ],
      },
    })
    .addMultiSelect({
      path: 'lanes',
      name: 'Measures',
      description: 'From top to bottom; those without data are left out',
      category,
      defaultValue: DEFAULT_OPTIONS.lanes,
      settings: { options: choices(LANE_NAMES, (name) => TEXT.measure[name]) },
      showIf: ({ view }) => view !== 'levels',
    })
    .addMultiSelect({
      path: 'quantiles',
      name: 'Quantiles',
      category,
      defaultValue: DEFAULT_OPTIONS.quantiles,
      settings: { options: choices(QUANTILES, (q) => q) },
      showIf: ({ view }) => view !== 'levels',
    });
}

function addLookOptions(builder: Builder): void {
  const category = ['View'];
  builder
    .addRadio({
      path: 'scale',
      name: 'Value scale',
      category,
      defaultValue: DEFAULT_OPTIONS.scale,
      settings: { options: [...SCALES] },
      showIf: ({ view }) => view !== 'levels',
    })
    .addRadio({
      path: 'levelAxis',
      name: 'Level axis',
      category,
      defaultValue: DEFAULT_OPTIONS.levelAxis,
      settings: { options: [...SCALES] },
      showIf: ({ view }) => view === 'curve',
    })
    .addBooleanSwitch({
      path: 'showSummary',
      name: 'Result in words',
      category,
      defaultValue: DEFAULT_OPTIONS.showSummary,
    })
    .addBooleanSwitch({
      path: 'showLegend',
      name: 'Legend',
      category,
      defaultValue: DEFAULT_OPTIONS.showLegend,
      showIf: ({ view }) => view !== 'levels',
    })
    .addBooleanSwitch({
      path: 'showWarmup',
      name: 'Hatch warm-up',
      category,
      defaultValue: DEFAULT_OPTIONS.showWarmup,
      showIf: ({ view }) => view === 'timeline',
    });
}

function addRunOptions(builder: Builder): void {
  const category = ['Runs'];
  builder
    .addTextInput({
      path: 'run',
      name: 'Run',
      description: 'Id, name or variable; the newest where it is empty or not known',
      category,
      defaultValue: DEFAULT_OPTIONS.run,
    })
    .addTextInput({
      path: 'baseline',
      name: 'Baseline',
      description: 'Likewise; the one before where it is empty; "none" for no comparison',
      category,
      defaultValue: DEFAULT_OPTIONS.baseline,
    });
}

function addForeignOptions(builder: Builder): void {
  const category = ['Foreign data'];
  builder
    .addCustomEditor({
      id: 'roles',
      path: 'roles',
      name: 'Roles of queries',
      description: 'What a query is, where neither a label "role" nor its metric’s name tells',
      category,
      editor: RolesEditor,
      defaultValue: DEFAULT_OPTIONS.roles,
    })
    .addFieldNamePicker({
      path: 'foreignLevelField',
      name: 'Level field',
      description: 'Its steps become the levels',
      category,
      defaultValue: DEFAULT_OPTIONS.foreignLevelField,
    })
    .addNumberInput({
      path: 'ttftLimitMs',
      name: 'TTFT limit (ms)',
      category,
      defaultValue: DEFAULT_OPTIONS.ttftLimitMs,
      settings: { min: 0 },
    })
    .addNumberInput({
      path: 'tpotLimitMs',
      name: 'TPOT limit (ms)',
      category,
      defaultValue: DEFAULT_OPTIONS.tpotLimitMs,
      settings: { min: 0 },
    })
    .addNumberInput({
      path: 'latencyLimitMs',
      name: 'Latency limit (ms)',
      category,
      defaultValue: DEFAULT_OPTIONS.latencyLimitMs,
      settings: { min: 0 },
    });
}
