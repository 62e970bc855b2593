import 'uplot/dist/uPlot.min.css';
import { loadPanel } from './amd.js';
import { SHARED } from './shared.js';
import { showTestPage } from './test-page.js';

const query = new URLSearchParams(location.search);

loadPanel('module.js', SHARED)
  .then((plugin) => showTestPage(plugin, query))
  .catch((error: unknown) => {
    document.getElementById('root')!.textContent = `The panel could not be loaded: ${String(error)}`;
  });
