import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as table from '@grafana/grafana-foundation-sdk/table';
import type { PlacedPanel, Size } from './panels.js';
import type { Unit } from './style.js';
import { DATASOURCE, queriesOf, refIdOf } from './targets.js';

/** A column from the values of one instant query. */
export interface Column {
  readonly title: string;
  readonly expr: string;
  readonly unit: Unit;
  readonly decimals?: number;
  readonly mappings?: readonly dashboard.ValueMapping[];
  readonly width?: number;
}

export interface TableOptions extends Partial<Size> {
  readonly title: string;
  readonly description: string;
  /** Labels that make a row, with the title of their column. */
  readonly keys: Readonly<Record<string, string>>;
  readonly columns: readonly Column[];
  readonly sort?: { readonly by: string; readonly descending: boolean };
  /** Link on the cells of one column. */
  readonly link?: { readonly column: string; readonly title: string; readonly url: string };
}

/** Wide enough for the id of a run. */
const RUN_ID_PX = 240;

/** One row for each combination of the key labels, one column a query. */
export function rows(options: TableOptions): PlacedPanel {
  const { title, description, keys, columns, sort, link, w = 24, h = 9 } = options;
  const labels = Object.keys(keys);
  const panel = new table.PanelBuilder()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .targets(
      queriesOf(
        columns.map(({ expr }) => ({ expr: `max by (${labels.join(', ')}) (${expr})`, instant: true, table: true })),
      ),
    )
    .showHeader(true)
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: layout(keys, columns) });
  if (keys['run'] !== undefined) panel.overrideByName(keys['run'], [{ id: 'custom.width', value: RUN_ID_PX }]);
  columns.forEach((column) => panel.overrideByName(column.title, propertiesOf(column)));
  if (link !== undefined) {
    panel.overrideByName(link.column, [{ id: 'links', value: [{ title: link.title, url: link.url }] }]);
  }
  if (sort !== undefined) {
    panel.sortBy([{ build: () => ({ displayName: sort.by, desc: sort.descending }) }]);
  }
  return { panel, w, h };
}

function layout(keys: TableOptions['keys'], columns: readonly Column[]): object {
  const names = [...Object.keys(keys), ...columns.map((_, index) => valueName(index, columns.length))];
  return {
    excludeByName: { Time: true },
    indexByName: Object.fromEntries(names.map((name, index) => [name, index])),
    renameByName: {
      ...keys,
      ...Object.fromEntries(columns.map((column, index) => [valueName(index, columns.length), column.title])),
    },
  };
}

/** What Grafana calls the value of a query in a merged table. */
const valueName = (index: number, of: number): string => (of === 1 ? 'Value' : `Value #${refIdOf(index)}`);

function propertiesOf({ unit, decimals, mappings, width }: Column): dashboard.DynamicConfigValue[] {
  return [
    { id: 'unit', value: unit },
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
    ...(mappings === undefined
      ? []
      : [
          { id: 'mappings', value: mappings },
          { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } },
        ]),
  ];
}
