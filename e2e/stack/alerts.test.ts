import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ALERTS, RECORDINGS } from '../../provisioning/src/rules/catalogue.js';
import { byName } from '../../provisioning/src/rules/recording.js';
import type { Series } from './support/prometheus-client.js';
import { SCALE, StackRig } from './support/rig.js';

const SECONDS = 1000;

/** Nothing fires. */
const QUIET = 'vector(1) unless on () ALERTS{alertstate="firing"}';
/** So long may it take: where compilers and linters run beside, even a healthy server misses its objective now and then. */
const CALM_SECONDS = 120;

/** Longest stretch, in seconds, over which one series has a sample at every step. */
function longestStretch(series: readonly Series[], step: number): number {
  const stretches = series.map(({ samples }) => {
    let longest = 0;
    let began = samples[0]?.at ?? 0;
    samples.forEach(({ at }, index) => {
      const before = samples[index - 1];
      if (before !== undefined && at - before.at > 1.5 * step) began = at;
      longest = Math.max(longest, at - began);
    });
    return longest;
  });
  return Math.max(0, ...stretches);
}

describe('the alerts', () => {
  let rig: StackRig;

  beforeAll(async () => {
    rig = await StackRig.start();
    await rig.prometheus.until('loadgen_phase{phase="probe"} == 1', 20);
    await rig.prometheus.until('sum(loadgen_requests_started_total) > 20', 20);
  }, 120 * SECONDS);

  afterEach(() => rig.proxy.recover());

  afterAll(() => rig.stop(), 60 * SECONDS);

  it('loads every rule, and evaluates each without an error', async () => {
    const rules = await rig.prometheus.rules();
    expect(rules.filter(({ lastError = '' }) => lastError !== '')).toEqual([]);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(rules.filter(({ type }) => type === 'alerting').map(({ name }) => name)).toEqual(
      ALERTS.map(({ name }) => name),
    );
    expect(new Set(rules.filter(({ type }) => type === 'recording').map(({ name }) => name))).toEqual(
      new Set(RECORDINGS.map(({ name }) => name)),
    );
  });

  it(
    'tells of a planted TTFT spike under the probe, through Alertmanager, and when it is over',
    async () => {
      const before = rig.webhook.received.length;
      await rig.plantSpike();
      const firing = await rig.webhook
        .until('TTFTSpike', 'firing', before, 24 + rig.proxy.delaySeconds)
        .catch(async (error: unknown) => {
          throw new Error(`a delay of ${rig.proxy.delaySeconds} s was planted; ${await rig.knownOfTtft()}`, {
            cause: error,
          });
        });
      expect(firing.labels).toMatchObject({ severity: 'page', job: 'sweepscope' });
      expect(Number(/TTFT p95 is ([\d.]+)s/.exec(firing.annotations['summary']!)?.[1])).toBeGreaterThan(1.2);
      expect(firing.annotations['description']).toContain('Likely cause:');
      expect(JSON.stringify(firing.annotations)).not.toContain('error expanding');
      rig.proxy.recover();
      await rig.webhook.until('TTFTSpike', 'resolved', before, 40);
    },
    150 * SECONDS,
  );

  it(
    'tells of a planted stall, in which no TTFT exists, and when it is over',
    async () => {
      await rig.prometheus.until(QUIET, CALM_SECONDS);
      const before = rig.webhook.received.length;
      rig.proxy.stall();
      const firing = await rig.webhook.until('TTFTStalled', 'firing', before, 24);
      expect(firing.annotations['summary']).toMatch(/a request has waited \d.*s for its first token/);
      rig.proxy.recover();
      await rig.webhook.until('TTFTStalled', 'resolved', before, 40);
    },
    240 * SECONDS,
  );

  it(
    'fires none of the muted alerts while a sweep drives TTFT beyond its objective, though they would, nor right after',
    async () => {
      await rig.prometheus.until(QUIET, CALM_SECONDS);
      const start = Date.now() / 1000;
      const second = await rig.sweeps.start();
      await rig.prometheus.until(`loadgen_alerts_muted{run="${second}"} == 1`, 15);
      await rig.plantSpike();
      await rig.prometheus.until(
        `loadgen_window_timestamp_seconds{run="${second}",window="r1-l2",edge="measure_end"}`,
        150,
      );
      rig.proxy.recover();
      await rig.sweeps.ended(second);
      await new Promise((resolve) => setTimeout(resolve, 10 * SECONDS));
      const end = Date.now() / 1000;
      const spike = ALERTS.find(({ name }) => name === 'TTFTSpike')!;
      const unmuted = await rig.prometheus.range(spike.expr(byName(SCALE)), start, end, 0.5);
      expect(longestStretch(unmuted, 0.5)).toBeGreaterThan(SCALE.seconds(spike.forSeconds));
      const muted = ALERTS.filter(({ mute }) => mute !== null).map(({ name }) => name);
      const range = `${Math.ceil(end - start)}s`;
      const fired = await rig.prometheus.instant(
        `count by (alertname) (count_over_time(ALERTS{alertstate="firing",alertname=~"${muted.join('|')}"}[${range}]))`,
      );
      expect(fired.map(({ metric }) => metric['alertname'])).toEqual([]);
    },
    400 * SECONDS,
  );
});
