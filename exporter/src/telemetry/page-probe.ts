import type { Engine } from '../measure/telemetry-roles.js';
import { ADAPTERS, detectEngine, type PageEngine } from './adapters/catalogue.js';
import { parseExposition } from './exposition/parse.js';
import type { Exposition, ExpositionSample } from './exposition/types.js';
import type { FetchText } from './http-fetch.js';
import { UpstreamError, type UpstreamPage } from './page.js';
import { RoleReader } from './read-roles.js';
import { trtllmJsonSamples } from './trtllm-json.js';

/** Asks an upstream once. @throws UpstreamError or the network's error */
export interface Probe {
  scrape(signal: AbortSignal): Promise<UpstreamPage>;
}

export interface PageProbeOptions {
  url: string;
  engine: Exclude<Engine, 'prometheus'> | 'auto';
  /** Names that are passed through as they are; a family's name stands for its buckets, sum and count too. */
  raw: readonly string[];
  fetch: FetchText;
}

const FAMILY_SUFFIX = /_(bucket|sum|count|total)$/;
const SHOWN_NAMES = 3;

/** Reads an engine's own page. The engine is found out by its first answer where it is left open. */
export class PageProbe implements Probe {
  private engine: PageEngine | null;
  private reader: RoleReader | null = null;
  private readonly raw: ReadonlySet<string>;

  constructor(private readonly options: PageProbeOptions) {
    this.engine = options.engine === 'auto' ? null : options.engine;
    this.raw = new Set(options.raw);
  }

  async scrape(signal: AbortSignal): Promise<UpstreamPage> {
    const { text, contentType } = await this.options.fetch(this.options.url, signal);
    const json = /^\s*\[/.test(text) ? trtllmJsonSamples(text) : null;
    const page = json === null ? this.parse(text, contentType) : jsonPage(json);
    this.reader ??= this.readerFor(page, json !== null, text);
    const { values, matched } = this.reader.read(page.samples);
    if (matched.size === 0 && json === null) throw new UpstreamError(this.nothing(page, text));
    const raw = this.raw.size === 0 ? [] : page.samples.filter(({ name }) => this.isRaw(name));
    const { brokenLines, firstBroken, types } = page;
    const remarks =
      firstBroken === null
        ? []
        : [
            `${brokenLines} lines are not readable, first line ${firstBroken.line}: ${JSON.stringify(firstBroken.text)}`,
          ];
    return { engine: this.engine!, values, matched, raw, rawTypes: types, remarks };
  }

  private parse(text: string, contentType: string): Exposition {
    const { reader } = this;
    const openMetrics = contentType.includes('openmetrics');
    if (reader === null) return parseExposition(text, { openMetrics });
    return parseExposition(text, { openMetrics, wanted: (name) => reader.wants(name) || this.isRaw(name) });
  }

  private isRaw(name: string): boolean {
    return this.raw.size > 0 && (this.raw.has(name) || this.raw.has(name.replace(FAMILY_SUFFIX, '')));
  }

  private readerFor(page: Exposition, isJson: boolean, text: string): RoleReader {
    this.engine ??= isJson ? 'trtllm' : detectEngine(namesOf(page));
    if (this.engine === null) throw new UpstreamError(this.nothing(page, text));
    return new RoleReader(ADAPTERS[this.engine]);
  }

  private nothing(page: Exposition, text: string): string {
    const names = [...namesOf(page)];
    const engine = this.engine ?? 'any known engine';
    if (names.length > 0) {
      return `has no metric of ${engine} among ${names.length} (${names.slice(0, SHOWN_NAMES).join(', ')}, …)`;
    }
    const shown = JSON.stringify(text.slice(0, 60));
    return page.brokenLines > 0 ? `answered no metrics but ${shown}` : `answered no metric of ${engine}`;
  }
}

function namesOf({ samples }: { samples: readonly ExpositionSample[] }): Set<string> {
  return new Set(samples.map(({ name }) => name));
}

function jsonPage(samples: ExpositionSample[]): Exposition {
  return { samples, types: new Map(), brokenLines: 0, firstBroken: null };
}
