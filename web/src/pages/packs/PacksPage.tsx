// Packs: what is in force, and every version that is kept.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { packs } from "@/api/queries";
import { text } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { Empty, Skeleton, Trouble } from "@/ui/states";

export function PacksPage() {
  const found = useQuery(packs());
  if (found.isPending) return <Skeleton rows={5} />;
  if (!found.data) return <Trouble error={found.error} retry={() => found.refetch()} />;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("packs.title")}</h1>
        <span className="soft">{text("packs.hint")}</span>
      </div>
      <section className="panel">
        {found.data.items.length === 0 && <Empty title={text("packs.none")} />}
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th>{text("packs.pack")}</th>
                <th>{text("packs.version")}</th>
                <th>{text("packs.state")}</th>
                <th>{text("packs.stored")}</th>
                <th>{text("packs.by")}</th>
                <th>{text("packs.digest")}</th>
              </tr>
            </thead>
            <tbody>
              {found.data.items.map((row) => (
                <tr key={`${row.pack} ${row.version}`}>
                  <td>
                    <Link
                      to="/packs/$pack"
                      params={{ pack: row.pack }}
                      search={{ version: row.version }}
                    >
                      {row.pack}
                    </Link>
                  </td>
                  <td>{row.version}</td>
                  <td>
                    {row.active_since ? (
                      <Badge tone="good" mark="✓">
                        {text("packs.active")}
                      </Badge>
                    ) : (
                      <Badge>{text("packs.kept")}</Badge>
                    )}
                  </td>
                  <td>
                    <Instant at={row.active_since ?? row.stored_at} />
                  </td>
                  <td>{row.activated_by ?? "–"}</td>
                  <td className="mono soft">{row.digest.slice(0, 12)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </div>
  );
}
