import { describe, expect, it } from '@jest/globals';
import { renderHtml } from '../../src/report/html.js';
import { panelData } from '../../src/report/panel-series.js';
import { sampleRun } from './sample-result.js';

const assets = { hostScript: 'host("</script>")', hostStyle: 'a{}', panelScript: 'define([],()=>0)' };

describe('the HTML report', () => {
  it('is one page that loads nothing', () => {
    const page = renderHtml(sampleRun(), assets);
    expect(page).not.toMatch(/\b(src|href)="(?!data:)/);
    expect(page).toContain("default-src 'none'");
  });

  it('has the figures as data and the whole Markdown report as text', () => {
    const page = renderHtml(sampleRun(), assets);
    const data = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)![1]!;
    expect(JSON.parse(data)).toEqual(panelData(sampleRun()));
    expect(page).toContain('# ');
  });

  it('cannot be broken out of by a name, a reason or a script', () => {
    const run = sampleRun();
    run.run.name = '</script><img src=x onerror=alert(1)>';
    const page = renderHtml(run, assets);
    expect(page).not.toContain('<img');
    expect(page.match(/<\/script>/g)).toHaveLength(3);
  });
});

describe('what the panel draws of a finished run', () => {
  it('are its levels’ figures as /metrics names them', () => {
    const run = sampleRun();
    const { series } = panelData(run);
    const level = run.levels[0]!;
    const point = series.find(
      ({ metric }) =>
        metric.__name__ === 'loadgen_result_ttft_seconds' &&
        metric.level === String(level.load) &&
        metric.q === 'p50' &&
        metric.bound === 'point',
    );
    expect(Number(point!.values[0]![1])).toBe(level.ttft.p50.value);
  });

  it('leaves out what is not known instead of telling 0', () => {
    const run = sampleRun();
    run.levels[0]!.outputTokensPerSecond.value = null;
    const { series } = panelData(run);
    const load = String(run.levels[0]!.load);
    expect(
      series.some(
        ({ metric }) => metric.__name__ === 'loadgen_result_output_tokens_per_second' && metric.level === load,
      ),
    ).toBe(false);
  });
});
