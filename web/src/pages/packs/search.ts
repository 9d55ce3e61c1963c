// What the address bar holds of a pack's page.
export const PACK_TABS = ["files", "difference", "fixtures", "trial", "versions"] as const;
export type PackTab = (typeof PACK_TABS)[number];

export interface PackSearch {
  /** A stored version, or `draft` for the reader's own. */
  version?: string;
  tab?: PackTab;
  file?: string;
  /** A line of the file, from 1. */
  line?: number;
  /** The version that this one is compared with. */
  against?: string;
}

export function packSearch(given: Record<string, unknown>): PackSearch {
  const text = (name: string) => (given[name] === undefined ? undefined : String(given[name]));
  const tab = PACK_TABS.find((each) => each === given.tab);
  const line = Number(given.line);
  const found: Record<string, unknown> = {
    version: text("version"),
    tab,
    file: text("file"),
    line: Number.isInteger(line) && line > 0 ? line : undefined,
    against: text("against"),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
