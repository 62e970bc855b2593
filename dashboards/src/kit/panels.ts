import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as text from '@grafana/grafana-foundation-sdk/text';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { COLORS, VERDICTS, type ColorName, type Unit } from './style.js';
import { DATASOURCE, queriesOf, type Target } from './targets.js';

/** Columns (of 24) and rows of the grid that a panel takes. */
export interface Size {
  readonly w: number;
  readonly h: number;
}

export interface PlacedPanel extends Size {
  readonly panel: cog.Builder<dashboard.Panel> & { gridPos(at: dashboard.GridPos): unknown; id(id: number): unknown };
}

interface PanelText {
  readonly title: string;
  /** What it shows and how to read it: every panel has one. */
  readonly description: string;
}

export interface GraphOptions extends PanelText, Partial<Size> {
  readonly unit: Unit;
  readonly targets: readonly Target[];
  /** Fixed colours by name or regular expression of the legend. */
  readonly colors?: Readonly<Record<string, ColorName>>;
  /** Legends (regular expressions) that are limits: dashed, without points or fill. */
  readonly limits?: readonly string[];
  readonly stacked?: boolean;
  readonly max?: number;
  readonly steps?: boolean;
}

const LIMIT_STYLE: dashboard.DynamicConfigValue[] = [
  { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } },
  { id: 'custom.fillOpacity', value: 0 },
  { id: 'custom.lineWidth', value: 2 },
  { id: 'color', value: { mode: 'fixed', fixedColor: COLORS.slo } },
];

/** Lines over time; the legend lists the last and the highest value. */
export function graph(options: GraphOptions): PlacedPanel {
  const { title, description, unit, targets, colors = {}, limits = [], stacked = false, max, w = 12, h = 9 } = options;
  const panel = new timeseries.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .targets(queriesOf(targets))
    .unit(unit)
    .min(0)
    .lineWidth(2)
    .fillOpacity(stacked ? 35 : 6)
    .showPoints(common.VisibilityMode.Never)
    .spanNulls(false)
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassic))
    .lineInterpolation(options.steps === true ? common.LineInterpolation.StepAfter : common.LineInterpolation.Linear)
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    )
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull', 'max']),
    );
  if (stacked) panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'));
  if (max !== undefined) panel.max(max);
  for (const [name, color] of Object.entries(colors)) {
    panel.overrideByRegexp(`/^${name}$/`, [{ id: 'color', value: { mode: 'fixed', fixedColor: COLORS[color] } }]);
  }
  for (const name of limits) panel.overrideByRegexp(`/^${name}$/`, LIMIT_STYLE);
  return { panel, w, h };
}

export interface NumberOptions extends PanelText, Partial<Size> {
  readonly unit: Unit;
  readonly targets: readonly Target[];
  readonly decimals?: number;
  /** Colour from this value on; the first applies below all. */
  readonly steps?: readonly [from: number | null, color: ColorName][];
  readonly mappings?: readonly dashboard.ValueMapping[];
  /** Shows the series' name instead of its value. */
  readonly named?: boolean;
  readonly noValue?: string;
}

/** One number each, large. */
export function number(options: NumberOptions): PlacedPanel {
  const { title, description, unit, targets, steps = [[null, 'running']], mappings = [], w = 4, h = 4 } = options;
  const panel = new stat.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .targets(queriesOf(targets))
    .unit(unit)
    .noValue(options.noValue ?? 'no data')
    .mappings([...mappings])
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.None)
    .textMode(options.named === true ? common.BigValueTextMode.Name : common.BigValueTextMode.Value)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(
      new dashboard.ThresholdsConfigBuilder()
        .mode(dashboard.ThresholdsMode.Absolute)
        .steps(steps.map(([value, color]) => ({ value, color: COLORS[color] }))),
    );
  if (options.decimals !== undefined) panel.decimals(options.decimals);
  return { panel, w, h };
}

export interface StatesOptions extends PanelText, Partial<Size> {
  readonly targets: readonly Target[];
  /** Series (by name) whose values are numbers, not states: no mapping applies to them. */
  readonly numbers?: readonly string[];
  readonly mappings?: readonly dashboard.ValueMapping[];
}

/** What state things are in over time. */
export function states(options: StatesOptions): PlacedPanel {
  const { title, description, targets, mappings = [], numbers = [], w = 24, h = 6 } = options;
  const panel = new statetimeline.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .targets(queriesOf(targets))
    .mappings(numbers.length > 0 ? [] : [...mappings])
    .mergeValues(true)
    .showValue(common.VisibilityMode.Auto)
    .rowHeight(0.85)
    .fillOpacity(70)
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassic))
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Single))
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(false),
    );
  if (numbers.length > 0)
    panel.overrideByRegexp(`/^(?!(?:${numbers.join('|')})$)/`, [{ id: 'mappings', value: mappings }]);
  return { panel, w, h };
}

/** How often which duration came, over time, from a histogram's buckets. */
export function durations(options: PanelText & Partial<Size> & { expr: string }): PlacedPanel {
  const panel = new heatmap.PanelBuilder()
    .title(options.title)
    .description(options.description)
    .datasource(DATASOURCE)
    .targets(queriesOf([{ expr: options.expr, legend: '{{le}}' }]).map((query) => query.format('heatmap' as never)))
    .calculate(false)
    .yAxis(new heatmap.YAxisConfigBuilder().unit('s').axisPlacement(common.AxisPlacement.Left))
    .cellGap(1);
  return { panel, w: options.w ?? 12, h: options.h ?? 8 };
}

/** Words. */
export function words(title: string, markdown: string, size: Size): PlacedPanel {
  const panel = new text.PanelBuilder().title(title).mode(text.TextMode.Markdown).content(markdown);
  return { panel, ...size };
}

/** Names and colours of verdicts for panels of `loadgen_level_verdict`. */
export const VERDICT_MAPPINGS: dashboard.ValueMapping[] = [
  {
    type: dashboard.MappingType.ValueToText,
    options: Object.fromEntries(
      VERDICTS.map(({ value, text: name, color }, index) => [String(value), { text: name, color, index }]),
    ),
  },
];

/** 0 and 1 in words. */
export function yesNo(
  yes: string,
  no: string,
  colors: readonly [yes: ColorName, no: ColorName],
): dashboard.ValueMapping[] {
  return [
    {
      type: dashboard.MappingType.ValueToText,
      options: {
        '1': { text: yes, color: COLORS[colors[0]], index: 0 },
        '0': { text: no, color: COLORS[colors[1]], index: 1 },
      },
    },
  ];
}
