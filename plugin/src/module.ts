import { FieldConfigProperty, PanelPlugin, type VisualizationSuggestionsSupplier } from '@grafana/data';
import { addOptions } from './options/add-options.js';
import { migrateOptions } from './options/migrate.js';
import type { SweepOptions } from './options/options.js';
import { suggestionsSupplier } from './options/suggestions.js';
import { SweepPanel } from './panel/SweepPanel.js';

/** What Grafana loads. */
export const plugin = new PanelPlugin<SweepOptions>(SweepPanel)
  .setPanelOptions(addOptions)
  .useFieldConfig({
    disableStandardOptions: [FieldConfigProperty.Mappings, FieldConfigProperty.NoValue, FieldConfigProperty.Filterable],
  })
  .setDataSupport({ annotations: true, alertStates: true })
  .setMigrationHandler(migrateOptions)
  .setSuggestionsSupplier(suggestionsSupplier as VisualizationSuggestionsSupplier<SweepOptions>);
