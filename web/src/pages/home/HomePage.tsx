// What needs whoever looks, by role: each role has its sections, and each section is a list that the
// reader can open whole.
import { useQuery } from "@tanstack/react-query";
import { caller } from "@/api/queries";
import type { Role } from "@/api/types";
import { text } from "@/i18n";
import { Instant } from "@/ui/Instant";
import { useSession } from "@/ui/session";
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

export function HomePage() {
  const session = useSession();
  const may = (section: Section) => session.may.has(OPERATIONS[section]);
  const sections = (SECTIONS[session.role] ?? OTHERWISE).filter(may);
  const now = useQuery(caller()).data?.now ?? null;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("home.title", { tenant: session.tenant.name })}</h1>
        {now && (
          <span className="soft end">
            <Instant at={now} />
          </span>
        )}
      </div>
      {may("counts") && <Counts />}
      <div className="columns flowing">
        {sections.map((section) => (
          <SectionPanel key={section} section={section} now={now} partner={session.partner} />
        ))}
      </div>
    </div>
  );
}

function SectionPanel({
  section,
  now,
  partner,
}: {
  section: Section;
  now: string | null;
  partner: string | null;
}) {
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
      return <Today />;
    case "news":
      return <News />;
    case "cards":
      return <Cards now={now} />;
    case "disputes":
      return <Handoffs state="disputed" />;
    case "awaited":
      return <Handoffs state="open" />;
    case "feeds":
      return <Feeds now={now} />;
    case "needs":
      return <Needs now={now} title={text("home.needs")} />;
    case "money":
      return <Needs now={now} money title={text("home.money")} />;
    case "at_risk":
      return (
        <Orders
          title={text("home.at_risk")}
          filter={{ late: true, phase: UNDER_WAY, sort: "promised" }}
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
