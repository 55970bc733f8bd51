/** Something in a page that its author should know. */
export interface PlacedFinding {
  /** From 1; null: it stands nowhere, or only in what a template makes. */
  readonly line: number | null;
  /** `hint`: the page serves its visitors all the same. */
  readonly severity: "error" | "warning" | "hint";
  /** One line. */
  readonly what: string;
  /** What to do, in one line. */
  readonly advice: string;
}

export interface Finding extends PlacedFinding {
  /** null: it is of no one file. */
  readonly file: string | null;
}
