// Messages as they come, newest first.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { messages, sources } from "@/api/queries";
import { text, word } from "@/i18n";
import { bytes } from "@/i18n/format";
import { WORDS } from "@/i18n/words";
import { Instant } from "@/ui/Instant";
import { Listed } from "@/ui/Listed";
import { IntakeTabs } from "./IntakeTabs";
import { intakeSearch } from "./search";

export function MessagesPage() {
  const search = intakeSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const found = useInfiniteQuery(messages({ source: search.source }));
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page">
      <IntakeTabs />
      <div className="filters">
        <SourceChoice
          value={search.source}
          set={(source) => navigate({ to: "/intake", search: { source }, replace: true })}
        />
      </div>
      <Listed list={found} count={rows.length} none={text("intake.no_messages")}>
        <thead>
          <tr>
            <th>{text("intake.received")}</th>
            <th>{text("intake.source")}</th>
            <th>{text("intake.type")}</th>
            <th className="num">{text("intake.size")}</th>
            <th className="num">{text("intake.repeats")}</th>
            <th>{text("intake.message")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>
                <Instant at={row.received_at} />
              </td>
              <td>{word("own_source", row.source)}</td>
              <td className="soft">{row.content_type}</td>
              <td className="num">{bytes(row.size_bytes)}</td>
              <td className="num">{row.repeats || <span className="soft">–</span>}</td>
              <td className="mono">
                <Link to="/intake/messages/$id" params={{ id: row.id }}>
                  {row.id}
                </Link>
              </td>
            </tr>
          ))}
        </tbody>
      </Listed>
    </div>
  );
}

export function SourceChoice({
  value,
  set,
  none = text("intake.any_source"),
}: {
  value: string | undefined;
  set: (source: string | undefined) => void;
  /** What stands for no source. */
  none?: string;
}) {
  const known = useQuery(sources());
  return (
    <select
      className="input"
      aria-label={text("intake.source")}
      value={value ?? ""}
      onChange={(event) => set(event.target.value || undefined)}
    >
      <option value="">{none}</option>
      {known.data?.items.map(({ source, name }) => (
        <option key={source} value={source}>
          {WORDS.own_source?.[source] ? word("own_source", source) : name}
        </option>
      ))}
    </select>
  );
}
