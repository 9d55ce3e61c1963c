// What could not be read, newest first; read again in bulk once a pack was mended.
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ask, client } from "@/api/client";
import { quarantine } from "@/api/queries";
import { text, word } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { Listed } from "@/ui/Listed";
import { Parts } from "@/ui/Parts";
import { useMay } from "@/ui/session";
import { Trouble } from "@/ui/states";
import { faultParts, partText } from "./faults";
import { IntakeTabs } from "./IntakeTabs";
import { SourceChoice } from "./MessagesPage";
import { type IntakeSearch, intakeSearch } from "./search";

const STATES = ["open", "reread", "discarded", "all"] as const;

export function QuarantinePage() {
  const search = intakeSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const set = (change: Partial<IntakeSearch>) =>
    navigate({ to: "/intake/quarantine", search: { ...search, ...change }, replace: true });
  const found = useInfiniteQuery(quarantine({ source: search.source, state: search.state }));
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page">
      <IntakeTabs />
      <div className="filters">
        <SourceChoice value={search.source} set={(source) => set({ source })} />
        <select
          className="input"
          aria-label={text("quarantine.state")}
          value={search.state ?? "open"}
          onChange={(event) => set({ state: event.target.value as IntakeSearch["state"] })}
        >
          {STATES.map((state) => (
            <option key={state} value={state}>
              {word("quarantine_state", state)}
            </option>
          ))}
        </select>
        <RereadAll source={search.source} />
      </div>
      <Listed list={found} count={rows.length} none={text("quarantine.none")}>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>
                <Instant at={row.opened_at} />
              </td>
              <td>{word("own_source", row.source)}</td>
              <td>
                <Link to="/intake/quarantine/$id" params={{ id: row.id }}>
                  {partText(row.part)}
                </Link>
                <div className="soft small">
                  <Parts of={faultParts(row.code, row.error)} />
                </div>
              </td>
              <td>
                <Badge>{word("quarantine_state", row.state)}</Badge>
              </td>
            </tr>
          ))}
        </tbody>
      </Listed>
    </div>
  );
}

function RereadAll({ source }: { source: string | undefined }) {
  const queries = useQueryClient();
  const reading = useMutation({
    mutationFn: () => ask(client.POST("/v1/quarantine/reread", { body: { source } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["quarantine"] }),
  });
  if (!useMay("reread_many")) return null;
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={reading.isPending}
        onClick={() => reading.mutate()}
      >
        {text("quarantine.reread_all")}
      </button>
      {reading.data && (
        <span role="status">
          {text("quarantine.reread_done", {
            messages: reading.data.messages,
            facts: reading.data.facts,
            faults: reading.data.faults,
          })}
        </span>
      )}
      {reading.error && <Trouble error={reading.error} />}
    </>
  );
}
