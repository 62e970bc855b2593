import { renderVllm } from '../simulator/metrics/vllm.js';
import type { Simulation } from '../simulator/simulation.js';
import type { OpenProbe } from '../telemetry/hub.js';
import { PageProbe } from '../telemetry/page-probe.js';
import { UpstreamError } from '../telemetry/page.js';

const TEXT = 'text/plain; version=0.0.4';

/**
 * Upstreams in virtual time: whatever the URL, `/dcgm/metrics` are the simulated GPUs, `/metrics` the server, without its
 * histograms' buckets, which no role is read from: writing and reading them each second would take a third of the run.
 */
export function virtualProbe(simulation: Simulation): OpenProbe {
  const page = (url: string): string => {
    const { pathname } = new URL(url);
    const text = pathname === '/metrics' ? renderVllm(simulation.view(), false) : simulation.dcgm();
    if (text === null || !pathname.endsWith('/metrics')) throw new UpstreamError('is not there in virtual time');
    return text;
  };
  return ({ url, engine, raw }) => {
    if (engine === 'prometheus') throw new UpstreamError('there is no Prometheus in virtual time');
    const fetch = (asked: string): Promise<{ text: string; contentType: string }> =>
      Promise.resolve().then(() => ({ text: page(asked), contentType: TEXT }));
    return { probe: new PageProbe({ url, engine, raw, fetch }), close: () => undefined };
  };
}
