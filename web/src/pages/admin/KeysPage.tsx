// Keys: what programs come in by. Made, changed for others, ended; shown once and kept as a hash.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ask, client } from "@/api/client";
import { useNames } from "@/api/names";
import { keys, partners } from "@/api/queries";
import type { ApiKey, Role } from "@/api/types";
import { text, word } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Dialog } from "@/ui/Dialog";
import { Instant } from "@/ui/Instant";
import { Secret } from "@/ui/Secret";
import { useSession } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { AdminTabs } from "./AdminTabs";
import { PEOPLE } from "./UserForms";
import "../session/session.css";

export function KeysPage() {
  const found = useQuery(keys());
  const [making, setMaking] = useState(false);
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("admin.keys")}</h1>
        <div className="end">
          <button type="button" className="button main" onClick={() => setMaking(true)}>
            {text("admin.new_key")}
          </button>
        </div>
      </div>
      <AdminTabs />
      <section className="panel" aria-label={text("admin.keys")}>
        {found.isPending && <Skeleton rows={4} />}
        {found.error && <Trouble error={found.error} />}
        {found.data?.items.length === 0 && <Empty title={text("keys.none")} />}
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th>{text("admin.label")}</th>
                <th>{text("admin.role")}</th>
                <th>{text("admin.begins")}</th>
                <th>{text("keys.networks")}</th>
                <th>{text("admin.made")}</th>
                <th>{text("admin.used")}</th>
                <th>{text("admin.ends")}</th>
                <th>{text("partners.change")}</th>
              </tr>
            </thead>
            <tbody>
              {found.data?.items.map((key) => (
                <Row key={key.id} of={key} />
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {making && <NewKey close={() => setMaking(false)} />}
    </div>
  );
}

function Row({ of: key }: { of: ApiKey }) {
  const nameOf = useNames();
  const queries = useQueryClient();
  const [asking, setAsking] = useState<"revoke" | "rotate" | null>(null);
  const close = () => setAsking(null);
  const changed = () => queries.invalidateQueries({ queryKey: ["keys"] });
  const params = { path: { id: key.id } };
  const revoke = useMutation({
    mutationFn: () => ask(client.DELETE("/v1/keys/{id}", { params })),
    onSuccess: async () => {
      await changed();
      close();
    },
  });
  const rotate = useMutation({
    mutationFn: (overlap: string) =>
      ask(client.POST("/v1/keys/{id}/rotate", { params, body: { overlap } })),
    onSuccess: changed,
  });
  return (
    <tr>
      <td>{key.label}</td>
      <td>
        {word("role", key.role)}
        {key.partner && <span className="soft"> · {nameOf(key.partner)}</span>}
      </td>
      <td className="mono soft">{key.prefix}…</td>
      <td className="mono small">
        {key.networks.length > 0 ? key.networks.join(", ") : text("keys.everywhere")}
      </td>
      <td>
        <Instant at={key.created_at} />
      </td>
      <td>
        <Instant at={key.last_used_at} />
      </td>
      <td>
        {key.revoked_at ? (
          <Badge>{text("admin.revoked")}</Badge>
        ) : key.expires_at ? (
          <Instant at={key.expires_at} />
        ) : (
          <span className="soft">{text("keys.never")}</span>
        )}
      </td>
      <td>
        {!key.revoked_at && (
          <div className="row-actions">
            <button type="button" className="button" onClick={() => setAsking("rotate")}>
              {text("keys.rotate")}
            </button>
            <button type="button" className="button" onClick={() => setAsking("revoke")}>
              {text("admin.revoke")}
            </button>
          </div>
        )}
        {asking === "revoke" && (
          <Dialog title={text("admin.revoke")} close={close}>
            <div className="stack">
              <p>{text("keys.ask_revoke", { label: key.label })}</p>
              {revoke.error && <Trouble error={revoke.error} />}
              <div className="form-foot">
                <button type="button" className="button" onClick={close}>
                  {text("action.cancel")}
                </button>
                <button type="button" className="button main" onClick={() => revoke.mutate()}>
                  {text("admin.revoke")}
                </button>
              </div>
            </div>
          </Dialog>
        )}
        {asking === "rotate" &&
          (rotate.data?.key ? (
            <Secret title={key.label} secret={rotate.data.key} close={close} />
          ) : (
            <Rotate label={key.label} rotate={rotate.mutate} error={rotate.error} close={close} />
          ))}
      </td>
    </tr>
  );
}

/** How long both keys hold, as the API writes lengths. */
const OVERLAPS = ["0s", "1h", "24h", "7d"] as const;

function Rotate({
  label,
  rotate,
  error,
  close,
}: {
  label: string;
  rotate: (overlap: string) => void;
  error: unknown;
  close: () => void;
}) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    rotate(String(new FormData(event.currentTarget).get("overlap")));
  };
  return (
    <Dialog title={text("keys.rotate")} close={close}>
      <form onSubmit={submit}>
        <p>{text("keys.ask_rotate", { label })}</p>
        <label className="field">
          <span>{text("keys.overlap")}</span>
          <select className="input" name="overlap" defaultValue="24h">
            {OVERLAPS.map((each) => (
              <option key={each} value={each}>
                {text(`keys.overlap_${each}`)}
              </option>
            ))}
          </select>
        </label>
        {error !== null && <Trouble error={error} />}
        <div className="form-foot">
          <button type="submit" className="button main">
            {text("keys.rotate")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function NewKey({ close }: { close: () => void }) {
  const queries = useQueryClient();
  const session = useSession();
  const known = useQuery(partners());
  const [role, setRole] = useState<Role>("operations");
  const making = useMutation({
    mutationFn: (form: FormData) => {
      const ends = String(form.get("expires_on") ?? "");
      const networks = String(form.get("networks")).split(/[\s,]+/);
      return ask(
        client.POST("/v1/keys", {
          body: {
            label: String(form.get("label")),
            role,
            networks: networks.filter((network) => network !== ""),
            partner: role === "partner" ? String(form.get("partner")) : null,
            // The end of that day, where the reader is.
            expires_at: ends === "" ? null : new Date(`${ends}T23:59:59`).toISOString(),
          },
        }),
      );
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });
  if (making.data?.key)
    return <Secret title={making.data.label} secret={making.data.key} close={close} />;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    making.mutate(new FormData(event.currentTarget));
  };
  const beyond: Role[] = session.role === "operator" ? ["operator", "monitor"] : [];
  return (
    <Dialog title={text("admin.new_key")} close={close}>
      <form onSubmit={submit}>
        <label className="field">
          <span>{text("keys.label")}</span>
          <input className="input" name="label" required />
        </label>
        <label className="field">
          <span>{text("admin.role")}</span>
          <select
            className="input"
            value={role}
            onChange={(event) => setRole(event.target.value as Role)}
          >
            {[...beyond, ...PEOPLE].map((each) => (
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
        <label className="field">
          <span>{text("keys.networks_hint")}</span>
          <input className="input mono" name="networks" placeholder="192.0.2.0/24" />
        </label>
        <label className="field">
          <span>{text("keys.ends_hint")}</span>
          <input className="input" name="expires_on" type="date" />
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
