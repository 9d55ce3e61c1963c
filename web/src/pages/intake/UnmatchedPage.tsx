// What hangs on no order: parcels, invoices and jobs of which nothing says what they belong to, and orders
// that partners speak of and nobody placed.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { unmatched } from "@/api/queries";
import { text, word } from "@/i18n";
import { Instant } from "@/ui/Instant";
import { Listed } from "@/ui/Listed";
import { shownIdentifier } from "../order/statement";
import { IntakeTabs } from "./IntakeTabs";

export function UnmatchedPage() {
  const found = useInfiniteQuery(unmatched());
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page">
      <IntakeTabs />
      <p className="soft">{text("unmatched.hint")}</p>
      <Listed list={found} count={rows.length} none={text("unmatched.none")}>
        <thead>
          <tr>
            <th>{text("unmatched.what")}</th>
            <th>{text("unmatched.names")}</th>
            <th>{text("unmatched.heard")}</th>
            <th>{text("unmatched.partners")}</th>
            <th className="num">{text("unmatched.facts")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>{word("object", row.kind)}</td>
              <td>
                <Link to="/intake/unmatched/$id" params={{ id: row.id }}>
                  {row.identifiers.map(shownIdentifier).join(" · ")}
                </Link>
              </td>
              <td>{row.first_heard_at ? <Instant at={row.first_heard_at} /> : "–"}</td>
              <td>{row.partners.join(", ") || "–"}</td>
              <td className="num">{row.facts}</td>
            </tr>
          ))}
        </tbody>
      </Listed>
    </div>
  );
}
