import { gpuDashboard } from './gpu.js';
import { liveDashboard } from './live.js';
import { loadGeneratorDashboard } from './load-generator.js';
import { resultsDashboard } from './results.js';
import { serverDashboard } from './server.js';

/** Every dashboard, by its path in the repository. */
export function dashboardFiles(): Record<string, string> {
  const dashboards: Record<string, object> = {
    'dashboards/sweep-live.json': liveDashboard(),
    'dashboards/sweep-results.json': resultsDashboard(),
    'dashboards/inference-server.json': serverDashboard(),
    'dashboards/gpu-dcgm.json': gpuDashboard(),
    'dashboards/load-generator.json': loadGeneratorDashboard(),
  };
  return Object.fromEntries(
    Object.entries(dashboards).map(([path, dashboard]) => [path, `${JSON.stringify(dashboard, null, 2)}\n`]),
  );
}
