// What needs whoever looks, by role: each role has its sections, and each section is a list that the
// reader can open whole.
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { caller, overview } from "@/api/queries";
import type { Role } from "@/api/types";
import { text } from "@/i18n";
import { Instant } from "@/ui/Instant";
import { useSession } from "@/ui/session";
import { MyCustomers, useMyCustomers } from "../customers/MyCustomers";
import { Ages, Codes, Counts, Exposure } from "./Figures";
import { Needs, Orders } from "./Lists";
import { Cards, Feeds, Handoffs } from "./Partners";
import { News, Today } from "./Today";
import "./home.css";

/** Sections, and the operation without which each is of no use. */
const OPERATIONS = {
  needs: "list_exceptions",
  money: "list_exceptions",
  exposure: "overview",
  at_risk: "list_orders",
  today: "show_home",
  news: "show_home",
  counts: "overview",
  codes: "overview",
  ages: "overview",
  cards: "show_scorecards",
  disputes: "list_handoffs",
  awaited: "list_handoffs",
  feeds: "list_sources",
  mine: "list_orders",
  mine_late: "list_orders",
};

type Section = keyof typeof OPERATIONS;

const SECTIONS: Partial<Record<Role, Section[]>> = {
  finance: ["money", "exposure", "today", "news"],
  customer_success: ["at_risk", "today", "news", "needs"],
  partner_manager: ["disputes", "news", "cards", "codes"],
  executive: ["ages", "exposure", "cards", "at_risk", "news"],
  partner: ["awaited", "mine", "today", "feeds", "disputes", "mine_late", "news", "cards"],
};
const OTHERWISE: Section[] = ["needs", "today", "news", "at_risk", "codes"];

const UNDER_WAY = "placed,confirmed,partly_shipped,shipped,partly_delivered";

/** What of the first page stands in the address bar. */
export const homeSearch = (given: Record<string, unknown>): { customers?: "all" } =>
  given.customers === "all" ? { customers: "all" } : {};

export function HomePage() {
  const session = useSession();
  const may = (section: Section) => session.may.has(OPERATIONS[section]);
  const sections = (SECTIONS[session.role] ?? OTHERWISE).filter(may);
  const now = useNow(may("counts"));
  const navigate = useNavigate();
  const { chosen, isKnown } = useMyCustomers();
  // Whoever has chosen customers begins with theirs, and may look at all.
  const all = homeSearch(useSearch({ strict: false })).customers === "all";
  const mine = chosen.length > 0 && !all;
  const ready = isKnown || session.role !== "customer_success";
  const asks = session.role === "customer_success" || chosen.length > 0;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("home.title", { tenant: session.tenant.name })}</h1>
        <span className="end filters">
          {asks && (
            <MyCustomers
              on={mine}
              set={(on) => navigate({ to: "/", search: on ? {} : { customers: "all" } })}
            />
          )}
          {now && (
            <span className="soft">
              <Instant at={now} />
            </span>
          )}
        </span>
      </div>
      {may("counts") && <Counts mine={mine} />}
      <div className="columns flowing">
        {(ready ? sections : []).map((section) => (
          <SectionPanel
            key={section}
            section={section}
            now={now}
            partner={session.partner}
            mine={mine}
          />
        ))}
      </div>
    </div>
  );
}

/** The tenant's present: counts are fetched anew as the world goes on, and say when they were made. */
function useNow(hasCounts: boolean): string | null {
  const came = useQuery(caller()).data?.now ?? null;
  const counted = useQuery({ ...overview(), enabled: hasCounts }).data?.now;
  return came !== null && counted !== undefined && counted > came ? counted : came;
}

function SectionPanel({
  section,
  now,
  partner,
  mine,
}: {
  section: Section;
  now: string | null;
  partner: string | null;
  /** Whether it is about the reader's own customers. */
  mine: boolean;
}) {
  const whose = mine ? { my_customers: true } : {};
  switch (section) {
    case "counts":
      return null;
    case "codes":
      return <Codes />;
    case "ages":
      return <Ages />;
    case "exposure":
      return <Exposure />;
    case "today":
      return <Today whose={whose} />;
    case "news":
      return <News whose={whose} />;
    case "cards":
      return <Cards now={now} />;
    case "disputes":
      return <Handoffs state="disputed" />;
    case "awaited":
      return <Handoffs state="open" />;
    case "feeds":
      return <Feeds now={now} />;
    case "needs":
      return <Needs now={now} whose={whose} title={text("home.needs")} />;
    case "money":
      return <Needs now={now} whose={{ ...whose, money: true }} title={text("home.money")} />;
    case "at_risk":
      return (
        <Orders
          title={text("home.at_risk")}
          filter={{ ...whose, late: true, phase: UNDER_WAY, sort: "promised" }}
        />
      );
    case "mine":
      return (
        <Orders
          title={text("home.mine")}
          filter={{ holder: partner ?? undefined, sort: "promised" }}
        />
      );
    case "mine_late":
      return <Orders title={text("home.mine_late")} filter={{ late: true, sort: "late" }} />;
  }
}
