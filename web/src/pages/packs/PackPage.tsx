// A version of a pack: its files to read and to change, checked by the server and activated as one.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { ask, client, Refused } from "@/api/client";
import { pack as packQuery } from "@/api/queries";
import type { Pack } from "@/api/types";
import { text } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { useMay } from "@/ui/session";
import { Skeleton, Trouble } from "@/ui/states";
import { changedLines } from "./changed";
import "./packs.css";

type Files = Pack["files"];

export function PackPage() {
  const { pack: name } = useParams({ from: "/packs/$pack" });
  const { version } = useSearch({ from: "/packs/$pack" });
  const navigate = useNavigate();
  const found = useQuery(packQuery(name, version));
  const [activated, setActivated] = useState<string | null>(null);
  if (found.isPending) return <Skeleton rows={8} />;
  if (!found.data) return <Trouble error={found.error} retry={() => found.refetch()} />;
  const pack = found.data;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{pack.pack}</h1>
        <select
          className="input"
          aria-label={text("packs.version")}
          value={pack.version}
          onChange={(event) =>
            navigate({
              to: "/packs/$pack",
              params: { pack: name },
              search: { version: event.target.value },
            })
          }
        >
          {pack.versions.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        {pack.active_since ? (
          <Badge tone="good" mark="✓">
            {text("packs.active")}
          </Badge>
        ) : (
          <Badge>{text("packs.kept")}</Badge>
        )}
        <span className="soft">
          <Instant at={pack.active_since ?? pack.stored_at} />
        </span>
      </div>
      {activated && (
        <p className="note good" role="status">
          {text("packs.activated", { active: activated })}
        </p>
      )}
      <Editor key={`${pack.pack} ${pack.version}`} pack={pack} activated={setActivated} />
    </div>
  );
}

function Editor({
  pack,
  activated,
}: {
  pack: Pack;
  /** Told what is in force; the version that is shown may be another one then. */
  activated: (active: string) => void;
}) {
  const mayActivate = useMay("activate_packs");
  const queries = useQueryClient();
  const names = Object.keys(pack.files).sort();
  const [file, setFile] = useState(names.includes("pack.yaml") ? "pack.yaml" : (names[0] ?? ""));
  const [files, setFiles] = useState<Files>(pack.files);
  const changed = names.filter((name) => files[name] !== pack.files[name]);
  const sent = changed.length > 0 ? { files } : { pack: pack.pack, version: pack.version };
  const sending = useMutation({
    mutationFn: ({ check_only, move_orders }: { check_only: boolean; move_orders: boolean }) =>
      ask(client.POST("/v1/packs", { body: { packs: [sent], check_only, move_orders } })),
    onSuccess: (answer) => {
      if (!answer.activated) return;
      activated(answer.active);
      for (const name of ["packs", "pack"]) void queries.invalidateQueries({ queryKey: [name] });
    },
  });
  const content = files[file];
  const edit = (written: string) => {
    sending.reset();
    setFiles({ ...files, [file]: written });
  };
  return (
    <div className="pack-layout">
      <ul className="panel plain-list pack-files" aria-label={text("packs.files")}>
        {names.map((name) => (
          <li key={name}>
            <button
              type="button"
              className={name === file ? "pack-file active" : "pack-file"}
              aria-pressed={name === file}
              onClick={() => setFile(name)}
            >
              {name}
              {changed.includes(name) && <span title={text("packs.changed")}> ●</span>}
            </button>
          </li>
        ))}
      </ul>
      <section className="panel" aria-label={file}>
        <div className="panel-head">
          <h2 className="mono">{file}</h2>
          {mayActivate && (
            <span className="end filters">
              <button
                type="button"
                className="button"
                disabled={sending.isPending}
                onClick={() => sending.mutate({ check_only: true, move_orders: false })}
              >
                {text("packs.check")}
              </button>
              <button
                type="button"
                className="button main"
                disabled={sending.isPending || (changed.length === 0 && pack.active_since != null)}
                onClick={() => sending.mutate({ check_only: false, move_orders: false })}
              >
                {text("packs.activate")}
              </button>
            </span>
          )}
        </div>
        {mayActivate && changed.length > 0 && !changed.includes("pack.yaml") && (
          <p className="note warn">{text("packs.raise_version")}</p>
        )}
        {sending.data && !sending.data.activated && (
          <p className="note good" role="status">
            {text("packs.sound", { active: sending.data.active })}
          </p>
        )}
        {sending.error && <Findings error={sending.error} />}
        {typeof content === "string" ? (
          <textarea
            className="pack-text mono"
            aria-label={file}
            readOnly={!mayActivate}
            spellCheck={false}
            value={content}
            onChange={(event) => edit(event.target.value)}
          />
        ) : (
          <p className="panel-body soft">{text("packs.binary")}</p>
        )}
        {changed.length > 0 && <Difference was={pack.files} is={files} names={changed} />}
      </section>
    </div>
  );
}

/** What the check found, a line each with file, line and column. */
function Findings({ error }: { error: unknown }) {
  if (!(error instanceof Refused)) return <Trouble error={error} />;
  const { findings } = error.problem;
  if (!Array.isArray(findings)) return <Trouble error={error} />;
  return (
    <div className="note bad" role="alert">
      <strong>{error.problem.title}</strong>
      <ul className="plain-list mono small">
        {(findings as Finding[]).map((finding) => (
          <li key={JSON.stringify(finding)}>{findingText(finding)}</li>
        ))}
      </ul>
    </div>
  );
}

interface Finding {
  file: string;
  line: number;
  column: number;
  found: string;
  expected: string;
  nearest: string | null;
}

function findingText(finding: Finding): string {
  const { file, line, column, found, expected, nearest } = finding;
  const what = text("packs.finding", { found, expected });
  const near = nearest === null ? "" : ` ${text("packs.nearest", { nearest })}`;
  return `${file}:${line}:${column}: ${what}${near}`;
}

function Difference({ was, is, names }: { was: Files; is: Files; names: string[] }) {
  return (
    <details className="panel-body">
      <summary>{text("packs.difference", { count: names.length })}</summary>
      {names.map((name) => (
        <pre key={name} className="raw">
          {name}
          {"\n"}
          {changedLines(String(was[name]), String(is[name])).map((line) => (
            <span
              key={`${line.sign}${line.at}`}
              className={line.sign === "+" ? "good-text" : "bad-text"}
            >
              {line.sign} {line.text}
              {"\n"}
            </span>
          ))}
        </pre>
      ))}
    </details>
  );
}
