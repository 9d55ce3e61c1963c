// Links by which a customer follows the order: made, shown once, revoked.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { ask, client } from "@/api/client";
import { trackingLinks } from "@/api/queries";
import { text } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Dialog } from "@/ui/Dialog";
import { Instant } from "@/ui/Instant";
import { Secret } from "@/ui/Secret";
import { Empty, Skeleton, Trouble } from "@/ui/states";

export function TrackingLinks({ order, close }: { order: string; close: () => void }) {
  const queries = useQueryClient();
  const found = useQuery(trackingLinks(order));
  const again = () => queries.invalidateQueries({ queryKey: ["tracking-links", order] });
  const making = useMutation({
    mutationFn: (label: string) =>
      ask(
        client.POST("/v1/orders/{id}/tracking-links", {
          params: { path: { id: order } },
          body: { label },
        }),
      ),
    onSuccess: again,
  });
  const revoking = useMutation({
    mutationFn: (id: string) =>
      ask(client.DELETE("/v1/tracking-links/{id}", { params: { path: { id } } })),
    onSuccess: again,
  });
  if (making.data?.path)
    return (
      <Secret
        title={making.data.label}
        secret={window.location.origin + making.data.path}
        close={close}
      />
    );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    making.mutate(String(new FormData(event.currentTarget).get("label")));
  };
  return (
    <Dialog title={text("track.title")} close={close}>
      <p className="soft">{text("track.note")}</p>
      <form onSubmit={submit}>
        <label className="field">
          <span>{text("track.for")}</span>
          <input className="input" name="label" maxLength={200} required />
        </label>
        <div className="form-foot">
          <button type="submit" className="button main" disabled={making.isPending}>
            {text("track.make")}
          </button>
        </div>
      </form>
      {found.isPending && <Skeleton rows={2} />}
      {[found.error, making.error, revoking.error].map(
        (error) => error && <Trouble key={String(error)} error={error} />,
      )}
      {found.data?.items.length === 0 && <Empty title={text("track.none")} />}
      {found.data && found.data.items.length > 0 && (
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th>{text("track.for")}</th>
                <th>{text("track.made")}</th>
                <th>{text("track.ends")}</th>
                <th>{text("partners.change")}</th>
              </tr>
            </thead>
            <tbody>
              {found.data.items.map((link) => (
                <tr key={link.id}>
                  <td>{link.label}</td>
                  <td>
                    <Instant at={link.created_at} />
                    <div className="soft small">{link.created_by}</div>
                  </td>
                  <td>
                    {link.revoked_at ? (
                      <Badge>{text("admin.revoked")}</Badge>
                    ) : (
                      <Instant at={link.expires_at} />
                    )}
                  </td>
                  <td>
                    {!link.revoked_at && (
                      <button
                        type="button"
                        className="button"
                        onClick={() => revoking.mutate(link.id)}
                      >
                        {text("track.revoke")}
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Dialog>
  );
}
