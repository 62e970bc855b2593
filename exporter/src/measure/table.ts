const ARRAYS = { f64: Float64Array, u32: Uint32Array, u16: Uint16Array, u8: Uint8Array, i16: Int16Array } as const;
export type ColumnType = keyof typeof ARRAYS;
type ArrayOf<T extends ColumnType> = InstanceType<(typeof ARRAYS)[T]>;
type AnyColumn = ArrayOf<ColumnType>;

/** Column names and types of a table; every table has its event's time in `at`. */
export type TableSchema = Readonly<Record<string, ColumnType>> & { readonly at: 'f64' };

/** Columns of equal length, self-describing by name: what travels between workers and the main thread. */
export interface TableData<S extends TableSchema> {
  rows: number;
  columns: { [K in keyof S]: ArrayOf<S[K]> };
}

function allocate<S extends TableSchema>(schema: S, capacity: number): TableData<S>['columns'] {
  const entries = Object.entries(schema).map(([name, type]) => [name, new ARRAYS[type](capacity)]);
  return Object.fromEntries(entries) as TableData<S>['columns'];
}

/** The columns by name. */
export function columnsOf(columns: object): [string, AnyColumn][] {
  return Object.entries(columns) as [string, AnyColumn][];
}

/** A table that grows by rows; `take()` hands its contents over and starts afresh without giving up its memory. */
export class TableWriter<S extends TableSchema> {
  rows = 0;
  columns: TableData<S>['columns'];
  private capacity: number;

  constructor(
    private readonly schema: S,
    capacity = 256,
  ) {
    this.capacity = capacity;
    this.columns = allocate(schema, capacity);
  }

  /** Index of a fresh row; write its cells with `table.columns.name[row] = value`. */
  next(): number {
    if (this.rows === this.capacity) this.grow();
    return this.rows++;
  }

  /** The rows so far, copied into arrays of exactly their size (fit to be transferred), and none left here. */
  take(): TableData<S> {
    const rows = this.rows;
    this.rows = 0;
    const entries = columnsOf(this.columns).map(([name, array]) => [name, array.slice(0, rows)]);
    return { rows, columns: Object.fromEntries(entries) as TableData<S>['columns'] };
  }

  private grow(): void {
    this.capacity *= 2;
    const bigger = allocate(this.schema, this.capacity);
    for (const name of Object.keys(this.schema)) bigger[name]!.set(this.columns[name]!);
    this.columns = bigger;
  }
}

/** Splits by time: rows with `at < edge`, and the others, both in their old order. */
export function splitTable<S extends TableSchema>(table: TableData<S>, edge: number): [TableData<S>, TableData<S>] {
  const before: number[] = [];
  const after: number[] = [];
  for (let row = 0; row < table.rows; row++) (table.columns.at[row]! < edge ? before : after).push(row);
  return [pick(table, before), pick(table, after)];
}

function pick<S extends TableSchema>(table: TableData<S>, rows: readonly number[]): TableData<S> {
  const entries = columnsOf(table.columns).map(([name, array]) => {
    const constructor = array.constructor as new (length: number) => AnyColumn;
    const picked = new constructor(rows.length);
    rows.forEach((row, index) => {
      picked[index] = array[row]!;
    });
    return [name, picked];
  });
  return { rows: rows.length, columns: Object.fromEntries(entries) as TableData<S>['columns'] };
}
