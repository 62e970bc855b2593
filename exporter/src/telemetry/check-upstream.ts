import type { Clock } from '../clock/clock.js';
import type { UpstreamSpec } from '../config/spec.js';
import { ROLE_NAMES, type Engine, type Role } from '../measure/telemetry-roles.js';
import { ADAPTERS } from './adapters/catalogue.js';
import type { OpenProbe } from './hub.js';
import { scrapeOnce } from './scrape-loop.js';

/** What one look at an upstream found. */
export interface UpstreamCheck {
  upstream: string;
  url: string;
  /** null: it told none that is known. */
  engine: Engine | null;
  /** By role: which of the engine's metrics it is read from. */
  matched: ReadonlyMap<Role, string>;
  /** Roles that this engine can tell and this page does not. */
  missing: Role[];
  /** Why nothing was found; empty when something was. */
  problem: string;
  remarks: readonly string[];
}

/** Asks an upstream once. Never rejects: what is wrong is in the answer. */
export async function checkUpstream(spec: UpstreamSpec, open: OpenProbe, clock: Clock): Promise<UpstreamCheck> {
  const { probe, close } = open(spec);
  try {
    const { page, problem } = await scrapeOnce(clock, probe, spec.timeoutSeconds);
    const matched = page?.matched ?? new Map<Role, string>();
    const engine = page?.engine ?? null;
    const missing = engine === null ? [] : rolesOf(engine, spec).filter((role) => !matched.has(role));
    return { upstream: spec.name, url: spec.url, engine, matched, missing, problem, remarks: page?.remarks ?? [] };
  } finally {
    close();
  }
}

/** Roles that an engine may tell. */
export function rolesOf(engine: Engine, { queries }: Pick<UpstreamSpec, 'queries'>): Role[] {
  if (engine === 'prometheus') return ROLE_NAMES.filter((role) => role in queries);
  const { roles, timed } = ADAPTERS[engine];
  return ROLE_NAMES.filter((role) => role in roles || role.replace(/_(sum|count)$/, '') in timed);
}
