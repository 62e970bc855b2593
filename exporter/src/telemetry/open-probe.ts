import type { UpstreamSpec } from '../config/spec.js';
import { isRole, type Role } from '../measure/telemetry-roles.js';
import { HttpFetcher, type FetchOptions } from './http-fetch.js';
import type { OpenUpstream } from './hub.js';
import { PageProbe } from './page-probe.js';
import { PrometheusProbe } from './prometheus-probe.js';

/** An upstream over HTTP. `headers` as they are sent: references are already replaced. */
export function openHttpProbe(spec: UpstreamSpec, options: FetchOptions): OpenUpstream {
  const fetcher = new HttpFetcher(options);
  const { engine, url, raw } = spec;
  const close = (): void => void fetcher.close();
  if (engine !== 'prometheus') return { probe: new PageProbe({ url, engine, raw, fetch: fetcher.fetch }), close };
  const queries = Object.fromEntries(Object.entries(spec.queries).filter(([role]) => isRole(role)));
  return {
    probe: new PrometheusProbe({ url, queries: queries as Partial<Record<Role, string>>, fetch: fetcher.fetch }),
    close,
  };
}
