import { readdirSync, readFileSync } from 'node:fs';

/** An engine's page as its documentation and its users show it, written for these tests. */
export function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/telemetry/${name}`, import.meta.url), 'utf8');
}

export function fixtureNames(): string[] {
  return readdirSync(new URL('../fixtures/telemetry/', import.meta.url));
}
