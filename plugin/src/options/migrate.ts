import type { PanelModel } from '@grafana/data';
import { DEFAULT_OPTIONS, LANE_NAMES, OPTIONS_VERSION, type SweepOptions } from './options.js';

/** Options as any version may have saved them; brings them to today's shape, and leaves out what means nothing. */
export function migrateOptions({ options }: Pick<PanelModel<unknown>, 'options'>): SweepOptions {
  const saved = isRecord(options) ? options : {};
  const migrated: Record<string, unknown> = { ...DEFAULT_OPTIONS };
  for (const [key, fallback] of Object.entries(DEFAULT_OPTIONS)) {
    const value = saved[key];
    if (sameKind(value, fallback) && isAllowed(key, value)) migrated[key] = value;
  }
  return { ...migrated, version: OPTIONS_VERSION } as SweepOptions;
}

const CHOICES: Partial<Record<keyof SweepOptions, readonly string[]>> = {
  view: ['timeline', 'curve', 'levels'],
  scale: ['auto', 'linear', 'log'],
  levelAxis: ['auto', 'linear', 'log'],
};

function isAllowed(key: string, value: unknown): boolean {
  const choices = CHOICES[key as keyof SweepOptions];
  if (choices !== undefined) return choices.includes(value as string);
  if (key === 'lanes') return (value as unknown[]).every((lane) => (LANE_NAMES as readonly unknown[]).includes(lane));
  if (key === 'quantiles') return (value as unknown[]).every((q) => typeof q === 'string');
  if (key === 'roles') return Object.values(value as object).every((role) => typeof role === 'string');
  return typeof value !== 'number' || Number.isFinite(value);
}

function sameKind(value: unknown, like: unknown): boolean {
  return typeof value === typeof like && value !== null && Array.isArray(value) === Array.isArray(like);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
