import { expect, test } from '@grafana/plugin-e2e';
import { ADMIN } from './support/environment.js';
import { alertNames, dashboards } from './support/shipped.js';

const PLUGIN = 'sweepscope-sweep-panel';
const headers = { authorization: ADMIN };

interface RuleState {
  name: string;
  health: string;
  lastError?: string;
}

test('the plugin is installed', async ({ request }) => {
  const answer = await request.get(`/api/plugins/${PLUGIN}/settings`, { headers });
  expect(answer.ok()).toBe(true);
  expect(await answer.json()).toMatchObject({ id: PLUGIN, type: 'panel' });
});

test('the data source reaches Prometheus', async ({ request }) => {
  const answer = await request.get('/api/datasources/uid/sweepscope-prometheus/health', { headers });
  expect(await answer.json()).toMatchObject({ status: 'OK' });
});

test('all dashboards are provisioned', async ({ request }) => {
  const found = (await (await request.get('/api/search?type=dash-db&tag=sweepscope')).json()) as { uid: string }[];
  expect(found.map(({ uid }) => uid).sort()).toEqual(
    dashboards()
      .map(({ uid }) => uid)
      .sort(),
  );
});

test('all alert rules are provisioned, and evaluate without an error', async ({ request }) => {
  const provisioned = await request.get('/api/v1/provisioning/alert-rules', { headers });
  const titles = ((await provisioned.json()) as { title: string }[]).map(({ title }) => title);
  expect(titles.sort()).toEqual(alertNames().sort());
  const states = async (): Promise<RuleState[]> => {
    const answer = await request.get('/api/prometheus/grafana/api/v1/rules', { headers });
    const { data } = (await answer.json()) as { data: { groups: { rules: RuleState[] }[] } };
    return data.groups.flatMap(({ rules }) => rules);
  };
  await expect
    .poll(async () => (await states()).filter(({ health }) => health !== 'ok'), { timeout: 60_000 })
    .toEqual([]);
  expect((await states()).map(({ name }) => name).sort()).toEqual(alertNames().sort());
});

test('the contact point of the alerts is provisioned', async ({ request }) => {
  const answer = await request.get('/api/v1/provisioning/contact-points', { headers });
  const points = (await answer.json()) as { name: string; type: string }[];
  expect(points).toContainEqual(expect.objectContaining({ name: 'sweepscope', type: 'webhook' }));
});
