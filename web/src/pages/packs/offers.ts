// What the editor offers to write, from the help of the schemas. Pure.
import type { Offered } from "@/ui/code/CodeEditor";
import { helpAt, placeAt, type Schema } from "./schema";
import type { PackWords } from "./words";

export function offers(
  schema: Schema,
  text: string,
  offset: number,
  words: Pick<PackWords, "help">,
): Offered | null {
  const place = placeAt(text, offset);
  if (place === null) return null;
  const help = helpAt(schema, place);
  if (help.offers.length === 0) return null;
  const options = help.offers.map((offer) => ({
    label: offer.name,
    detail: [offer.detail, offer.required ? "*" : ""].join(" ").trim(),
    info: words.help(offer.description),
    apply: place.writes === "key" ? `${offer.name}: ` : offer.name,
  }));
  return { from: offset - place.begun.length, options };
}
