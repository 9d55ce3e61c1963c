// Tenants: whom the operator runs Baton for; made here, and entered.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ask, client } from "@/api/client";
import { tenants } from "@/api/queries";
import { chooseTenant } from "@/api/session";
import { text } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Dialog } from "@/ui/Dialog";
import { Instant } from "@/ui/Instant";
import { Secret } from "@/ui/Secret";
import { useMay, useSession } from "@/ui/session";
import { Skeleton, Trouble } from "@/ui/states";
import { AdminTabs } from "./AdminTabs";

export function TenantsPage() {
  const session = useSession();
  const queries = useQueryClient();
  const found = useQuery(tenants());
  const mayMake = useMay("create_tenant");
  const [making, setMaking] = useState(false);
  const entering = useMutation({
    mutationFn: chooseTenant,
    onSuccess: (entered) => {
      queries.setQueryData(["session"], entered);
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
    },
  });
  const reached = new Set(session.tenants.map(({ id }) => id));
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("admin.tenants")}</h1>
      </div>
      <AdminTabs />
      <section className="panel" aria-label={text("admin.tenants")}>
        <div className="panel-head">
          <h2>{text("admin.tenants")}</h2>
          {mayMake && (
            <button type="button" className="button end" onClick={() => setMaking(true)}>
              {text("admin.new_tenant")}
            </button>
          )}
        </div>
        {found.isPending && <Skeleton rows={2} />}
        {[found.error, entering.error].map(
          (error) => error && <Trouble key={String(error)} error={error} />,
        )}
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th>{text("admin.name")}</th>
                <th>{text("admin.tenant_key")}</th>
                <th>{text("admin.clock")}</th>
                <th>{text("admin.made")}</th>
                <th>{text("admin.looked_at")}</th>
              </tr>
            </thead>
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
                  <td>
                    {tenant === session.tenant.id ? (
                      <Badge mark="●">{text("admin.this_one")}</Badge>
                    ) : (
                      reached.has(tenant) && (
                        <button
                          type="button"
                          className="button"
                          onClick={() => entering.mutate(tenant)}
                        >
                          {text("admin.enter")}
                        </button>
                      )
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {making && <NewTenant close={() => setMaking(false)} />}
    </div>
  );
}

function NewTenant({ close }: { close: () => void }) {
  const queries = useQueryClient();
  const making = useMutation({
    mutationFn: (form: FormData) =>
      ask(
        client.POST("/v1/tenants", {
          body: { tenant: String(form.get("tenant")), name: String(form.get("name")) },
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["tenants"] });
      await queries.invalidateQueries({ queryKey: ["session"] });
    },
  });
  if (making.data?.key)
    return (
      <Secret
        title={text("admin.tenant_key_of", { name: making.data.name })}
        secret={making.data.key}
        close={close}
      />
    );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    making.mutate(new FormData(event.currentTarget));
  };
  return (
    <Dialog title={text("admin.new_tenant")} close={close}>
      <form onSubmit={submit}>
        <label className="field">
          <span>{text("admin.name")}</span>
          <input className="input" name="name" required />
        </label>
        <label className="field">
          <span>{text("admin.tenant_key")}</span>
          <input className="input mono" name="tenant" pattern="[a-z0-9\-]+" required />
          <span className="soft small">{text("admin.tenant_key_hint")}</span>
        </label>
        {making.error && <Trouble error={making.error} />}
        <div className="form-foot">
          <button type="submit" className="button main" disabled={making.isPending}>
            {text("source.make")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
