import { describe, expect, it, jest } from '@jest/globals';
import { LoadingState, type PanelProps } from '@grafana/data';
import { act, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { panel } from '../support/panel.js';
import { playSweep } from '../../host/src/scenarios/sweep-script.js';
import { framesAfter, PLAIN, PLAIN_SECONDS, rangeFrames, START } from '../support/scenario-frames.js';

const finished = framesAfter(PLAIN, PLAIN_SECONDS + 60);

interface DrawEvent {
  type: string;
  props: Record<string, unknown>;
}

/** uPlot draws in a microtask after it was made. */
async function drawn(): Promise<DrawEvent[]> {
  await act(() => Promise.resolve());
  const context = document.querySelector('canvas')!.getContext('2d') as unknown as { __getEvents: () => DrawEvent[] };
  return context.__getEvents();
}

describe('the timeline', () => {
  it('paints bands before the lines, and SLO labels after them', async () => {
    render(panel({ frames: finished }));
    const events = await drawn();
    const firstBand = events.findIndex(({ type }) => type === 'fillRect');
    const slo = events.findIndex(({ type, props }) => type === 'fillText' && String(props.text).startsWith('SLO p95'));
    const firstLine = events.findIndex(
      ({ type, props }) => type === 'stroke' && ((props.path as unknown[] | undefined)?.length ?? 0) > 50,
    );
    expect(firstBand).toBeGreaterThan(-1);
    expect(firstLine).toBeGreaterThan(firstBand);
    expect(slo).toBeGreaterThan(firstLine);
  });

  it('leaves the canvas as it found it: as many restores as saves', async () => {
    render(panel({ frames: finished }));
    const events = await drawn();
    const count = (type: string): number => events.filter((event) => event.type === type).length;
    expect(count('save')).toBeGreaterThan(3);
    expect(count('save')).toBe(count('restore'));
  });

  it('keeps its canvas when data come', () => {
    const { rerender } = render(panel({ frames: framesAfter(PLAIN, 700) }));
    const first = document.querySelector('canvas');
    rerender(panel({ frames: framesAfter(PLAIN, 730) }));
    expect(document.querySelector('canvas')).toBe(first);
  });

  it('zooms to a level by its label', async () => {
    const onZoom = jest.fn<PanelProps['onChangeTimeRange']>();
    render(panel({ frames: finished, onZoom }));
    await userEvent.click(screen.getByRole('button', { name: 'Zoom to level 70: clean' }));
    const [{ from, to }] = onZoom.mock.calls[0]!;
    expect(from).toBeLessThan((START + 720) * 1000);
    expect(to).toBeGreaterThan((START + 1080) * 1000);
  });
});

describe('the words beside the picture', () => {
  it('tell the result, and hold every level in a table for those who do not see the canvas', () => {
    render(panel({ frames: finished }));
    expect(screen.getByText('Saturated from 110 (queue)')).toBeTruthy();
    const rows = within(screen.getByRole('table')).getAllByRole('row');
    expect(rows).toHaveLength(9);
    expect(rows[4]!.textContent).toContain('▲ degrading');
  });

  it('describe the chart', () => {
    render(panel({ frames: finished }));
    const chart = screen.getByRole('group', { name: 'Sweep over time' });
    const words = document.getElementById(chart.getAttribute('aria-describedby')!)!.textContent;
    expect(words).toContain('Meets the SLO up to 70');
  });
});

describe('without what it needs', () => {
  it.each([
    ['timeline', 'Add queries for loadgen_window_timestamp_seconds'],
    ['curve', 'Add queries for loadgen_result_ttft_seconds'],
    ['levels', 'Add queries for loadgen_result_ttft_seconds'],
  ] as const)('says in the %s which query to add', (view, query) => {
    render(panel({ frames: [], options: { view } }));
    expect(screen.getByRole('status').textContent).toContain(query);
  });

  it('says that a sweep’s first level has not ended yet', () => {
    render(panel({ frames: framesAfter(PLAIN, 100), options: { view: 'curve' }, toSeconds: 100 }));
    expect(screen.getByRole('status').textContent).toContain('Waiting for the first level to end');
  });

  it('does not wait for figures of a sweep that was interrupted', () => {
    render(panel({ frames: framesAfter(PLAIN, 100), options: { view: 'curve' } }));
    expect(screen.getByRole('status').textContent).toContain('No figures of levels');
  });

  it('keeps the last picture while a refresh loads without frames', () => {
    const { rerender } = render(panel({ frames: finished }));
    rerender(panel({ frames: [], state: LoadingState.Loading }));
    expect(screen.getByText('Meets the SLO up to 70')).toBeTruthy();
  });
});

describe('the levels', () => {
  it('mark each figure that has an objective as met or missed', () => {
    render(panel({ frames: finished, options: { view: 'levels' } }));
    const row = within(screen.getByRole('table')).getByRole('row', { name: /^80/ });
    expect(
      within(row)
        .getAllByRole('cell')
        .map(({ textContent }) => textContent)
        .slice(0, 5),
    ).toEqual([...['▲ degrading', '222 ms', '✓ 268 ms', '59 ms', '✕ 61 ms']]);
  });
});

describe('a sweep of which only throughput is known', () => {
  it('is drawn, and not called one without figures', () => {
    const series = playSweep(PLAIN, START + PLAIN_SECONDS + 60, 60).filter(
      ({ metric }) => !/_(ttft|tpot|latency)_/.test(metric.__name__!),
    );
    render(panel({ frames: rangeFrames(series), options: { view: 'curve' } }));
    expect(screen.queryByRole('status')).toBeNull();
    expect(screen.getByRole('button', { name: 'Requests/s' })).toBeTruthy();
  });
});
