import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { getPanelDataSummary } from '@grafana/data';
import { migrateOptions } from '../../src/options/migrate.js';
import { DEFAULT_OPTIONS } from '../../src/options/options.js';
import { suggestionsSupplier } from '../../src/options/suggestions.js';
import { roleNamed, ROLE_NAMES, resolveRole } from '../../src/data/roles.js';
import { framesAfter, PLAIN, rangeFrames } from '../support/scenario-frames.js';

describe('saved options', () => {
  it('stay as they are when they are of today', () => {
    const saved = { ...DEFAULT_OPTIONS, view: 'curve' as const, lanes: ['tpot' as const] };
    expect(migrateOptions({ options: saved })).toEqual(saved);
  });

  it('are filled in where something is missing, and lose what means nothing', () => {
    expect(migrateOptions({ options: { view: 'pie', showLegend: false, old: 1 } })).toEqual({
      ...DEFAULT_OPTIONS,
      showLegend: false,
    });
  });

  it('are brought to a whole set whatever was saved', () => {
    fc.assert(
      fc.property(fc.anything(), (options) => {
        expect(Object.keys(migrateOptions({ options }))).toEqual(Object.keys(DEFAULT_OPTIONS));
      }),
    );
  });
});

describe('suggestions', () => {
  const names = (frames: Parameters<typeof getPanelDataSummary>[0]) =>
    (suggestionsSupplier(getPanelDataSummary(frames)) ?? []).map(({ options }) => options?.view);

  it('are all views for a sweep', () => {
    expect(names(framesAfter(PLAIN, 800))).toEqual(['timeline', 'curve', 'levels']);
  });

  it('are none for other people’s data', () => {
    expect(names(rangeFrames([{ metric: { __name__: 'up', job: 'x' }, values: [[1, '1']] }]))).toEqual([]);
  });

  it('come through the builder of older Grafana too', () => {
    const taken: object[] = [];
    suggestionsSupplier.getSuggestionsForData({
      dataSummary: getPanelDataSummary(framesAfter(PLAIN, 800)),
      getListAppender: () => ({ append: (suggestion) => taken.push(suggestion) }),
    });
    expect(taken).toHaveLength(3);
  });
});

describe('roles', () => {
  it('that the editor offers are all known', () => {
    expect(ROLE_NAMES.filter((name) => roleNamed(name) === null)).toEqual([]);
  });

  it('come from the query’s option before the label, and from the label before the name', () => {
    const labels = { role: 'tpot_p95', __name__: 'loadgen_level' };
    const hints = { labels, names: [] };
    expect(resolveRole({ ...hints, refIdRole: 'ttft_p50' })).toMatchObject({ measure: 'ttft', q: 'p50' });
    expect(resolveRole({ ...hints, refIdRole: undefined })).toMatchObject({ measure: 'tpot', q: 'p95' });
    expect(resolveRole({ labels: { __name__: 'loadgen_level' }, names: [], refIdRole: undefined })).toEqual({
      kind: 'level',
    });
  });

  it('of a summary have the quantile of its label', () => {
    expect(
      resolveRole({
        refIdRole: undefined,
        labels: { quantile: '0.95' },
        names: ['loadgen_ttft_all_seconds{quantile="0.95"}'],
      }),
    ).toMatchObject({ measure: 'ttft', q: 'p95' });
  });
});
