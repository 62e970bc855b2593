import { FieldType, type DataFrame, type Field } from '@grafana/data';
import type { Answer, MatrixSeries } from './matrix.js';

/**
 * Frames as Grafana's Prometheus data source makes them of an answer: a range query gives one frame a series with the
 * fields `Time` and `Value`, labels on the value; an instant query in table format gives one frame whose text fields are
 * the labels.
 */
export function toFrames(answers: readonly Answer[]): DataFrame[] {
  return answers.flatMap((answer) => (answer.format === 'range' ? rangeFrames(answer) : [tableFrame(answer)]));
}

function rangeFrames({ refId, result }: Answer): DataFrame[] {
  return result.map((series) => {
    const times = series.values.map(([seconds]) => seconds * 1000);
    const values = series.values.map(([, text]) => parseValue(text));
    const name = legendOf(series);
    return {
      refId,
      name,
      meta: { type: 'timeseries-multi' as never },
      length: times.length,
      fields: [
        field('Time', FieldType.time, times),
        { ...field('Value', FieldType.number, values), labels: series.metric, config: { displayNameFromDS: name } },
      ],
    };
  });
}

function tableFrame({ refId, result }: Answer): DataFrame {
  const names = [...new Set(result.flatMap(({ metric }) => Object.keys(metric)))].sort();
  const last = result.map(({ values }): [number, string] => values.at(-1) ?? [0, 'NaN']);
  return {
    refId,
    length: result.length,
    fields: [
      field(
        'Time',
        FieldType.time,
        last.map(([seconds]) => seconds * 1000),
      ),
      ...names.map((name) =>
        field(
          name,
          FieldType.string,
          result.map(({ metric }) => metric[name] ?? ''),
        ),
      ),
      field(
        'Value',
        FieldType.number,
        last.map(([, text]) => parseValue(text)),
      ),
    ],
  };
}

/** A legend as Grafana writes it when none was asked for. */
function legendOf({ metric }: MatrixSeries): string {
  const { __name__ = '', ...labels } = metric;
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return pairs.length === 0 ? __name__ : `${__name__}{${pairs.join(', ')}}`;
}

function field(name: string, type: FieldType, values: unknown[]): Field {
  return { name, type, config: {}, values };
}

function parseValue(text: string): number {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}
