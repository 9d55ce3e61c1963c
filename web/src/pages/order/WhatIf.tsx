// The order under other rules: a pack's file is changed here, the server derives the order again, and
// what would be different stands beside what is. Nothing is written.
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ask, client } from "@/api/client";
import { pack as packQuery, packs } from "@/api/queries";
import type { Order } from "@/api/types";
import { text } from "@/i18n";
import { Skeleton, Trouble } from "@/ui/states";
import { changes } from "./changes";

/** Only what derives can differ here; how messages are read is another question. */
const DERIVING = /^(authority|calendars|journeys|rules|slas)\.ya?ml$/;

export function WhatIf({ order, asOf }: { order: Order; asOf: string | undefined }) {
  const known = useQuery(packs());
  const [name, setName] = useState<string | null>(null);
  if (known.isPending) return <Skeleton />;
  if (!known.data) return <Trouble error={known.error} />;
  const active = known.data.items.filter((row) => row.active_since);
  const chosen = name ?? active.find((row) => row.pack === "starter")?.pack ?? active[0]?.pack;
  return (
    <div className="panel-body stack">
      <p className="soft">{text("what_if.hint")}</p>
      <label className="field">
        <span>{text("packs.pack")}</span>
        <select className="input" value={chosen} onChange={(event) => setName(event.target.value)}>
          {active.map((row) => (
            <option key={row.pack}>{row.pack}</option>
          ))}
        </select>
      </label>
      {chosen && <Rules key={chosen} name={chosen} order={order} asOf={asOf} />}
    </div>
  );
}

function Rules({ name, order, asOf }: { name: string; order: Order; asOf: string | undefined }) {
  const found = useQuery(packQuery(name));
  const files = found.data?.files ?? {};
  const offered = Object.keys(files).filter((file) => DERIVING.test(file));
  const [file, setFile] = useState<string | null>(null);
  const shown = file ?? (offered.includes("slas.yaml") ? "slas.yaml" : offered[0]);
  const deriving = useMutation({
    mutationFn: (written: string) =>
      ask(
        client.POST("/v1/orders/{id}/what-if", {
          params: { path: { id: order.id } },
          body: { as_of: asOf, packs: [{ files: { ...files, [shown ?? ""]: written } }] },
        }),
      ),
  });
  if (found.isPending) return <Skeleton />;
  if (!found.data) return <Trouble error={found.error} />;
  if (!shown) return <p className="soft">{text("what_if.no_rules")}</p>;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    deriving.mutate(String(new FormData(event.currentTarget).get("rules")));
  };
  return (
    <form onSubmit={submit} className="form">
      <label className="field">
        <span>{text("what_if.file")}</span>
        <select className="input" value={shown} onChange={(event) => setFile(event.target.value)}>
          {offered.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <textarea
        key={shown}
        className="input mono tall"
        name="rules"
        aria-label={shown}
        spellCheck={false}
        defaultValue={String(files[shown])}
      />
      <div className="form-foot">
        <button type="submit" className="button main" disabled={deriving.isPending}>
          {text("what_if.derive")}
        </button>
      </div>
      {deriving.error && <Trouble error={deriving.error} />}
      {deriving.data && (
        <Outcome
          differences={deriving.data.differences}
          more={deriving.data.more}
          was={order}
          is={deriving.data.state}
        />
      )}
    </form>
  );
}

interface Difference {
  path: string;
  was?: unknown;
  is?: unknown;
}

const shownJson = (value: unknown) =>
  typeof value === "string" ? value : value == null ? "–" : JSON.stringify(value);

function Outcome({
  differences,
  more,
  was,
  is,
}: {
  differences: Difference[];
  more: boolean;
  was: Order;
  is: Order;
}) {
  const inWords = changes(was, is);
  if (differences.length === 0)
    return (
      <p className="note good" role="status">
        {text("what_if.same")}
      </p>
    );
  return (
    <div role="status" className="stack">
      <p className="note warn">{text("what_if.differs", { count: differences.length })}</p>
      {inWords.length > 0 && (
        <table className="table">
          <tbody>
            {inWords.map((change) => (
              <tr key={change.what}>
                <td>{change.what}</td>
                <td>{change.was}</td>
                <td>{change.is}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <details open={inWords.length === 0}>
        <summary>{text("what_if.whole")}</summary>
        <div className="table-scroll">
          <table className="table small">
            <thead>
              <tr>
                <th>{text("as_of.what")}</th>
                <th>{text("what_if.was")}</th>
                <th>{text("what_if.is")}</th>
              </tr>
            </thead>
            <tbody>
              {differences.map((difference) => (
                <tr key={difference.path}>
                  <td className="mono">{difference.path}</td>
                  <td className="mono wrap">{shownJson(difference.was)}</td>
                  <td className="mono wrap">{shownJson(difference.is)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {more && <p className="soft">{text("what_if.more")}</p>}
      </details>
    </div>
  );
}
