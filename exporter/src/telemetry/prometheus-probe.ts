import { isRole, type Role } from '../measure/telemetry-roles.js';
import { parseSampleValue } from './exposition/number.js';
import type { FetchText } from './http-fetch.js';
import { UpstreamError, type RoleValue, type UpstreamPage } from './page.js';
import type { Probe } from './page-probe.js';

export interface PrometheusProbeOptions {
  /** Base URL of the Prometheus (or Thanos, Mimir with its prefix). */
  url: string;
  /** PromQL by role; counters as counters, e.g. `vllm:generation_tokens_total`, without `rate`. */
  queries: Readonly<Partial<Record<Role, string>>>;
  fetch: FetchText;
}

const REPLICA_LABELS = ['replica', 'engine', 'worker_id', 'pod', 'instance'] as const;
const DEVICE_LABELS = ['gpu', 'device'] as const;

/** Reads roles from an existing Prometheus by its HTTP API, one instant query a role. */
export class PrometheusProbe implements Probe {
  constructor(private readonly options: PrometheusProbeOptions) {}

  async scrape(signal: AbortSignal): Promise<UpstreamPage> {
    const queries = Object.entries(this.options.queries).filter(([role]) => isRole(role)) as [Role, string][];
    const answers = await Promise.all(queries.map(([role, query]) => this.ask(role, query, signal)));
    const values = answers.flat();
    const seen = new Set(values.map(({ role }) => role));
    const matched = new Map(queries.filter(([role]) => seen.has(role)));
    return { engine: 'prometheus', values, matched, raw: [], rawTypes: new Map(), remarks: [] };
  }

  private async ask(role: Role, query: string, signal: AbortSignal): Promise<RoleValue[]> {
    const base = this.options.url.replace(/\/+$/, '');
    const url = `${base}/api/v1/query?query=${encodeURIComponent(query)}`;
    const { text } = await this.options.fetch(url, signal);
    return instantValues(role, text);
  }
}

interface Answer {
  status?: unknown;
  error?: unknown;
  data?: { resultType?: unknown; result?: unknown };
}

/** The values in an instant query's answer. @throws UpstreamError */
export function instantValues(role: Role, text: string): RoleValue[] {
  const answer = parse(text);
  if (answer.status !== 'success')
    throw new UpstreamError(`queries.${role}: ${String(answer.error ?? 'no success')}`.slice(0, 200));
  const { resultType, result } = answer.data ?? {};
  if (resultType === 'scalar') return valuesOf(role, [{ value: result }]);
  if (resultType !== 'vector' || !Array.isArray(result)) {
    throw new UpstreamError(
      `queries.${role} gives a ${String(resultType)}: write a query that gives an instant vector`,
    );
  }
  return valuesOf(role, result as unknown[]);
}

function valuesOf(role: Role, result: readonly unknown[]): RoleValue[] {
  const byKey = new Map<string, RoleValue>();
  for (const entry of result) {
    const { metric = {}, value } = entry as { metric?: Record<string, string>; value?: unknown };
    const text: unknown = Array.isArray(value) ? value[1] : undefined;
    const number = typeof text === 'string' ? parseSampleValue(text) : null;
    if (number === null || !Number.isFinite(number)) continue;
    const replica = REPLICA_LABELS.map((name) => metric[name]).find((label) => label !== undefined) ?? '';
    const device = DEVICE_LABELS.map((name) => metric[name]).find((label) => label !== undefined) ?? '';
    const key = `${replica}\n${device}`;
    const known = byKey.get(key);
    byKey.set(key, { role, replica, device, value: number + (known?.value ?? 0) });
  }
  return [...byKey.values()];
}

function parse(text: string): Answer {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === 'object' && answer !== null) return answer;
  } catch {
    // Said below.
  }
  throw new UpstreamError(`answered no JSON but ${JSON.stringify(text.slice(0, 60))}: is this a Prometheus?`);
}
