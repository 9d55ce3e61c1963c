// Deliveries that were given up, to be tried again once their receiver is mended.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ask, client } from "@/api/client";
import { outbox } from "@/api/queries";
import { text } from "@/i18n";
import { undelivered } from "@/i18n/delivery";
import { Parts } from "@/ui/Parts";
import { useMay } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { AdminTabs } from "./AdminTabs";

export function DeliveriesPage() {
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("admin.deliveries")}</h1>
      </div>
      <AdminTabs />
      <Outbox />
    </div>
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
                <td>{delivery.last_error && <Parts of={[undelivered(delivery.last_error)]} />}</td>
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
