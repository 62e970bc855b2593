import { FineHistogram } from '../../measure/fine-histogram.js';
import { NOT_YET_KNOWN, type RequestRecord } from '../../measure/records.js';
import { classifyFailure } from './classify-failure.js';
import { asNumber, type JsonObject } from './fields.js';
import { ImportError } from './import-error.js';
import { walkFile } from './source-text.js';
import type { PartSpan, PublishedFigure, RequestPart, SourceFile } from './types.js';

/** The lists of a detailed result; of the gaps only what a request needs, since they may be millions. */
export interface VllmArrays {
  inputLens: number[];
  outputLens: number[];
  ttfts: number[];
  gapSums: number[];
  gapCounts: number[];
  starts: number[];
  errors: string[];
  latencies: number[];
}

/** The requests of a detailed result. `name` makes their ids unique in the run. @throws ImportError */
export function vllmPart(
  file: SourceFile,
  document: number,
  fields: JsonObject,
  arrays: VllmArrays,
  name: string,
): RequestPart {
  checkLengths(file, arrays);
  const timed = arrays.starts.length > 0;
  const origin = arrays.starts.reduce((least, start) => Math.min(least, start), Infinity);
  const records = arrays.ttfts.map((_, index) =>
    recordOf(arrays, index, timed ? arrays.starts[index]! - origin : index * APART, name),
  );
  const details = new Map(
    records.flatMap(({ id, outcome }, index) => (outcome === 'ok' ? [] : [[id, arrays.errors[index]!] as const])),
  );
  return {
    file: file.name,
    records,
    timed,
    gaps: arrays.gapSums.length === 0 ? null : (span) => readGaps(file, document, records, span),
    marked: null,
    published: publishedOf(fields, records, arrays),
    details,
  };
}

/** Where starts are not known, requests are laid out this far apart, so that none overlap; no rate is told then. */
const APART = 1e4;

function checkLengths(file: SourceFile, arrays: VllmArrays): void {
  const n = arrays.ttfts.length;
  const { inputLens, outputLens, gapSums, starts, errors } = arrays;
  const lists = { input_lens: inputLens, output_lens: outputLens, itls: gapSums, start_times: starts, errors };
  for (const [name, list] of Object.entries(lists)) {
    if (list.length === n || list.length === 0) continue;
    throw new ImportError(
      file.name,
      `has ${n} ttfts but ${list.length} ${name}`,
      'its lists must have one entry a request: take the original',
    );
  }
  if (n === 0)
    throw new ImportError(
      file.name,
      'has lists of single requests, but no ttfts',
      'measure again with --save-detailed',
    );
}

function recordOf(arrays: VllmArrays, index: number, startedAt: number, name: string): RequestRecord {
  const error = arrays.errors[index] ?? '';
  const ttft = arrays.ttfts[index]!;
  const output = arrays.outputLens[index] ?? NaN;
  const ok = error === '' && ttft > 0;
  const first = ttft > 0 ? startedAt + ttft : NaN;
  const last = first + (arrays.gapSums[index] ?? NaN);
  const told = arrays.latencies[index] ?? NaN;
  const ended = ok ? last : startedAt + (told > 0 ? told : Number.isNaN(last) ? 0 : last - startedAt);
  return {
    ...NOT_YET_KNOWN,
    id: `${name}-${index}`,
    slot: 0,
    conversation: index,
    turn: 1,
    level: 0,
    intendedAt: startedAt,
    startedAt,
    firstChunkAt: first,
    firstTokenAt: first,
    completedAt: ok ? last : NaN,
    endedAt: ended,
    inputTokens: arrays.inputLens[index] ?? NaN,
    outputTokens: ok ? output : NaN,
    tokensSource: 'usage',
    tokenChunks: (arrays.gapCounts[index] ?? NaN) + 1,
    outcome: ok ? 'ok' : error === '' ? 'empty' : classifyFailure(error),
  };
}

/** Second reading: gaps whose later chunk lies in the span. */
async function readGaps(
  file: SourceFile,
  document: number,
  records: readonly RequestRecord[],
  { from, to }: PartSpan,
): Promise<FineHistogram> {
  const pooled = FineHistogram.create();
  await walkFile(
    file,
    (path) => {
      const [at, key] = path;
      if (at !== document || (path.length > 1 && key !== 'itls')) return 'skip';
      return path.length === 3 ? 'take' : 'enter';
    },
    ([, , index], value) => {
      const record = records[index as number]!;
      if (!Array.isArray(value) || Number.isNaN(record.firstTokenAt)) return;
      let time = record.firstTokenAt;
      for (const gap of value.map(asNumber)) {
        time += gap;
        if (time >= from && time < to) pooled.record(gap);
      }
    },
  );
  return pooled;
}

/** What vLLM published, from its single requests over its whole run by its own definitions. */
function publishedOf(fields: JsonObject, records: readonly RequestRecord[], arrays: VllmArrays): PublishedFigure[] {
  const ok = records.filter(({ outcome }) => outcome === 'ok');
  const ttfts = ok.map(({ startedAt, firstTokenAt }) => firstTokenAt - startedAt);
  const tpots = ok
    .filter(({ outputTokens }) => outputTokens > 1)
    .map(({ completedAt, firstTokenAt, outputTokens }) => (completedAt - firstTokenAt) / (outputTokens - 1));
  const latencies = ok.map(({ startedAt, completedAt }) => completedAt - startedAt);
  const okSum = (list: readonly number[]): number =>
    records.reduce((sum, { outcome }, index) => (outcome === 'ok' ? sum + list[index]! : sum), 0);
  const gaps = okSum(arrays.gapSums) / okSum(arrays.gapCounts);
  const published = (key: string): number => asNumber(fields[key]) / 1000;
  const duration = asNumber(fields['duration']);
  const tokens = ok.reduce((sum, { outputTokens }) => sum + outputTokens, 0);
  return [
    { figure: 'mean TTFT', published: published('mean_ttft_ms'), recomputed: mean(ttfts) },
    { figure: 'median TTFT', published: published('median_ttft_ms'), recomputed: median(ttfts) },
    { figure: 'mean TPOT', published: published('mean_tpot_ms'), recomputed: mean(tpots) },
    { figure: 'mean ITL', published: published('mean_itl_ms'), recomputed: gaps },
    { figure: 'mean E2EL', published: published('mean_e2el_ms'), recomputed: mean(latencies) },
    {
      figure: 'request throughput',
      published: asNumber(fields['request_throughput']),
      recomputed: ok.length / duration,
    },
    { figure: 'output throughput', published: asNumber(fields['output_throughput']), recomputed: tokens / duration },
  ];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** As numpy: the mean of the two middle values. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
