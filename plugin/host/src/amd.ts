import type { PanelPlugin } from '@grafana/data';

type Factory = (...modules: unknown[]) => unknown;
type Define = ((ids: readonly string[], factory: Factory) => void) & { amd?: object };

declare global {
  // eslint-disable-next-line no-var -- a global that AMD prescribes
  var define: Define | undefined;
}

/**
 * Makes `define` as Grafana's loader has it: an anonymous module whose dependencies are shared ones. The promise is for
 * the first module that defines itself.
 */
export function awaitModule(shared: Readonly<Record<string, unknown>>): Promise<{ plugin: PanelPlugin }> {
  return new Promise((resolve, reject) => {
    const define: Define = (ids, factory) => {
      const missing = ids.filter((id) => !Object.hasOwn(shared, id));
      if (missing.length > 0)
        reject(new Error(`module.js asks for ${missing.join(', ')}, which this page does not share`));
      else resolve(factory(...ids.map((id) => shared[id])) as { plugin: PanelPlugin });
    };
    define.amd = {};
    globalThis.define = define;
  });
}

/** Loads the panel from its address. */
export function loadPanel(address: string, shared: Readonly<Record<string, unknown>>): Promise<PanelPlugin> {
  const module = awaitModule(shared);
  const script = document.createElement('script');
  script.src = address;
  const failed = new Promise<never>((_, reject) => {
    script.onerror = () => reject(new Error(`cannot load ${address}`));
  });
  document.head.append(script);
  return Promise.race([module, failed]).then(({ plugin }) => plugin);
}
