/** `npm run test:grafana`: looks at plugin, dashboards and alerts in a real Grafana, with a real sweep behind them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { GrafanaRig } from './support/rig.js';

const [root, ...words] = process.argv.slice(2) as [string, ...string[]];
const home = process.env['GRAFANA_HOME'];
const url = process.env['GRAFANA_URL'];

async function specs(env: Record<string, string>): Promise<number> {
  const playwright = join(root, 'node_modules/@playwright/test/cli.js');
  const args = [playwright, 'test', '--config', join(root, 'e2e/grafana/playwright.config.ts'), ...words];
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

async function specsOnStack(grafanaHome: string): Promise<number> {
  const rig = await GrafanaRig.start(root, grafanaHome, (line) => console.log(line));
  const stop = (): void => void rig.stop().then(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await specs(rig.env);
  } finally {
    await rig.stop();
  }
}

if (home !== undefined) process.exitCode = await specsOnStack(home);
else if (url !== undefined) process.exitCode = await specs({});
else {
  console.error(
    'error: set GRAFANA_HOME to an unpacked Grafana release (12.2 or newer), or GRAFANA_URL to a Grafana that has our ' +
      'panel, data source, dashboards and alerts, as "npm run stack" or compose start it',
  );
  process.exitCode = 1;
}
