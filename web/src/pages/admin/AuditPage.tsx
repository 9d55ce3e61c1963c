// The record of acts: who did what to what, when, and how it came out. The address bar holds the filters;
// the files for export hold what they find.
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Fragment } from "react";
import { ask, client } from "@/api/client";
import { type NameOf, useNames } from "@/api/names";
import { acts } from "@/api/queries";
import type { Act } from "@/api/types";
import { text, word } from "@/i18n";
import { sentence } from "@/i18n/refused";
import { WORDS } from "@/i18n/words";
import { Badge, type Tone } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { useSession } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { AdminTabs } from "./AdminTabs";
import { type AuditSearch, auditFilter, auditSearch, exportAddress, placeOf } from "./audit";
import { detailsOf, whoOf } from "./told";

export function AuditPage() {
  const search = auditSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const set = (change: Partial<AuditSearch>) =>
    navigate({ to: "/admin/audit", search: auditSearch({ ...search, ...change }), replace: true });
  const filter = auditFilter(search);
  const found = useInfiniteQuery(acts(filter));
  const nameOf = useNames();
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("admin.audit")}</h1>
      </div>
      <AdminTabs />
      <Filters search={search} set={set} />
      <section className="panel" aria-label={text("admin.audit")}>
        <div className="panel-head">
          <h2>{text("admin.audit")}</h2>
          <Whole of={search.of} />
          <span className="end">
            <a className="button" href={exportAddress(filter, "csv")} download>
              {text("audit.csv")}
            </a>{" "}
            <a className="button" href={exportAddress(filter, "ndjson")} download>
              {text("audit.ndjson")}
            </a>
          </span>
        </div>
        {found.isPending && <Skeleton rows={10} />}
        {found.error && <Trouble error={found.error} retry={() => found.refetch()} />}
        {found.data && rows.length === 0 && <Empty title={text("audit.nothing")} />}
        {rows.length > 0 && (
          <div className="table-scroll">
            <table className="table">
              <thead>
                <tr>
                  <th>{text("audit.at")}</th>
                  <th>{text("audit.who")}</th>
                  <th>{text("audit.what")}</th>
                  <th>{text("audit.subject")}</th>
                  <th>{text("audit.outcome")}</th>
                  <th>{text("audit.detail")}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <Row key={row.seq ?? row.subject} row={row} nameOf={nameOf} set={set} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        {found.hasNextPage && (
          <p className="panel-body">
            <button type="button" className="button" onClick={() => found.fetchNextPage()}>
              {text("action.more")}
            </button>
          </p>
        )}
      </section>
    </div>
  );
}

const TONES: Record<string, [Tone, string]> = {
  done: ["good", "✓"],
  delivered: ["good", "✓"],
  pending: ["plain", "…"],
  dead: ["bad", "×"],
};

function Row({
  row,
  nameOf,
  set,
}: {
  row: Act;
  nameOf: NameOf;
  set: (change: Partial<AuditSearch>) => void;
}) {
  const [tone, mark] = TONES[row.outcome] ?? ["warn", "!"];
  const place = placeOf(row.subject_kind, row.subject);
  const who = whoOf(row);
  return (
    <tr>
      <td>
        <Instant at={row.at} />
      </td>
      <td>
        <button type="button" className="link-button" onClick={() => set({ who: row.who })}>
          {who.name}
        </button>
        <div className="soft small">
          {word("role", row.role)} ·{" "}
          <span className={who.id === row.who ? "mono" : undefined}>{who.id}</span>
        </div>
      </td>
      <td>
        <button
          type="button"
          className="link-button"
          onClick={() => set({ operation: row.operation })}
        >
          {word("operation", row.operation)}
        </button>
      </td>
      <td>
        {row.subject_kind && <span className="soft">{word("subject", row.subject_kind)} </span>}
        {place ? (
          <Link to={place} className="mono">
            {row.subject}
          </Link>
        ) : row.subject_kind === "partner" ? (
          <span title={row.subject}>{nameOf(row.subject)}</span>
        ) : (
          <span className="mono">{row.subject}</span>
        )}
      </td>
      <td>
        <Badge tone={tone} mark={mark}>
          {word("outcome", row.outcome)}
        </Badge>
      </td>
      <td className="soft small">
        {detailsOf(row.detail, nameOf).map(({ name, shown, key }, at) => (
          <Fragment key={name}>
            {at > 0 && "; "}
            {name}: <span title={key ?? undefined}>{shown}</span>
          </Fragment>
        ))}
      </td>
    </tr>
  );
}

