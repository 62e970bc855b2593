import React, { useMemo } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2, PanelPlugin } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { MatrixSeries } from './datasource/matrix.js';
import { toFrames } from './datasource/to-frames.js';
import { PanelBox } from './PanelBox.js';

/** What a report holds for its pictures: the run's record at its end. */
export interface ReportData {
  series: MatrixSeries[];
  /** Epoch seconds. */
  from: number;
  to: number;
}

const CURVE = { view: 'curve', run: '', baseline: 'none' } as const;
/** Of a level in the table. */
const ROW_PX = 46;
const LEVELS = { view: 'levels', run: '', baseline: 'none', showSummary: false } as const;

/** The pictures of a finished run, from data within the page. */
export function ReportPage({ plugin, data }: { plugin: PanelPlugin; data: ReportData }) {
  const styles = useStyles2(reportStyles);
  const frames = useMemo(() => toFrames([{ refId: 'A', format: 'range', result: data.series }]), [data]);
  const levels = new Set(data.series.map(({ metric }) => metric.level)).size;
  const common = {
    plugin,
    frames,
    fromMs: data.from * 1000,
    toMs: data.to * 1000,
    stepMs: 1000,
    onChangeTimeRange: () => undefined,
  };
  return (
    <div className={styles.pictures}>
      <PanelBox {...common} title="Latency over level" options={CURVE} height={480} />
      <PanelBox {...common} title="Levels" options={LEVELS} height={48 + ROW_PX * levels} />
    </div>
  );
}

function reportStyles({ spacing }: GrafanaTheme2) {
  return { pictures: css({ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: spacing(2) }) };
}
