// Lines and quantities: what was ordered, what each party says of it, and what is still open.
import type { Line } from "@/api/types";
import { text, word } from "@/i18n";
import { Empty } from "@/ui/states";
import { shownValue } from "./statement";

const MEASURES = [
  "ordered",
  "confirmed",
  "allocated",
  "shipped",
  "delivered",
  "received",
  "invoiced",
  "cancelled",
  "returned",
] as const;

export function Lines({ lines, open }: { lines: Line[]; open: (claim: string) => void }) {
  if (lines.length === 0) return <Empty title={text("lines.none")} />;
  const used = MEASURES.filter((measure) => lines.some((line) => line.quantities[measure]));
  return (
    <div className="table-scroll">
      <table className="table">
        <thead>
          <tr>
            <th>{text("lines.line")}</th>
            <th>{text("lines.item")}</th>
            {used.map((measure) => (
              <th key={measure} className="num">
                {word("measure", measure)}
              </th>
            ))}
            <th className="num">{text("lines.open")}</th>
            <th className="num">{text("lines.unexplained")}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => {
            const { description, price } = line.fields;
            return (
              <tr key={line.key}>
                <td>{line.key}</td>
                <td>
                  <strong>{line.sku}</strong> {description && shownValue(description.value)}
                  <div className="soft small">
                    {price && `${shownValue(price.value)} · `}
                    {[...new Set(line.carried_by.map((carried) => carried.name.value))].join(", ")}
                  </div>
                </td>
                {used.map((measure) => {
                  const quantity = line.quantities[measure];
                  return (
                    <td key={measure} className="num">
                      {quantity ? (
                        <button
                          type="button"
                          className="link-button"
                          onClick={() => open(`line:${line.key}:${measure}`)}
                        >
                          {quantity.value}
                        </button>
                      ) : (
                        <span className="soft">–</span>
                      )}
                    </td>
                  );
                })}
                <td className="num">{line.balance.open}</td>
                <td className={line.balance.unexplained === "0" ? "num soft" : "num bad-text"}>
                  {line.balance.unexplained}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
