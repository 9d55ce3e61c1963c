// The files of a pack: to read, and to change with help from their schemas. The server checks them and
// its findings stand where they belong.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useMemo, useState } from "react";
import { ask, client, Refused } from "@/api/client";
import { packSchemas } from "@/api/queries";
import type { Draft, Pack } from "@/api/types";
import { text } from "@/i18n";
import { clockTime } from "@/i18n/format";
import { CodeEditor } from "@/ui/code/CodeEditor";
import { Dialog } from "@/ui/Dialog";
import { useMay } from "@/ui/session";
import { Trouble } from "@/ui/states";
import { AskDialog } from "./AskDialog";
import type { Draftable } from "./draft";
import { Findings } from "./Findings";
import { type Finding, findingParts, findingsOf } from "./findings";
import { offers } from "./offers";
import { SchemaHelp } from "./SchemaHelp";
import { type Schema, schemaName } from "./schema";
import { usePackWords } from "./words";

export function Editor({
  pack,
  draft,
  work,
}: {
  pack: Pack;
  draft: Draft | null;
  work: Draftable;
}) {
  const search = useSearch({ from: "/packs/$pack" });
  const navigate = useNavigate();
  const mayWrite = useMay("save_draft");
  // Another draft of the reader's would be written over.
  const readOnly = !mayWrite || (draft === null && pack.drafts.some((each) => each.mine));
  const names = Object.keys(work.files).sort();
  const first = names.includes("pack.yaml") ? "pack.yaml" : (names[0] ?? "");
  const file = search.file && names.includes(search.file) ? search.file : first;
  const go = (next: { file: string; line?: number }) => {
    const { line: _, ...kept } = search;
    void navigate({
      to: "/packs/$pack",
      params: { pack: pack.pack },
      search: { ...kept, ...next },
      replace: true,
      resetScroll: false,
    });
  };
  const [at, setAt] = useState<{ line: number; column: number } | undefined>(
    search.line ? { line: search.line, column: 1 } : undefined,
  );
  const [asking, setAsking] = useState(false);
  const [adding, setAdding] = useState(false);
  const checking = useMutation({
    mutationFn: () =>
      ask(
        client.POST("/v1/packs", {
          body: { packs: [work.source], check_only: true, move_orders: false },
        }),
      ),
  });
  const findings = findingsOf(checking.error);
  const open = (finding: Finding) => {
    setAt({ line: finding.line, column: finding.column });
    go({ file: finding.file });
  };
  const edit = (write: () => void) => {
    checking.reset();
    write();
  };
  const content = work.files[file];
  return (
    <div className="pack-layout">
      <div className="stack">
        <FileList
          names={names}
          file={file}
          changed={work.changed}
          findings={findings ?? []}
          choose={(name) => {
            setAt(undefined);
            go({ file: name });
          }}
        />
        {!readOnly && (
          <button type="button" className="button" onClick={() => setAdding(true)}>
            {text("packs.add_file")}
          </button>
        )}
      </div>
      <section className="panel" aria-label={file}>
        <div className="panel-head">
          <h2 className="mono">{file}</h2>
          {!readOnly && file !== "pack.yaml" && (
            <button
              type="button"
              className="button quiet"
              onClick={() => edit(() => work.remove(file))}
            >
              {text("packs.remove_file")}
            </button>
          )}
          <Kept work={work} />
          {mayWrite && (
            <span className="end filters">
              {draft && <Discard pack={pack} work={work} />}
              <button
                type="button"
                className="button"
                disabled={checking.isPending}
                onClick={() => checking.mutate()}
              >
                {text("packs.check")}
              </button>
              <button
                type="button"
                className="button main"
                disabled={work.changed.length === 0 && pack.active_since != null}
                onClick={() => setAsking(true)}
              >
                {text("packs.activate")}
              </button>
            </span>
          )}
        </div>
        {!readOnly && work.changed.length > 0 && !work.changed.includes("pack.yaml") && (
          <p className="note warn">{text("packs.raise_version")}</p>
        )}
        {work.error !== null && <Trouble error={work.error} />}
        {checking.data && (
          <p className="note good" role="status">
            {text("packs.sound", { active: checking.data.active })}
          </p>
        )}
        {findings && <Findings findings={findings} open={open} />}
        {checking.error && !findings && <Trouble error={checking.error} />}
        {typeof content === "string" ? (
          <OneFile
            key={`${file} ${readOnly}`}
            file={file}
            content={content}
            readOnly={readOnly}
            findings={findings ?? []}
            at={at}
            write={(written) => edit(() => work.write(file, written))}
          />
        ) : (
          <p className="panel-body soft">{text("packs.binary")}</p>
        )}
      </section>
      {asking && <AskDialog pack={pack} work={work} close={() => setAsking(false)} />}
      {adding && (
        <AddFile
          names={names}
          add={(name) => {
            work.write(name, "");
            setAdding(false);
            go({ file: name });
          }}
          close={() => setAdding(false)}
        />
      )}
    </div>
  );
}

