import type { SweepSpec } from '../config/spec.js';
import type { ServerChecks } from '../sweep/prepare.js';
import { targetSettings, type TargetSettings } from '../sweep/target-settings.js';
import { PROBE, preflightOf, type PreflightResult } from '../target/preflight.js';
import { TargetError } from '../target/target-error.js';
import type { Exchange } from '../target/types.js';
import type { TurnRequest } from '../workload/types.js';
import type { VirtualServer } from './virtual-server.js';

const CAPABILITIES = { usage: true, continuousUsage: true };

/** The spec's target as far as it matters to a server without network: no secrets, headers or certificates. */
export function virtualSettings(spec: SweepSpec): TargetSettings {
  return targetSettings({ ...spec, target: { ...spec.target, apiKeyEnv: null, headers: {}, tls: {} } }, {});
}

/** Asks a virtual server what a real one is asked before a sweep; `checkId` begins the requests' ids. */
export function virtualChecks(server: VirtualServer, spec: SweepSpec, shown: string, checkId: string): ServerChecks {
  const { model: wanted } = spec.target;
  const ask = (request: TurnRequest, requestId: string): Promise<Exchange> => {
    const channel = server.target(spec, shown).channel();
    return new Promise((resolve) => {
      const listener = { onTokenChunk: () => undefined, onEnd: resolve };
      channel.send(request, { requestId, collectText: false }, listener);
    });
  };
  const preflight = async (): Promise<PreflightResult> => {
    const { model, maxModelLen } = server.serving;
    if (wanted !== null && wanted !== model) {
      throw new TargetError('model_not_found', `${shown} does not serve model "${wanted}"; it serves: ${model}`);
    }
    const exchange = await ask(PROBE, `${checkId}-1`);
    return preflightOf([exchange], model, [{ id: model, maxModelLen }], CAPABILITIES);
  };
  return {
    preflight,
    countTokens: (_settings, messages) => Promise.resolve(server.serving.tokenizer.chat(messages).length),
    ask: (_settings, request, name) => ask(request, `${checkId}-${name}`),
  };
}