const KINDS = ["act", "refusal", "delivery"] as const;
const SUBJECTS = Object.keys(WORDS.subject ?? {});
const OPERATIONS = Object.keys(WORDS.operation ?? {});

/** As the reader looks for them. */
const byWord = (operations: string[]) =>
  operations.toSorted((a, b) => word("operation", a).localeCompare(word("operation", b)));

function Filters({
  search,
  set,
}: {
  search: AuditSearch;
  set: (change: Partial<AuditSearch>) => void;
}) {
  const isOperator = useSession().role === "operator";
  const field = (name: "who" | "subject" | "from" | "until", type = "text") => (
    <label className="field">
      <span>{text(`audit.${name}`)}</span>
      <input
        className="input"
        type={type}
        // Drawn anew when the address says otherwise, so that it can be typed in without being one letter
        // behind.
        key={search[name]}
        defaultValue={search[name] ?? ""}
        onBlur={(event) => {
          if (event.target.value !== (search[name] ?? "")) set({ [name]: event.target.value });
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") set({ [name]: event.currentTarget.value });
        }}
      />
    </label>
  );
  const isNarrowed = Object.keys(search).length > 0;
  return (
    <div className="filters" role="search">
      <label className="field">
        <span>{text("audit.kind")}</span>
        <select
          className="input"
          value={search.kind ?? ""}
          onChange={(event) => set({ kind: event.target.value as AuditSearch["kind"] })}
        >
          <option value="">{text("audit.all")}</option>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {text(`audit.kind_${kind}`)}
            </option>
          ))}
        </select>
      </label>
      {field("who")}
      <label className="field">
        <span>{text("audit.operation")}</span>
        <select
          className="input"
          value={search.operation ?? ""}
          onChange={(event) => set({ operation: event.target.value })}
        >
          <option value="">{text("audit.all")}</option>
          {byWord(OPERATIONS).map((operation) => (
            <option key={operation} value={operation}>
              {word("operation", operation)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{text("audit.subject_kind")}</span>
        <select
          className="input"
          value={search.subject_kind ?? ""}
          onChange={(event) => set({ subject_kind: event.target.value })}
        >
          <option value="">{text("audit.all")}</option>
          {SUBJECTS.map((kind) => (
            <option key={kind} value={kind}>
              {word("subject", kind)}
            </option>
          ))}
        </select>
      </label>
      {field("subject")}
      {field("from", "date")}
      {field("until", "date")}
      {isOperator && (
        <label className="field">
          <span>{text("audit.of")}</span>
          <select
            className="input"
            value={search.of ?? ""}
            onChange={(event) => set({ of: event.target.value as AuditSearch["of"] })}
          >
            <option value="">{text("audit.of_tenant")}</option>
            <option value="operator">{text("audit.of_operator")}</option>
          </select>
        </label>
      )}
      {isNarrowed && (
        <Link to="/admin/audit" search={{}} className="button">
          {text("audit.clear")}
        </Link>
      )}
    </div>
  );
}

/** Whether every line follows from the one before it. */
function Whole({ of }: { of: AuditSearch["of"] }) {
  const looking = useMutation({
    mutationFn: () => ask(client.GET("/v1/audit/verify", { params: { query: { of } } })),
  });
  const found = looking.data;
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={looking.isPending}
        onClick={() => looking.mutate()}
      >
        {text("audit.verify")}
      </button>
      <span aria-live="polite">
        {looking.error && text("state.failed")}
        {found?.whole && (
          <Badge tone="good" mark="✓">
            {text("audit.whole", { count: found.lines })}
          </Badge>
        )}
        {found && !found.whole && (
          <>
            <Badge tone="bad" mark="×">
              {text("audit.not_whole")}
            </Badge>{" "}
            {sentence(found.wording)}
          </>
        )}
      </span>
      {found && (
        <span className="mono soft small audit-hash" title={`${found.lines}:${found.hash}`}>
          {found.lines}:{found.hash.slice(0, 16)}…
        </span>
      )}
    </>
  );
}
