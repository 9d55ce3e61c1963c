// Packs: what is in force and every version that is kept, what others want in force, and how many have
// to say yes to it.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ask, client } from "@/api/client";
import { packPolicy, packRequests, packs } from "@/api/queries";
import { text } from "@/i18n";
import { actor } from "@/i18n/actor";
import { Badge } from "@/ui/badges";
import { Dialog } from "@/ui/Dialog";
import { Instant } from "@/ui/Instant";
import { useMay } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { Begun, NewPack } from "./NewPack";
import { Requests } from "./Requests";
import "./packs.css";

export function PacksPage() {
  const found = useQuery(packs());
  const asked = useQuery(packRequests());
  const { request } = useSearch({ from: "/packs" });
  const mayBegin = useMay("begin_draft");
  const [beginning, setBeginning] = useState(false);
  if (found.isPending) return <Skeleton rows={5} />;
  if (!found.data) return <Trouble error={found.error} retry={() => found.refetch()} />;
  const granted = asked.data?.items.some(({ id, state }) => id === request && state === "granted");
  const active = found.data.items.filter((row) => row.active_since);
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("packs.title")}</h1>
        <span className="soft">{text("packs.hint")}</span>
        {mayBegin && (
          <button type="button" className="button end" onClick={() => setBeginning(true)}>
            {text("packs.new")}
          </button>
        )}
      </div>
      {granted && (
        <p className="note good" role="status">
          {text("packs.activated", {
            active: active.map((row) => `${row.pack}@${row.version}`).join(", "),
          })}
        </p>
      )}
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
                  <td>{row.activated_by ? actor(row.activated_by) : "–"}</td>
                  <td className="mono soft">{row.digest.slice(0, 12)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {mayBegin && <Begun />}
      {beginning && <NewPack packs={found.data.items} close={() => setBeginning(false)} />}
      <Policy />
      <Requests chosen={request} />
    </div>
  );
}

/** How many have to approve, and the way to change it. */
function Policy() {
  const found = useQuery(packPolicy());
  const mayAsk = useMay("ask_for_packs");
  const [changing, setChanging] = useState(false);
  if (!found.data) return null;
  const { approvals, administrators } = found.data;
  return (
    <section className="panel" aria-label={text("packs.policy")}>
      <div className="panel-head">
        <span>
          {approvals > 0
            ? text("packs.policy_needs", { count: approvals })
            : text("packs.policy_none")}{" "}
          <span className="soft">{text("packs.policy_people", { count: administrators })}</span>
        </span>
        {mayAsk && (
          <button type="button" className="button end" onClick={() => setChanging(true)}>
            {text("packs.policy_change")}
          </button>
        )}
      </div>
      {changing && <ChangePolicy approvals={approvals} close={() => setChanging(false)} />}
    </section>
  );
}

const APPROVALS_MAX = 5;

function ChangePolicy({ approvals, close }: { approvals: number; close: () => void }) {
  const queries = useQueryClient();
  const asking = useMutation({
    mutationFn: (body: { approvals: number; reason: string }) =>
      ask(client.POST("/v1/pack-requests", { body: { ...body, move_orders: false } })),
    onSuccess: () => {
      for (const name of ["pack-policy", "pack-requests"])
        void queries.invalidateQueries({ queryKey: [name] });
      close();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    asking.mutate({
      approvals: Number(form.get("approvals")),
      reason: String(form.get("reason")).trim(),
    });
  };
  return (
    <Dialog title={text("packs.policy_change")} close={close}>
      <form className="form" onSubmit={submit}>
        <p className="soft">{text("packs.policy_hint")}</p>
        <label className="field">
          <span>{text("packs.policy_approvals")}</span>
          <input
            className="input"
            type="number"
            name="approvals"
            min={0}
            max={APPROVALS_MAX}
            defaultValue={approvals}
            required
          />
        </label>
        <label className="field">
          <span>{text("packs.reason")}</span>
          <textarea className="input" name="reason" required maxLength={1000} rows={2} />
        </label>
        {asking.error && <Trouble error={asking.error} />}
        <div className="form-foot">
          <button type="submit" className="button main" disabled={asking.isPending}>
            {text("packs.ask")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
