import { Script } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { sweepPage } from '../../src/server/live-page/page.js';
import { PAGE_SCRIPT } from '../../src/server/live-page/script.js';
import type { SweepEvent } from '../../src/sweep/events.js';

describe('the script of the live page', () => {
  it('is valid JavaScript', () => {
    expect(() => new Script(PAGE_SCRIPT)).not.toThrow();
  });

  it('handles every kind of event', () => {
    const kinds: Record<SweepEvent['type'], true> = {
      start: true,
      phase: true,
      progress: true,
      window: true,
      level: true,
      note: true,
      end: true,
    };
    for (const kind of Object.keys(kinds)) expect(PAGE_SCRIPT).toMatch(new RegExp(`^  ${kind}\\(`, 'm'));
  });

  it('uses only elements that the page has', () => {
    const page = sweepPage('n');
    for (const [, id] of PAGE_SCRIPT.matchAll(/\$\('([\w-]+)'\)/g)) expect(page).toContain(`id="${id!}"`);
  });

  it('never writes markup, so that names and messages cannot inject any', () => {
    expect(PAGE_SCRIPT).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|eval\(/);
    expect(PAGE_SCRIPT).not.toContain('</script');
  });
});
