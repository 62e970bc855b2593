import 'uplot/dist/uPlot.min.css';
import React from 'react';
import { createRoot } from 'react-dom/client';
import type { PanelPlugin } from '@grafana/data';
import { awaitPanel } from './amd.js';
import { LivePage } from './live/LivePage.js';
import { ReportPage, type ReportData } from './ReportPage.js';
import { SHARED } from './shared.js';
import { TestPage } from './TestPage.js';
import { Themed } from './Themed.js';

const root = document.getElementById('root')!;

/** `data-page` of the root element says which page this is. */
function pageOf(plugin: PanelPlugin): React.ReactNode {
  switch (root.dataset.page) {
    case 'live':
      return (
        <Themed canvas>
          <LivePage plugin={plugin} />
        </Themed>
      );
    case 'report':
      return (
        <Themed canvas>
          <ReportPage
            plugin={plugin}
            data={JSON.parse(document.getElementById('data')!.textContent ?? '') as ReportData}
          />
        </Themed>
      );
    default:
      return <TestPage plugin={plugin} query={new URLSearchParams(location.search)} />;
  }
}

awaitPanel(SHARED).then(
  (plugin) => createRoot(root).render(pageOf(plugin)),
  (error: unknown) => (root.textContent = `The panel could not be loaded: ${String(error)}`),
);
