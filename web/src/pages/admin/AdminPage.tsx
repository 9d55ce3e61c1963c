// Running the tenant: keys, tenants, the health of the system, deliveries that were given up.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ask, client } from "@/api/client";
import { examination, keys, outbox, partners, tenants } from "@/api/queries";
import type { Role } from "@/api/types";
import { text, word } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Dialog } from "@/ui/Dialog";
import { Instant } from "@/ui/Instant";
import { Secret } from "@/ui/Secret";
import { useMay } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";

export function AdminPage() {
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("admin.title")}</h1>
      </div>
      {useMay("examine") && <Health />}
      {useMay("list_keys") && <Keys />}
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

function Keys() {
  const queries = useQueryClient();
  const found = useQuery(keys());
  const [making, setMaking] = useState(false);
  const revoking = useMutation({
    mutationFn: (id: string) => ask(client.DELETE("/v1/keys/{id}", { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });
  return (
    <section className="panel" aria-label={text("admin.keys")}>
      <div className="panel-head">
        <h2>{text("admin.keys")}</h2>
        <button type="button" className="button end" onClick={() => setMaking(true)}>
          {text("admin.new_key")}
        </button>
      </div>
      {found.isPending && <Skeleton rows={3} />}
      {[found.error, revoking.error].map(
        (error) => error && <Trouble key={String(error)} error={error} />,
      )}
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th>{text("admin.label")}</th>
              <th>{text("admin.role")}</th>
              <th>{text("admin.begins")}</th>
              <th>{text("admin.made")}</th>
              <th>{text("admin.used")}</th>
              <th>{text("admin.ends")}</th>
              <th>{text("partners.change")}</th>
            </tr>
          </thead>
          <tbody>
            {found.data?.items.map((key) => (
              <tr key={key.id}>
                <td>{key.label}</td>
                <td>
                  {word("role", key.role)}
                  {key.partner && <span className="soft"> · {key.partner}</span>}
                </td>
                <td className="mono soft">{key.prefix}…</td>
                <td>
                  <Instant at={key.created_at} />
                </td>
                <td>
                  <Instant at={key.last_used_at} />
                </td>
                <td>
                  {key.revoked_at ? (
                    <Badge>{text("admin.revoked")}</Badge>
                  ) : (
                    <Instant at={key.expires_at} />
                  )}
                </td>
                <td>
                  {!key.revoked_at && (
                    <button
                      type="button"
                      className="button"
                      onClick={() => revoking.mutate(key.id)}
                    >
                      {text("admin.revoke")}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {making && <NewKey close={() => setMaking(false)} />}
    </section>
  );
}

const ROLES = ["admin", "operations", "auditor", "partner", "monitor"] as const;

function NewKey({ close }: { close: () => void }) {
  const queries = useQueryClient();
  const known = useQuery(partners());
  const [role, setRole] = useState<Role>("operations");
  const making = useMutation({
    mutationFn: (form: FormData) =>
      ask(
        client.POST("/v1/keys", {
          body: {
            label: String(form.get("label")),
            role,
            networks: [],
            partner: role === "partner" ? String(form.get("partner")) : null,
          },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });
  if (making.data?.key)
    return <Secret title={making.data.label} secret={making.data.key} close={close} />;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    making.mutate(new FormData(event.currentTarget));
  };
  return (
    <Dialog title={text("admin.new_key")} close={close}>
      <form onSubmit={submit}>
        <label className="field">
          <span>{text("admin.label")}</span>
          <input className="input" name="label" required />
        </label>
        <label className="field">
          <span>{text("admin.role")}</span>
          <select
            className="input"
            value={role}
            onChange={(event) => setRole(event.target.value as Role)}
          >
            {ROLES.map((each) => (
              <option key={each} value={each}>
                {word("role", each)}
              </option>
            ))}
          </select>
        </label>
        {role === "partner" && (
          <label className="field">
            <span>{text("source.partner")}</span>
            <select className="input" name="partner" required>
              {known.data?.items.map(({ partner, name }) => (
                <option key={partner} value={partner}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
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
