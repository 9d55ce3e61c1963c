// A text with quotations in English.
import { Fragment } from "react";
import type { Part } from "@/i18n/parts";

export function Parts({ of }: { of: Part[] }) {
  return of.map((part, at) => {
    // The parts of a text stand where they stand.
    const key = at;
    return typeof part === "string" ? (
      <Fragment key={key}>{part}</Fragment>
    ) : (
      <q key={key} lang="en">
        {part.quote}
      </q>
    );
  });
}
