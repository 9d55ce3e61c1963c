// What of a pack was in force when, by whom and why; and the way back to an earlier version.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { packActivations } from "@/api/queries";
import type { Pack } from "@/api/types";
import { text } from "@/i18n";
import { actor } from "@/i18n/actor";
import { Instant } from "@/ui/Instant";
import { useMay } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { Ask } from "./AskDialog";

export function Versions({ pack }: { pack: Pack }) {
  const found = useQuery(packActivations(pack.pack));
  const mayAsk = useMay("ask_for_packs");
  const [back, setBack] = useState<string | null>(null);
  if (found.isPending) return <Skeleton rows={5} />;
  if (!found.data) return <Trouble error={found.error} retry={() => found.refetch()} />;
  const [present] = found.data.items;
  return (
    <section className="panel" aria-label={text("packs.tab_versions")}>
      {found.data.items.length === 0 && <Empty title={text("packs.never_active")} />}
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th>{text("packs.version")}</th>
              <th>{text("packs.since")}</th>
              <th>{text("packs.before")}</th>
              <th>{text("packs.by")}</th>
              <th>{text("packs.approved_by")}</th>
              <th>{text("packs.reason")}</th>
              <th>
                <span className="hidden-text">{text("packs.roll_back")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {found.data.items.map((row) => (
              <tr key={`${row.version} ${row.activated_at}`}>
                <td>
                  <Link
                    to="/packs/$pack"
                    params={{ pack: pack.pack }}
                    search={{ version: row.version, tab: "files" }}
                  >
                    {row.version}
                  </Link>
                </td>
                <td>
                  <Instant at={row.activated_at} />
                </td>
                <td>
                  {row.was ? (
                    <Link
                      to="/packs/$pack"
                      params={{ pack: pack.pack }}
                      search={{ version: row.version, tab: "difference", against: row.was }}
                    >
                      {text("packs.compare_with", { version: row.was })}
                    </Link>
                  ) : (
                    "–"
                  )}
                </td>
                <td>{actor(row.activated_by)}</td>
                <td>{row.approved_by.join(", ") || "–"}</td>
                <td className="wrap">{row.reason ?? "–"}</td>
                <td>
                  {mayAsk && present && row.version !== present.version && (
                    <button type="button" className="button" onClick={() => setBack(row.version)}>
                      {text("packs.roll_back")}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {back !== null && (
        <Ask
          title={text("packs.roll_back_to", { version: back })}
          pack={pack.pack}
          source={async () => ({ pack: pack.pack, version: back })}
          close={() => setBack(null)}
        />
      )}
    </section>
  );
}