function OneFile({
  file,
  content,
  readOnly,
  findings,
  at,
  write,
}: {
  file: string;
  content: string;
  readOnly: boolean;
  findings: Finding[];
  at: { line: number; column: number } | undefined;
  write: (content: string) => void;
}) {
  const schemas = useQuery(packSchemas());
  const words = usePackWords();
  const name = schemaName(file);
  const schema = schemas.data?.items.find((each) => each.name === name)?.schema as
    | Schema
    | undefined;
  const [cursor, setCursor] = useState({ text: content, offset: 0 });
  const marks = useMemo(
    () =>
      findings
        .filter((finding) => finding.file === file)
        .map(({ line, column, ...rest }) => ({
          line,
          column,
          message: findingParts(rest, words),
        })),
    [findings, file, words],
  );
  return (
    <>
      <CodeEditor
        label={file}
        text={content}
        yaml={file.endsWith(".yaml")}
        readOnly={readOnly}
        marks={marks}
        at={at}
        changed={write}
        moved={(text, offset) => setCursor({ text, offset })}
        offer={(written, offset) => (schema ? offers(schema, written, offset, words) : null)}
      />
      {schema && <SchemaHelp schema={schema} {...cursor} />}
    </>
  );
}

function FileList({
  names,
  file,
  changed,
  findings,
  choose,
}: {
  names: string[];
  file: string;
  changed: string[];
  findings: Finding[];
  choose: (name: string) => void;
}) {
  return (
    <ul className="panel plain-list pack-files" aria-label={text("packs.files")}>
      {names.map((name) => {
        const faults = findings.filter((finding) => finding.file === name).length;
        return (
          <li key={name}>
            <button
              type="button"
              className={name === file ? "pack-file active" : "pack-file"}
              aria-pressed={name === file}
              onClick={() => choose(name)}
            >
              {name}
              {changed.includes(name) && <span title={text("packs.changed")}> ●</span>}
              {faults > 0 && (
                <span className="bad-text" title={text("packs.faults", { count: faults })}>
                  {" "}
                  ✕{faults}
                </span>
              )}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** Whether what is written is kept. */
function Kept({ work }: { work: Draftable }) {
  if (work.keeping === "none") return null;
  const said =
    work.keeping === "saved" && work.savedAt
      ? text("packs.saved", { at: clockTime(work.savedAt) })
      : text("packs.saving");
  return (
    <span className="soft small" role="status">
      {said}
    </span>
  );
}

function Discard({ pack, work }: { pack: Pack; work: Draftable }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const discarding = useMutation({
    mutationFn: async () => {
      await work.flush().catch(() => {});
      return ask(
        client.DELETE("/v1/packs/{pack}/draft", { params: { path: { pack: pack.pack } } }),
      );
    },
    onSuccess: async () => {
      if (pack.versions.length === 0) await navigate({ to: "/packs" });
      else
        await navigate({
          to: "/packs/$pack",
          params: { pack: pack.pack },
          search: { version: pack.version },
        });
      queries.removeQueries({ queryKey: ["draft"] });
      await queries.invalidateQueries({ queryKey: ["pack-drafts"] });
      await queries.invalidateQueries({ queryKey: ["pack"] });
    },
  });
  return (
    <>
      {discarding.error instanceof Refused && <Trouble error={discarding.error} />}
      <button
        type="button"
        className="button quiet"
        disabled={discarding.isPending}
        onClick={() => discarding.mutate()}
      >
        {text("packs.discard_draft")}
      </button>
    </>
  );
}

function AddFile({
  names,
  add,
  close,
}: {
  names: string[];
  add: (name: string) => void;
  close: () => void;
}) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    if (name !== "" && !names.includes(name)) add(name);
  };
  return (
    <Dialog title={text("packs.add_file")} close={close}>
      <form className="form" onSubmit={submit}>
        <label className="field">
          <span>{text("packs.file_name")}</span>
          <input
            className="input mono"
            name="name"
            required
            pattern="[\w./\-]+"
            placeholder="fixtures/delivered/input.json"
          />
        </label>
        <div className="form-foot">
          <button type="submit" className="button main">
            {text("packs.add_file")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
