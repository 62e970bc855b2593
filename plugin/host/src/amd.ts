import type { PanelPlugin } from '@grafana/data';

type Factory = (...modules: unknown[]) => unknown;
type Define = ((ids: readonly string[], factory: Factory) => void) & { amd?: object };

declare global {
  /** A global that AMD prescribes. */
  var define: Define | undefined;
}

/**
 * Makes `define` as Grafana's loader has it, for the panel's module.js, which the page loads after this script: an
 * anonymous module whose dependencies are shared ones. It is gone afterwards. Rejects when it asks for one that is not shared.
 */
export function awaitPanel(shared: Readonly<Record<string, unknown>>): Promise<PanelPlugin> {
  return new Promise((resolve, reject) => {
    const define: Define = (ids, factory) => {
      globalThis.define = undefined;
      const missing = ids.filter((id) => !Object.hasOwn(shared, id));
      if (missing.length > 0)
        return reject(new Error(`module.js asks for ${missing.join(', ')}, which this page does not share`));
      resolve((factory(...ids.map((id) => shared[id])) as { plugin: PanelPlugin }).plugin);
    };
    define.amd = {};
    globalThis.define = define;
  });
}
