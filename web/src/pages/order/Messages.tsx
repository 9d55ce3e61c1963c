// The messages that say anything about the order, each with how much it says.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { timeline } from "@/api/queries";
import { text, word } from "@/i18n";
import { Instant } from "@/ui/Instant";
import { Empty, Skeleton, Trouble } from "@/ui/states";

export function Messages({ id, asOf }: { id: string; asOf: string | undefined }) {
  const found = useInfiniteQuery(timeline(id));
  if (found.isPending) return <Skeleton rows={5} />;
  if (found.error) return <Trouble error={found.error} />;
  const messages = new Map<string, { source: string; received_at: string; facts: number }>();
  for (const fact of found.data.pages.flatMap((page) => page.items)) {
    if (!fact.message || (asOf !== undefined && fact.recorded_at > asOf)) continue;
    const { source, received_at } = fact;
    const known = messages.get(fact.message) ?? { source, received_at, facts: 0 };
    messages.set(fact.message, { ...known, facts: known.facts + 1 });
  }
  const rows = [...messages].sort(([, a], [, b]) => b.received_at.localeCompare(a.received_at));
  if (rows.length === 0) return <Empty title={text("intake.no_messages")} />;
  return (
    <div className="table-scroll">
      <table className="table">
        <tbody>
          {rows.map(([message, { source, received_at, facts }]) => (
            <tr key={message}>
              <td>
                <Instant at={received_at} />
              </td>
              <td>{word("own_source", source)}</td>
              <td className="soft">{text("intake.facts", { count: facts })}</td>
              <td className="mono">
                <Link to="/intake/messages/$id" params={{ id: message }}>
                  {message}
                </Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
