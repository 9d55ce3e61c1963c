// What may be written where the cursor stands, in the words of the file's schema.
import { text } from "@/i18n";
import { helpAt, placeAt, type Schema } from "./schema";
import { usePackWords } from "./words";

/** Names that are listed; the editor completes the others. */
const SHOWN_MAX = 24;

export function SchemaHelp({
  schema,
  text: written,
  offset,
}: {
  schema: Schema;
  text: string;
  offset: number;
}) {
  const words = usePackWords();
  const place = placeAt(written, offset);
  const help = place && helpAt(schema, place);
  return (
    <aside className="panel-body schema-help" aria-label={text("packs.help")}>
      {!help ? (
        <p className="soft">{text("packs.no_help")}</p>
      ) : (
        <>
          <p>
            <span className="mono">{help.path || text("packs.whole_file")}</span>{" "}
            <span className="soft">{words.help(help.description)}</span>
          </p>
          {help.offers.length > 0 ? (
            <ul className="schema-offers plain-list small">
              {help.offers.slice(0, SHOWN_MAX).map((offer) => (
                <li key={offer.name}>
                  <code>
                    {offer.name}
                    {offer.required && <span title={text("packs.required")}>*</span>}
                  </code>{" "}
                  <span className="soft">
                    {offer.description ? words.help(offer.description) : offer.detail}
                  </span>
                </li>
              ))}
              {help.offers.length > SHOWN_MAX && (
                <li className="soft">
                  {text("packs.more_offers", { count: help.offers.length - SHOWN_MAX })}
                </li>
              )}
            </ul>
          ) : (
            help.looks && <p className="small">{text("packs.such_as", { examples: help.looks })}</p>
          )}
          <p className="soft small">{text("packs.keys")}</p>
        </>
      )}
    </aside>
  );
}
