// Running the tenant: tenants, the health of the system, deliveries that were given up.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ask, client } from "@/api/client";
import { examination, outbox, tenants } from "@/api/queries";
import { text } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { useMay } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { AdminTabs } from "./AdminTabs";

export function AdminPage() {
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("admin.title")}</h1>
      </div>
      <AdminTabs />
      {useMay("examine") && <Health />}
      {useMay("list_tenants") && <Tenants />}
      {useMay("list_outbox") && <Outbox />}
    </div>
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
              return (
                <tr key={line.what}>
                  <td>
                    <Badge tone={tone} mark={mark}>
                      {text(`admin.health_${line.health}`)}
                    </Badge>
                  </td>
                  <td>{line.what}</td>
                  <td>
                    {line.found}
                    {line.what_to_do && <div className="soft small">{line.what_to_do}</div>}
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

function Tenants() {
  const found = useQuery(tenants());
  return (
    <section className="panel" aria-label={text("admin.tenants")}>
      <div className="panel-head">
        <h2>{text("admin.tenants")}</h2>
      </div>
      {found.isPending && <Skeleton rows={2} />}
      {found.error && <Trouble error={found.error} />}
      <div className="table-scroll">
        <table className="table">
          <tbody>
            {found.data?.items.map(({ tenant, name, clock, created_at }) => (
              <tr key={tenant}>
                <td>{name}</td>
                <td className="mono soft">{tenant}</td>
                <td>
                  {clock.kind === "simulated"
                    ? text("admin.simulated", { speed: clock.speed_per_mille / 1000 })
                    : text("admin.real")}
                </td>
                <td>
                  <Instant at={created_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Outbox() {
  const queries = useQueryClient();
  const found = useQuery(outbox());
  const retrying = useMutation({
    mutationFn: (id: string) =>
      ask(client.POST("/v1/outbox/{id}/retry", { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["outbox"] }),
  });
  const mayRetry = useMay("retry_delivery");
  return (
    <section className="panel" aria-label={text("admin.outbox")}>
      <div className="panel-head">
        <h2>{text("admin.outbox")}</h2>
      </div>
      {found.isPending && <Skeleton rows={2} />}
      {[found.error, retrying.error].map(
        (error) => error && <Trouble key={String(error)} error={error} />,
      )}
      {found.data?.items.length === 0 && <Empty title={text("admin.no_outbox")} />}
      <div className="table-scroll">
        <table className="table">
          <tbody>
            {found.data?.items.map((delivery) => (
              <tr key={delivery.id}>
                <td className="mono">{delivery.id}</td>
                <td>{delivery.last_error}</td>
                <td className="num">{text("admin.attempts", { count: delivery.attempts })}</td>
                <td>
                  {mayRetry && (
                    <button
                      type="button"
                      className="button"
                      onClick={() => retrying.mutate(delivery.id)}
                    >
                      {text("action.retry")}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
