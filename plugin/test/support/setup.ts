import 'jest-canvas-mock';
import { TextDecoder, TextEncoder } from 'node:util';

// jsdom lacks them, and a dependency of Grafana's packages needs them when it is loaded.
Object.assign(globalThis, { TextDecoder, TextEncoder });

/** jsdom lays nothing out: everything is as large as a usual panel. */
class FixedSizeObserver implements ResizeObserver {
  constructor(private readonly tell: ResizeObserverCallback) {}

  observe(target: Element): void {
    const contentRect = {
      x: 0,
      y: 0,
      top: 0,
      left: 0,
      right: 800,
      bottom: 400,
      width: 800,
      height: 400,
    } as DOMRectReadOnly;
    this.tell([{ target, contentRect, borderBoxSize: [], contentBoxSize: [], devicePixelContentBoxSize: [] }], this);
  }

  unobserve(): void {
    return;
  }

  disconnect(): void {
    return;
  }
}

globalThis.ResizeObserver = FixedSizeObserver;
globalThis.matchMedia ??= (media) =>
  ({
    matches: false,
    media,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
  }) as unknown as MediaQueryList;
