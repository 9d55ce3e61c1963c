// How the system is: what `baton doctor` finds, in words, with what to do about it.
import { useQuery } from "@tanstack/react-query";
import { examination, readiness } from "@/api/queries";
import { text, word } from "@/i18n";
import { examined } from "@/i18n/said";
import { Badge, type Tone } from "@/ui/badges";
import { Parts } from "@/ui/Parts";
import { useMay } from "@/ui/session";
import { Skeleton, Trouble } from "@/ui/states";
import { AdminTabs } from "./AdminTabs";

export function SystemPage() {
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("admin.system")}</h1>
      </div>
      <AdminTabs />
      <Ready />
      {useMay("examine") && <Health />}
    </div>
  );
}

const STATES: Record<string, [Tone, string]> = {
  ready: ["good", "✓"],
  degraded: ["warn", "!"],
};

/** Whether the store answers and the loops run, and what makes them slower. */
function Ready() {
  const found = useQuery(readiness());
  const [tone, mark] = STATES[found.data?.status ?? ""] ?? ["plain", ""];
  return (
    <section className="panel" aria-label={text("admin.ready")}>
      <div className="panel-head">
        <h2>{text("admin.ready")}</h2>
        {found.data && (
          <Badge tone={tone} mark={mark}>
            {word("health", found.data.status)}
          </Badge>
        )}
      </div>
      {found.isPending && <Skeleton rows={1} />}
      {found.error && <Trouble error={found.error} retry={() => found.refetch()} />}
      {found.data?.slower?.map(({ what, why, so }) => (
        <p key={what} className="panel-body">
          <strong>{what}</strong>: {why}
          <span className="soft"> · {so}</span>
        </p>
      ))}
    </section>
  );
}

const HEALTH = { ok: ["good", "✓"], warn: ["warn", "!"], fail: ["bad", "×"] } as const;

function Health() {
  const found = useQuery(examination());
  return (
    <section className="panel" aria-label={text("admin.health")}>
      <div className="panel-head">
        <h2>{text("admin.health")}</h2>
        {found.data && <span className="soft">Baton {found.data.version}</span>}
        <button type="button" className="button end" onClick={() => found.refetch()}>
          {text("admin.look_again")}
        </button>
      </div>
      {found.isPending && <Skeleton rows={4} />}
      {found.error && <Trouble error={found.error} />}
      <div className="table-scroll">
        <table className="table">
          <tbody>
            {found.data?.items.map((line) => {
              const [tone, mark] = HEALTH[line.health];
              const { what, found, so } = examined(line);
              return (
                <tr key={line.what}>
                  <td>
                    <Badge tone={tone} mark={mark}>
                      {text(`admin.health_${line.health}`)}
                    </Badge>
                  </td>
                  <td>{what}</td>
                  <td>
                    <Parts of={found} />
                    {so && <div className="soft small">{so}</div>}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
