/** One thing that the doctor looked at. */
export interface Examined {
  readonly item: string;
  readonly state: "ok" | "missing" | "problem";
  /** Version, path, or what is wrong. */
  readonly detail: string;
  readonly neededFor: string;
  /** Something else serves as well, or nothing else needs it. */
  readonly optional: boolean;
  /** What to run to mend it, or null. */
  readonly remedy: string | null;
}
