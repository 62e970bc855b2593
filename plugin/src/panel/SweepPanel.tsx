import React, { useId, useMemo } from 'react';
import { DashboardCursorSync, FieldType, LoadingState, type PanelData, type PanelProps } from '@grafana/data';
import { usePanelContext, useStyles2, useTheme2 } from '@grafana/ui';
import { LevelsTable } from '../components/LevelsTable.js';
import { Notice } from '../components/Notice.js';
import { panelStyles } from '../components/styles.js';
import { Summary } from '../components/Summary.js';
import { readAnnotations } from '../data/annotations.js';
import type { SweepLevel, SweepModel, SweepRun } from '../data/model.js';
import { paletteOf } from '../draw/palette.js';
import type { SweepOptions } from '../options/options.js';
import { headlineOf } from '../plan/headline.js';
import { TEXT } from '../text.js';
import { CurveView } from './CurveView.js';
import { TimelineView } from './TimelineView.js';
import { useChosenRuns, useModel } from './use-model.js';
import { useSize } from './use-size.js';
import type { ViewProps } from './views.js';

/** The panel: reads the data, says the result in words, and shows one view of it. */
export function SweepPanel(props: PanelProps<SweepOptions>) {
  const { data, options, timeRange, timeZone, onChangeTimeRange } = props;
  const styles = useStyles2(panelStyles);
  const theme = useTheme2();
  const palette = useMemo(() => paletteOf(theme), [theme]);
  const model = useModel(data, timeRange, options);
  const { current, baseline } = useChosenRuns(model, options, props.replaceVariables);
  const marks = useMemo(() => readAnnotations(data.annotations), [data.annotations]);
  const [body, size] = useSize<HTMLDivElement>();
  const describedBy = useId();
  const view: ViewProps = {
    ...{ model, current, baseline, options, palette, timeRange, timeZone, marks, describedBy },
    ...size,
    sync: useSync(),
    linksOf: (source, timeMs) => linksAt(data.series, source, timeMs),
    onZoom: (from, to) => onChangeTimeRange({ from: Math.round(from), to: Math.round(to) }),
  };
  const headline = current === null ? null : headlineOf(current);
  const failed = data.state === LoadingState.Error ? <Failed data={data} /> : null;
  return (
    <div className={styles.panel} style={{ width: props.width, height: props.height }}>
      {options.showSummary && !isEmpty(view) && (
        <div className={styles.head}>
          {headline !== null && <Summary headline={headline} baseline={baselineText(baseline, options)} />}
          <Problems model={model} />
        </div>
      )}
      <div ref={body} className={styles.body}>
        {size.width > 0 && (isEmpty(view) && failed !== null ? failed : <View {...view} />)}
      </div>
      <div id={describedBy} className={styles.hidden}>
        {headline !== null && <p>{[headline.title, ...headline.sentences.map(({ text }) => text)].join('. ')}</p>}
        {current !== null && options.view !== 'levels' && (
          <LevelsTable run={current} baseline={baseline} className={styles.hidden} />
        )}
      </div>
    </div>
  );
}

function baselineText(baseline: SweepRun | null, { view }: SweepOptions): string {
  return baseline === null || view === 'timeline' ? '' : ` · ${TEXT.baseline}: ${baseline.name || baseline.id}`;
}

/** There is nothing to draw: a notice says why. */
function isEmpty({ model, current, options }: ViewProps): boolean {
  return current === null && (options.view !== 'timeline' || model.series.length === 0);
}

function View(view: ViewProps) {
  const { model, current, options } = view;
  if (isEmpty(view)) return <NoSweep model={model} options={options} />;
  if (options.view === 'timeline') return <TimelineView {...view} />;
  if (current === null) return <NoSweep model={model} options={options} />;
  if (!current.levels.some(hasFigures)) return <NoFigures run={current} model={model} />;
  return options.view === 'curve' ? (
    <CurveView {...view} run={current} />
  ) : (
    <LevelsTable run={current} baseline={view.baseline} />
  );
}

function hasFigures({ quantiles, figures }: SweepLevel): boolean {
  return Object.keys(quantiles).length > 0 || Object.values(figures).some((figure) => !Number.isNaN(figure));
}

function NoFigures({ run, model }: { run: SweepRun; model: SweepModel }) {
  const toCome = run.state === 'running' || run.state === 'unknown';
  return toCome ? (
    <Notice title={TEXT.noData.waiting} lines={[]} />
  ) : (
    <Notice title={TEXT.noData.noFigures} lines={[TEXT.noData.curve, ...reasonsOf(model)]} />
  );
}

/** Grafana marks the panel as failed too; without this it would say that there was no sweep. */
function Failed({ data }: { data: PanelData }) {
  const errors = data.errors ?? [];
  const lines = errors.flatMap(({ refId, message }) =>
    message === undefined ? [] : [refId === undefined ? message : `${refId}: ${message}`],
  );
  return <Notice title={TEXT.noData.failed} lines={[...new Set(lines)].slice(0, 3)} />;
}

function NoSweep({ model, options }: { model: SweepModel; options: SweepOptions }) {
  const query = options.view === 'timeline' ? TEXT.noData.timeline : TEXT.noData.curve;
  return <Notice title={TEXT.noData.title} lines={[query, TEXT.noData.foreign, ...reasonsOf(model)]} />;
}

function reasonsOf({ problems }: SweepModel): string[] {
  return problems.slice(0, 3).map(({ code, detail }) => TEXT.problem[code](detail));
}

function Problems({ model }: { model: SweepModel }) {
  const styles = useStyles2(panelStyles);
  if (model.problems.length === 0) return null;
  const texts = model.problems.map(({ code, detail }) => TEXT.problem[code](detail));
  const more = texts.length > 2 ? ` and ${texts.length - 2} more` : '';
  return (
    <p className={styles.notes} title={texts.join('\n')}>
      {texts.slice(0, 2).join('; ')}
      {more}
    </p>
  );
}

function useSync(): ViewProps['sync'] {
  const { eventBus, eventsScope, sync } = usePanelContext();
  const mode = sync?.() ?? DashboardCursorSync.Off;
  return useMemo(
    () => (mode === DashboardCursorSync.Off ? null : { key: eventsScope, eventBus }),
    [mode, eventsScope, eventBus],
  );
}

function linksAt(series: PanelProps['data']['series'], source: { frame: number; field: number }, timeMs: number) {
  const frame = series[source.frame];
  const field = frame?.fields[source.field];
  if (field?.getLinks === undefined) return [];
  const times = frame?.fields.find(({ type }) => type === FieldType.time)?.values ?? [];
  const after = times.findIndex((time: number) => time >= timeMs);
  return field.getLinks({ valueRowIndex: after < 0 ? Math.max(times.length - 1, 0) : after });
}
