// What is promised for today, what is at risk of it, and what changed since the reader last looked.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ask, client } from "@/api/client";
import { type NameOf, useNames } from "@/api/names";
import { caller, home } from "@/api/queries";
import type { News as NewsOf } from "@/api/types";
import { text, word } from "@/i18n";
import { count, dateTime, minutes } from "@/i18n/format";
import { SeverityBadge } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { useMay } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { OrderLines } from "./Lists";
import { Panel } from "./Panel";

const DAY_MS = 24 * 3_600_000;

/** The reader's day that an instant is in. */
function dayOf(now: string): { from: string; until: string } {
  const from = new Date(now);
  from.setHours(0, 0, 0, 0);
  const until = new Date(from.getTime() + DAY_MS + DAY_MS / 4);
  until.setHours(0, 0, 0, 0);
  return { from: from.toISOString(), until: until.toISOString() };
}

function useHome(whose: { my_customers?: boolean }) {
  const now = useQuery(caller()).data?.now ?? null;
  const day = now === null ? null : dayOf(now);
  return useQuery({ ...home({ ...day, ...whose }), enabled: day !== null });
}

export function Today({ whose }: { whose: { my_customers?: boolean } }) {
  const found = useHome(whose);
  const now = found.data?.now;
  const day = now && dayOf(now).from.slice(0, 10);
  const more = day && (
    <Link to="/orders" search={{ ...whose, promised_from: localDay(now), sort: "promised" }}>
      {text("home.all")}
    </Link>
  );
  return (
    <Panel title={text("home.today")} more={more}>
      {found.isPending && <Skeleton rows={4} />}
      {found.error && <Trouble error={found.error} />}
      {found.data && (
        <>
          <p className="panel-body soft">
            {text("home.today_counts", {
              promised: `${count(found.data.today.promised)}${found.data.today.cut ? "+" : ""}`,
              done: count(found.data.today.done),
              risk: count(found.data.today.at_risk),
            })}
          </p>
          {found.data.today.orders.length === 0 && <Empty title={text("home.nothing_at_risk")} />}
          <OrderLines rows={found.data.today.orders} />
        </>
      )}
    </Panel>
  );
}

/** The reader's calendar day, as the address bar has it. */
function localDay(at: string): string {
  const day = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** Asked for with today's, so that both are one answer. */
export function News({ whose }: { whose: { my_customers?: boolean } }) {
  const found = useHome(whose);
  const queries = useQueryClient();
  const mayLook = useMay("note_look");
  const looking = useMutation({
    mutationFn: (change: number) => ask(client.POST("/v1/home/look", { body: { change } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["home"] }),
  });
  const news = found.data?.news;
  const more = news && mayLook && (
    <button
      type="button"
      className="button"
      disabled={looking.isPending}
      onClick={() => looking.mutate(news.latest)}
    >
      {text("home.looked")}
    </button>
  );
  return (
    <Panel title={text("home.news")} more={more}>
      {found.isPending && <Skeleton rows={4} />}
      {found.error && <Trouble error={found.error} />}
      {looking.error && <Trouble error={looking.error} />}
      {news && (
        <>
          <p className="panel-body soft">
            {news.since
              ? text("home.news_since", { at: dateTime(news.since) })
              : text("home.news_first")}{" "}
            {text("home.news_counts", {
              made: count(news.orders_new),
              changed: count(news.orders_changed),
              opened: count(news.exceptions_opened),
              closed: count(news.exceptions_closed),
            })}{" "}
            {news.cut && text("home.news_cut")}
          </p>
          {news.items.length === 0 && <Empty title={text("home.no_news")} />}
          <ul className="plain-list">
            {news.items.slice(0, 10).map((item) => (
              <Line key={item.id} item={item} />
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

function Line({ item }: { item: NewsOf["items"][number] }) {
  const nameOf = useNames();
  return (
    <li className="home-row news">
      {item.kind === "order" ? (
        <Link to="/orders/$id" params={{ id: item.id }}>
          {item.number}
        </Link>
      ) : (
        <SeverityBadge severity={item.severity ?? 0} />
      )}
      <span className="home-what">
        {item.kind === "exception" ? (
          <>
            <Link to="/exceptions" search={{ at: item.id, state: item.state ?? undefined }}>
              {word("exception", item.code ?? "")}
            </Link>{" "}
            <span className="soft">{word("became", item.state ?? "")}</span>
          </>
        ) : item.is_new ? (
          text("home.news_order")
        ) : (
          shifts(item.changed, nameOf).join(" · ")
        )}
      </span>
      <span className="num soft">
        <Instant at={item.at} />
      </span>
    </li>
  );
}

type Shifts = NewsOf["items"][number]["changed"];

/** What is different of an order, in words; what means nothing to a reader is left out. */
function shifts(changed: Shifts, nameOf: NameOf): string[] {
  const said: string[] = [];
  const of = (field: string) => {
    const shift = changed[field];
    return shift && JSON.stringify(shift.was) !== JSON.stringify(shift.is) ? shift : undefined;
  };
  const phase = of("state");
  if (phase) said.push(`${word("phase", String(phase.was))} → ${word("phase", String(phase.is))}`);
  const promised = of("promised_at");
  if (promised)
    said.push(
      text("home.shift_promised", {
        was: promised.was ? dateTime(String(promised.was)) : "–",
        is: promised.is ? dateTime(String(promised.is)) : "–",
      }),
    );
  const late = of("late_minutes");
  if (late)
    said.push(
      Number(late.is) > 0
        ? text("home.shift_late", { length: minutes(Number(late.is)) })
        : text("home.shift_on_time"),
    );
  const holder = of("holder");
  if (holder?.is) said.push(text("home.shift_holder", { partner: nameOf(String(holder.is)) }));
  const position = of("position");
  if (position?.is && said.length === 0) said.push(word("milestone", String(position.is)));
  const progress = of("progress");
  if (progress?.is && said.length === 0) said.push(word("milestone", String(progress.is)));
  return said.length > 0 ? said : [text("home.shift_other")];
}
