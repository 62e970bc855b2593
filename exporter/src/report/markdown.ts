import { plainNumber } from './format.js';
import { analysisSection } from './markdown-analysis.js';
import { deploymentSection, methodologySection } from './markdown-methodology.js';
import { searchSection } from './markdown-search.js';
import { sourceSection } from './markdown-source.js';
import { sloSection } from './markdown-slo.js';
import { escapeText } from './markdown-table.js';
import {
  itlSection,
  latencySection,
  rpsSection,
  summarySection,
  throughputSection,
  tpotSection,
  ttftSection,
} from './markdown-times.js';
import { resourcePeaksSection, serverSection } from './markdown-telemetry.js';
import {
  errorsSection,
  excludedSection,
  preflightSection,
  samplesSection,
  validitySection,
  warningsSection,
} from './markdown-trust.js';
import type { RunResult } from './result-schema.js';
import { renderSeedJson } from './seed-json.js';

/** The report that people read: the sections of the hand-written ones, and what they left out. */
export function renderMarkdown(result: RunResult): string {
  const sections = [
    titleSection(result),
    methodologySection(result),
    deploymentSection(result),
    sourceSection(result),
    preflightSection(result),
    warningsSection(result),
    ...(result.levels.length === 0 ? ['No level was measured.'] : levelSections(result)),
    excludedSection(result),
    definitionsSection(result),
    referenceSection(result),
  ];
  return `${sections.filter((section) => section !== null).join('\n\n')}\n`;
}

function levelSections(result: RunResult): (string | null)[] {
  return [
    summarySection(result),
    tpotSection(result),
    itlSection(result),
    ttftSection(result),
    latencySection(result),
    errorsSection(result),
    rpsSection(result),
    throughputSection(result),
    resourcePeaksSection(result),
    serverSection(result),
    sloSection(result),
    searchSection(result),
    analysisSection(result),
    samplesSection(result),
    validitySection(result),
  ];
}

function titleSection({ run, plan, spec, generated, analysis, levels }: RunResult): string {
  const loads = [...plan.levels].sort((a, b) => a - b);
  const [least, most] = [loads[0], loads.at(-1)].map((load) => (load === undefined ? '' : plainNumber(load)));
  const range = least === most ? least! : `${least!}–${most!}`;
  const what = spec.arrival === 'closed' ? 'Concurrency' : 'Rate';
  const lines = [
    `# Benchmark Sweep: ${escapeText(run.name)}, ${what} Scaling (${range})`,
    `**Generated:** ${generated.replace('T', ' ').replace('Z', '')} UTC`,
  ];
  if (run.state === 'running')
    lines.push('**This run is not finished: what follows is what has been measured so far.**');
  if (run.state === 'aborted')
    lines.push(`**This run was aborted: ${escapeText(run.reason)}.** What had been measured follows.`);
  if (analysis != null && levels.length > 1) lines.push(`**Result:** ${escapeText(analysis.summary)}`);
  return lines.join('\n\n');
}

function referenceSection(result: RunResult): string {
  const left = result.levels.filter(({ valid }) => !valid).map(({ load }) => plainNumber(load));
  const note = left.length === 0 ? '' : `Left out, since none of their windows is valid: ${left.join(', ')}.\n\n`;
  return `## Reference Data (JSON)\n\n${note}\`\`\`json\n${renderSeedJson(result)}\`\`\``;
}

function definitionsSection({ definitions }: RunResult): string {
  const lines = Object.values(definitions).map(({ title, text }) => `- **${title}:** ${text}`);
  return `## Definitions\n\n${lines.join('\n')}`;
}
