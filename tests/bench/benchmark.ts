/** One line of the table. */
export interface Row {
  readonly what: string;
  /** In words; empty: nothing, the row is there to be read beside the others. */
  readonly toReach: string;
  readonly measured: string;
  /** null: nothing was to be reached. */
  readonly reached: boolean | null;
}

export interface Benchmark {
  /** For `--only`. */
  readonly name: string;
  run(): Promise<readonly Row[]>;
}

/** A row of what is only to be read. */
export function note(what: string, measured: string): Row {
  return { what, toReach: "", measured, reached: null };
}

/** 3 significant digits, but whole numbers whole. */
export function figure(value: number): string {
  return value >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
