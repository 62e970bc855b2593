/** Labels of one sample, with their text form ready: `turn="1",le="0.1"`. */
export interface LabelSet {
  readonly values: Readonly<Record<string, string>>;
  readonly text: string;
}

export const NO_LABELS: LabelSet = { values: {}, text: '' };

/** Makes a label set, printed in the order of `names`. */
export function labelSet(names: readonly string[], values: Readonly<Record<string, string>>): LabelSet {
  if (names.length === 0) return NO_LABELS;
  let text = '';
  for (const name of names) {
    text += `${text === '' ? '' : ','}${name}="${escapeLabelValue(values[name] ?? '')}"`;
  }
  return { values, text };
}

/** An observation that a bucket points at. */
export interface SampleExemplar {
  requestId: string;
  value: number;
  /** Unix epoch seconds. */
  timestamp: number;
}

/** Takes one sample; `suffix` is `_sum`, `_bucket`, … or empty. */
export type SampleVisitor = (suffix: string, labels: LabelSet, value: number, exemplar: SampleExemplar | null) => void;

/** A metric with the samples that it has right now. */
export interface MetricFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  /** Exemplars are looked up only where they are wanted. */
  visit(visitor: SampleVisitor, withExemplars: boolean): void;
}

const TO_ESCAPE = /[\\"\n]/;

/** As both text formats want it between quotes. */
export function escapeLabelValue(value: string): string {
  if (!TO_ESCAPE.test(value)) return value;
  return value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"');
}
