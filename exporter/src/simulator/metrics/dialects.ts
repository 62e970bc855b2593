import { VLLM_EDGES, type LatencyEdges } from '../engine/statistics.js';
import { DYNAMO_EDGES, renderDynamo } from './dynamo.js';
import { renderLlamacpp } from './llamacpp.js';
import { renderSglang, SGLANG_EDGES } from './sglang.js';
import { renderTrtllm, renderTrtllmJson } from './trtllm.js';
import type { MetricsView } from './view.js';
import { renderVllm } from './vllm.js';

/** Whose metrics the simulator speaks; its API stays OpenAI's. */
export const DIALECTS = ['vllm', 'sglang', 'trtllm', 'dynamo', 'llamacpp'] as const;
export type Dialect = (typeof DIALECTS)[number];

export interface MetricsPage {
  contentType: string;
  render(view: MetricsView): string;
}

interface DialectPages {
  edges: LatencyEdges;
  /** By path. */
  pages: Readonly<Record<string, MetricsPage>>;
}

const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8';

function text(render: MetricsPage['render']): MetricsPage {
  return { contentType: PROMETHEUS_TEXT, render };
}

export const DIALECT_PAGES: Readonly<Record<Dialect, DialectPages>> = {
  vllm: { edges: VLLM_EDGES, pages: { '/metrics': text(renderVllm) } },
  sglang: { edges: SGLANG_EDGES, pages: { '/metrics': text(renderSglang) } },
  trtllm: {
    edges: VLLM_EDGES,
    pages: {
      '/metrics': { contentType: 'application/json', render: renderTrtllmJson },
      '/prometheus/metrics': text(renderTrtllm),
    },
  },
  dynamo: { edges: DYNAMO_EDGES, pages: { '/metrics': text(renderDynamo) } },
  llamacpp: { edges: VLLM_EDGES, pages: { '/metrics': text(renderLlamacpp) } },
};
