import { readFileSync } from 'node:fs';
import { METRICS } from '../../../exporter/src/metrics/catalogue.js';
import { processMetrics } from '../../../exporter/src/metrics/process-metrics.js';
import { RECORDINGS } from '../../src/rules/catalogue.js';

/** What Prometheus itself adds. */
const FROM_PROMETHEUS = ['up', 'ALERTS'];

const SUFFIXES: Record<string, readonly string[]> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

interface Listed {
  type: string;
  names: string[];
}

/** Every series name that somebody exposes or records. */
export function knownSeries(): ReadonlySet<string> {
  const known = new Set(FROM_PROMETHEUS);
  for (const [name, { type }] of METRICS) addTo(known, name, type);
  for (const metric of processMetrics()) known.add((metric as unknown as { name: string }).name);
  for (const { name } of RECORDINGS) known.add(name);
  const fixture = new URL('../fixtures/exposed-by-others.json', import.meta.url);
  const others = JSON.parse(readFileSync(fixture, 'utf8')) as Record<string, Listed[]>;
  for (const { type, names } of Object.values(others).flat()) for (const name of names) addTo(known, name, type);
  return known;
}

function addTo(known: Set<string>, name: string, type: string): void {
  for (const suffix of SUFFIXES[type] ?? ['']) known.add(name + suffix);
}
