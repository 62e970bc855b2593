import { ROLE_NAMES } from '../measure/telemetry-roles.js';
import type { UpstreamState } from '../metrics/sources.js';
import { rolesOf } from '../telemetry/check-upstream.js';
import type { RoleValue, UpstreamPage } from '../telemetry/page.js';
import type { Upstream } from '../telemetry/upstream.js';

type ShownValue = UpstreamState['values'][number];

/** The upstreams as `/metrics` shows them. */
export function upstreamStates(upstreams: readonly Upstream[]): UpstreamState[] {
  return upstreams.map((upstream) => {
    const { name, engine, up, lastDurationSeconds, lastSuccessEpoch, page } = upstream.standing;
    const expected = engine === null ? [] : rolesOf(engine, upstream.spec);
    return {
      upstream: name,
      engine: engine ?? 'unknown',
      up,
      scrapeSeconds: lastDurationSeconds,
      lastSuccessEpoch,
      roles: expected.map((role) => ({ role, present: page?.matched.has(role) ?? false })),
      values: page === null ? [] : shownValues(upstream, page),
      raw: page?.raw ?? [],
    };
  });
}

/** Ratios are of the last minute's counters; the engine's own gauge stands in where it has no counters. */
function shownValues(upstream: Upstream, { values }: UpstreamPage): ShownValue[] {
  const byTokens = upstream.recentRatio('cached_tokens_total', 'prompt_tokens_total');
  const hits = Number.isNaN(byTokens) ? upstream.recentRatio('cache_hits_total', 'cache_lookups_total') : byTokens;
  const accepted = upstream.recentRatio('spec_accepted_tokens_total', 'spec_draft_tokens_total');
  const has = (role: RoleValue['role']): boolean => values.some((value) => value.role === role);
  const counted: readonly [string, number, boolean][] = [
    ['kv_hit_ratio', hits, has('cache_lookups_total') || (has('cached_tokens_total') && has('prompt_tokens_total'))],
    ['spec_acceptance_ratio', accepted, has('spec_draft_tokens_total')],
  ];
  const replaced = new Set(counted.filter(([, , counts]) => counts).map(([role]) => role));
  const derived = counted.filter(([, value, counts]) => counts && !Number.isNaN(value));
  return [
    ...values.filter(({ role }) => !replaced.has(role) && ROLE_NAMES.includes(role)),
    ...derived.map(([role, value]) => ({ role, replica: '', device: '', value: Math.min(1, value) })),
    ...workerSpread(values),
  ];
}

function workerSpread(values: readonly RoleValue[]): ShownValue[] {
  const running = values.filter(({ role }) => role === 'requests_running').map(({ value }) => value);
  if (running.length < 2) return [];
  const value = Math.max(...running) - Math.min(...running);
  return [{ role: 'worker_running_spread', replica: '', device: '', value }];
}
