// The parts of the partners' pages: their feeds, and how the orders went that they took part in.
import { Link } from "@tanstack/react-router";
import { text } from "@/i18n";
import { useMay } from "@/ui/session";

export function PartnersTabs() {
  const mayScore = useMay("show_scorecards");
  return (
    <nav className="tabs" aria-label={text("partners.title")}>
      <Link
        to="/partners"
        className="tab"
        activeOptions={{ exact: true }}
        activeProps={{ className: "active" }}
      >
        {text("partners.feeds")}
      </Link>
      {mayScore && (
        <Link to="/partners/scorecards" className="tab" activeProps={{ className: "active" }}>
          {text("scorecards.title")}
        </Link>
      )}
    </nav>
  );
}
