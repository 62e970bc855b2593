import type { SweepSpec } from '../config/spec.js';
import type { RunStanding } from '../sweep/finish.js';
import type { SweepEvent } from '../sweep/events.js';
import type { TargetCheck } from '../sweep/prepare.js';
import type { UpstreamCheck } from '../telemetry/check-upstream.js';

type PreflightRow = RunStanding['preflight'][number];

export function checkRow({ exchange, text }: TargetCheck): PreflightRow {
  return { check: 'small streamed request', ok: exchange.outcome === 'ok', detail: text };
}

/** An upstream as the report's checks have it. */
export function upstreamRow(check: UpstreamCheck): PreflightRow {
  return { check: `metrics of ${check.upstream}`, ok: check.engine !== null, detail: checkWords(check) };
}

/** A check in one line: what is read, and what is not told. */
export function checkWords({ engine, url, matched, missing, problem }: UpstreamCheck): string {
  const shown = url.replace(/\?.*$/, '');
  if (engine === null) return `${shown} ${problem}`;
  const without = missing.length === 0 ? '' : `; not told: ${missing.join(', ')}`;
  return `${engine} at ${shown}: ${matched.size} roles${without}`;
}

/** What the terminal says of upstreams before a run; a target that shows no metrics is only worth a word. */
export function upstreamNotes({ telemetry }: SweepSpec, checks: readonly UpstreamCheck[]): SweepEvent[] {
  return checks.map((check) => {
    const found = check.engine !== null;
    const severity = found || telemetry === 'auto' ? 'info' : 'warning';
    const off = telemetry === 'auto' && found ? ' (telemetry: none switches it off)' : '';
    return { type: 'note', severity, message: `metrics of ${check.upstream}: ${checkWords(check)}${off}` };
  });
}
