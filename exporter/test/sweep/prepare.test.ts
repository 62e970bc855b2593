import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RealClock } from '../../src/clock/real-clock.js';
import { startSimulator, type Simulator } from '../../src/simulator/start.js';
import { prepareTarget } from '../../src/sweep/prepare.js';
import { targetSettings } from '../../src/sweep/target-settings.js';
import { ForwardingServer } from '../support/forwarding-server.js';
import { specOf } from '../support/virtual-sweep.js';

describe('preparing a sweep', () => {
  let simulator: Simulator;
  let withoutTokenize: ForwardingServer;
  beforeAll(async () => {
    simulator = await startSimulator({ profile: 'l4-qwen0.5b', port: 0 });
    withoutTokenize = await ForwardingServer.start(simulator.url, (path) => path === '/tokenize');
  });
  afterAll(async () => {
    await withoutTokenize.stop();
    await simulator.stop();
  });

  const prepare = (url: string, workload: string): ReturnType<typeof prepareTarget> => {
    const spec = specOf(`target: { url: '${url}' }\nworkload: ${workload}\nload: { levels: [1] }\n`);
    return prepareTarget(spec, targetSettings(spec, {}), new RealClock(), 'check');
  };
  const synthetic = '{ kind: synthetic, inputTokens: 64, outputTokens: 8 }';

  it('learns from /tokenize how the server counts words', async () => {
    const prepared = await prepare(simulator.url, synthetic);
    expect(prepared.workloadPlan.calibration!.tokensPerWord).toBeGreaterThan(0.5);
    expect(prepared.checks).toHaveLength(1);
  });

  it('learns it from usage where there is no /tokenize, and keeps those requests on record', async () => {
    const asked = await prepare(simulator.url, synthetic);
    const counted = await prepare(withoutTokenize.url, synthetic);
    expect(counted.workloadPlan.calibration).toEqual(asked.workloadPlan.calibration);
    expect(counted.checks.map(({ exchange }) => exchange.requestId)).toEqual([
      'check-1',
      'check-words-64',
      'check-words-256',
    ]);
  });

  it('expects a conversation to take its turns times first token and answer', async () => {
    const turns =
      '{ kind: conversation, turns: { min: 3, max: 3 }, starters: { count: 2, tokens: 200 }, outputTokens: 100 }';
    const { conversationSeconds } = await prepare(simulator.url, turns);
    expect(conversationSeconds).toBeGreaterThan(3 * 0.4);
    expect(conversationSeconds).toBeLessThan(3 * 1.5);
  });

  it('refuses a conversation that grows beyond the context of the model', async () => {
    const long = '{ kind: conversation, turns: { min: 5, max: 5 }, outputTokens: 8000 }';
    await expect(prepare(simulator.url, long)).rejects.toThrow(/max_model_len.*workload\.turns/);
  });
});
