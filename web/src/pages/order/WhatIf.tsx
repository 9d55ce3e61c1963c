// The order under other rules: a pack's file is changed here, the server derives the order again, and
// what would be different stands beside what is. Nothing is written.
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ask, client } from "@/api/client";
import { useNames } from "@/api/names";
import { pack as packQuery, packs } from "@/api/queries";
import type { Order, PackRow, PackSource } from "@/api/types";
import { text } from "@/i18n";
import { ChangesTable, shownJson } from "@/ui/ChangesTable";
import { Skeleton, Trouble } from "@/ui/states";
import { changes } from "./changes";

/** Only what derives can differ here; how messages are read is another question. */
const DERIVING = /^(authority|calendars|journeys|rules|slas)\.ya?ml$/;

export function WhatIf({ order, asOf }: { order: Order; asOf: string | undefined }) {
  const known = useQuery(packs());
  const [name, setName] = useState<string | null>(null);
  const [version, setVersion] = useState("");
  if (known.isPending) return <Skeleton />;
  if (!known.data) return <Trouble error={known.error} />;
  const active = known.data.items.filter((row) => row.active_since);
  const chosen = name ?? active.find((row) => row.pack === "starter")?.pack ?? active[0]?.pack;
  return (
    <div className="panel-body stack">
      <p className="soft">{text("what_if.hint")}</p>
      <div className="filters">
        <label className="filters">
          <span>{text("packs.pack")}</span>
          <select
            className="input"
            value={chosen}
            onChange={(event) => {
              setName(event.target.value);
              setVersion("");
            }}
          >
            {active.map((row) => (
              <option key={row.pack}>{row.pack}</option>
            ))}
          </select>
        </label>
        {chosen && (
          <Versions
            pack={chosen}
            stored={known.data.items.filter((row) => row.pack === chosen)}
            value={version}
            set={setVersion}
          />
        )}
      </div>
      {chosen && version === "" && <Rules key={chosen} name={chosen} order={order} asOf={asOf} />}
      {chosen && version !== "" && (
        <Version
          key={`${chosen} ${version}`}
          source={sourceOf(chosen, version)}
          order={order}
          asOf={asOf}
        />
      )}
    </div>
  );
}

const DRAFT = "draft";

const sourceOf = (pack: string, version: string): PackSource =>
  version === DRAFT ? { draft: pack } : { pack, version };

/** The rules in force with a change, any version that is kept, or the reader's draft. */
function Versions({
  pack,
  stored,
  value,
  set,
}: {
  pack: string;
  stored: PackRow[];
  value: string;
  set: (version: string) => void;
}) {
  const drafts = useQuery(packQuery(pack)).data?.drafts ?? [];
  return (
    <label className="filters">
      <span>{text("what_if.rules")}</span>
      <select className="input" value={value} onChange={(event) => set(event.target.value)}>
        <option value="">{text("what_if.change")}</option>
        {drafts.some((draft) => draft.mine) && (
          <option value={DRAFT}>{text("packs.my_draft")}</option>
        )}
        {stored.map((row) => (
          <option key={row.version} value={row.version}>
            {row.version}
            {row.active_since ? ` (${text("packs.active")})` : ""}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The order as a version has it, beside this one. */
function Version({
  source,
  order,
  asOf,
}: {
  source: PackSource;
  order: Order;
  asOf: string | undefined;
}) {
  const derived = useQuery({
    queryKey: ["what-if", order.id, asOf ?? "now", source],
    queryFn: ({ signal }) =>
      ask(
        client.POST("/v1/orders/{id}/what-if", {
          params: { path: { id: order.id } },
          body: { as_of: asOf, packs: [source] },
          signal,
        }),
      ),
    gcTime: 0,
  });
  if (derived.isPending) return <Skeleton rows={4} />;
  if (!derived.data) return <Trouble error={derived.error} retry={() => derived.refetch()} />;
  return (
    <Outcome
      differences={derived.data.differences}
      more={derived.data.more}
      was={order}
      is={derived.data.state}
    />
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
  const inWords = changes(was, is, useNames(is.id));
  if (differences.length === 0)
    return (
      <p className="note good" role="status">
        {text("what_if.same")}
      </p>
    );
  return (
    <div role="status" className="stack">
      <p className="note warn">{text("what_if.differs", { count: differences.length })}</p>
      {inWords.length > 0 && <ChangesTable rows={inWords} />}
      <details open={inWords.length === 0}>
        <summary>{text("what_if.whole")}</summary>
        <ChangesTable
          mono
          rows={differences.map(({ path, was, is }) => ({
            what: path,
            was: shownJson(was),
            is: shownJson(is),
          }))}
        />
        {more && <p className="soft">{text("what_if.more")}</p>}
      </details>
    </div>
  );
}
