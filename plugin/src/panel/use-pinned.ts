import type React from 'react';
import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type uPlot from 'uplot';

/** Where the tooltip stands: it keeps its place on the axis when data arrive. */
export interface Place {
  /** In the axis's terms. */
  x: number;
  /** Within the chart, CSS pixels. */
  top: number;
  pinned: boolean;
}

export interface Pinned {
  place: Place | null;
  onCursor: (plot: uPlot) => void;
  onClick: (plot: uPlot) => void;
  onKey: (event: React.KeyboardEvent, plot: uPlot | null) => void;
  noteDrag: () => void;
  close: () => void;
  /** Place in the browser's window of a place in the chart. */
  at: (leftPx: number) => { left: number; top: number };
}

/** Hover, pin by click or Enter, close by Escape or a click elsewhere. */
export function usePinned(root: RefObject<HTMLDivElement>, kind: string): Pinned {
  const [place, setPlace] = useState<Place | null>(null);
  const latest = useRef(place);
  latest.current = place;
  const dragged = useRef(false);
  useEffect(() => setPlace(null), [kind]);
  const close = useCallback(() => setPlace(null), []);
  useCloseOutside(place?.pinned === true, root, close);
  const handlers = useMemo(() => {
    const pinHere = (plot: uPlot): void => {
      const { left = -1, top = -1 } = plot.cursor;
      if (left >= 0) setPlace({ x: plot.posToVal(left, 'x'), top, pinned: true });
    };
    return {
      onCursor: (plot: uPlot) => {
        if (latest.current?.pinned === true) return;
        const { left = -1, top = -1, event } = plot.cursor;
        const own = event != null || plot.root.contains(document.activeElement);
        if (left >= 0 && own) setPlace({ x: plot.posToVal(left, 'x'), top, pinned: false });
        else if (latest.current !== null) setPlace(null);
      },
      onClick: (plot: uPlot) => {
        if (dragged.current) dragged.current = false;
        else if (latest.current?.pinned === true) setPlace(null);
        else pinHere(plot);
      },
      onKey: (event: React.KeyboardEvent, plot: uPlot | null) => {
        if (event.key === 'Escape') setPlace(null);
        if (event.key === 'Enter' && plot !== null && event.target === plot.root) pinHere(plot);
      },
      noteDrag: () => {
        dragged.current = true;
        setTimeout(() => (dragged.current = false), 0);
      },
    };
  }, []);
  const at = (leftPx: number): { left: number; top: number } => {
    const rect = root.current?.getBoundingClientRect();
    return { left: (rect?.left ?? 0) + leftPx, top: (rect?.top ?? 0) + (place?.top ?? 0) };
  };
  return { place, ...handlers, close, at };
}

function useCloseOutside(active: boolean, root: RefObject<HTMLDivElement>, close: () => void): void {
  useEffect(() => {
    if (!active) return undefined;
    const onPress = (event: MouseEvent): void => {
      const target = event.target as Element;
      if (root.current?.contains(target) !== true && target.closest('[data-sweep-tooltip]') === null) close();
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') close();
    };
    document.addEventListener('mousedown', onPress, true);
    document.addEventListener('keydown', onKey, true);
    return () => {
      document.removeEventListener('mousedown', onPress, true);
      document.removeEventListener('keydown', onKey, true);
    };
  }, [active, root, close]);
}
