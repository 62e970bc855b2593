import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { renderMarkdown } from '../../src/report/markdown.js';
import type { RunResult } from '../../src/report/result-schema.js';
import { spec } from '../analysis/samples.js';
import { sampleRun, STARTED } from './sample-result.js';

const GOLDEN = new URL('../fixtures/reports/quick-look.md', import.meta.url);

/** Rows of each table, by the heading it stands under. */
function tables(markdown: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let heading = '';
  for (const line of markdown.split('\n')) {
    if (line.startsWith('#')) heading = line.replace(/^#+ /, '');
    if (line.startsWith('|')) found.set(heading, [...(found.get(heading) ?? []), line]);
  }
  return found;
}

describe('the Markdown report', () => {
  it('of a small run is, word for word, the one that was read and found right', () => {
    expect(renderMarkdown(sampleRun())).toBe(readFileSync(GOLDEN, 'utf8'));
  });

  it.each([
    'Test Methodology',
    'Deployment Details',
    'TPOT — Time Per Output Token',
    'TTFT — Time to First Token',
    'End-to-End Latency',
    'Error Rates',
    'Actual RPS (Turn Completions/s)',
    'Throughput (Output Tokens/s)',
    'Reference Data (JSON)',
  ])('has the section "%s" of the reports written by hand', (title) => {
    expect(renderMarkdown(sampleRun())).toContain(`\n## ${title}\n`);
  });

  it('marks an invalid level in every table of levels', () => {
    const byLevel = [...tables(renderMarkdown(sampleRun()))].filter(([, rows]) =>
      rows[0]!.startsWith('| Concurrency |'),
    );
    expect(byLevel.length).toBeGreaterThanOrEqual(10);
    for (const [heading, rows] of byLevel) {
      expect([heading, rows.filter((row) => row.startsWith('| 2 (invalid) |')).length > 0]).toEqual([heading, true]);
    }
  });

  it('gives no SLO verdict on an invalid level', () => {
    const rows = tables(renderMarkdown(sampleRun())).get('SLO Attainment')!;
    expect(rows.filter((row) => row.startsWith('| 2')).every((row) => row.endsWith('| invalid |'))).toBe(true);
  });

  it('says first that a run was aborted, and why', () => {
    const aborted = sampleRun({ facts: { state: 'aborted', reason: 'stopped by SIGTERM' } });
    expect(renderMarkdown(aborted)).toMatch(/UTC\n\n\*\*This run was aborted: stopped by SIGTERM\.\*\*/);
  });

  it('says that a run was resumed, and what was kept', () => {
    const segments = [
      { epoch: STARTED, at: 0 },
      { epoch: STARTED + 30, at: 30 },
    ];
    expect(renderMarkdown(sampleRun({ facts: { segments } }))).toContain(
      'The run was interrupted and resumed at 2026-02-24T14:14:19Z (30 s after its start)',
    );
  });

  it('of a run that measured nothing says so', () => {
    const nothing: RunResult = { ...sampleRun(), levels: [], windows: [], excluded: [] };
    expect(renderMarkdown(nothing)).toContain('\n\nNo level was measured.\n\n');
  });

  it('keeps foreign text from breaking tables or becoming HTML', () => {
    const hostile = spec();
    hostile.deployment = { note: 'a|b\nc <script>' };
    expect(renderMarkdown(sampleRun({ spec: hostile }))).toContain('| note | a\\|b c &lt;script> |');
  });

  it('names offered rates, not users, in open loop, with latency from the intended start', () => {
    const text = renderMarkdown(sampleRun({ spec: spec({ load: { arrival: 'poisson' } }) }));
    expect(text).toContain('| Offered RPS |');
    expect(text).not.toContain('| Concurrency |');
    expect(text).toContain('### From the intended start');
    expect(text).toContain('From intended start p95');
  });

  it('shows what is unknown as a dash, never as 0', () => {
    const run = sampleRun();
    const level = run.levels[0]!;
    level.ttft.p50 = { ...level.ttft.p50, value: null, lower: null, upper: null, n: 0 };
    expect(tables(renderMarkdown(run)).get('TTFT — Time to First Token')![2]).toMatch(/^\| 1 \| – \|/);
  });
});
