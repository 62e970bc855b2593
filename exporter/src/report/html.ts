import { renderMarkdown } from './markdown.js';
import { panelData } from './panel-series.js';
import type { RunResult } from './result-schema.js';

/** The built panel: its page's script and style, and the panel itself. */
export interface PanelAssets {
  hostScript: string;
  hostStyle: string;
  panelScript: string;
}

const STYLE = `
body { margin: 0; font: 14px/1.5 Inter, system-ui, sans-serif; }
main { max-width: 1200px; margin: 0 auto; padding: 16px; display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; }
h1 { font-size: 1.4rem; margin: 0; } .facts { margin: 0; opacity: .8; }
pre { overflow-x: auto; font: 12px/1.5 ui-monospace, monospace; } summary { cursor: pointer; }
:focus-visible { outline: 2px solid #3871dc; outline-offset: 2px; }
`;

/** Everything that could end the element it stands in is written otherwise. */
const inScript = (code: string): string => code.replace(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--');
const inStyle = (code: string): string => code.replace(/<\/(style)/gi, '<\\/$1');
const asData = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/**
 * One self-contained page: the panel's pictures of the run, and the whole Markdown report below, readable without
 * scripts. It loads nothing: its policy forbids it.
 */
export function renderHtml(result: RunResult, { hostScript, hostStyle, panelScript }: PanelAssets): string {
  const { run, spec } = result;
  const facts = [spec.target.model ?? '', run.id, run.state, run.reason].filter((part) => part !== '').join(' · ');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'">
<title>${escaped(run.name)}: load sweep</title><link rel="icon" href="data:,">
<style>${inStyle(hostStyle)}${STYLE}</style></head>
<body><main><h1>${escaped(run.name)}</h1><p class="facts">${escaped(facts)}</p>
<div id="root" data-page="report"></div>
<details open><summary>The report in words and tables</summary><pre>${escaped(renderMarkdown(result))}</pre></details></main>
<script type="application/json" id="data">${asData(panelData(result))}</script>
<script>${inScript(hostScript)}</script><script>${inScript(panelScript)}</script></body></html>
`;
}
