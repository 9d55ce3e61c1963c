// From a partner to its orders and exceptions.
import { Link } from "@tanstack/react-router";
import { text } from "@/i18n";

export function PartnerLinks({ partner }: { partner: string }) {
  return (
    <span className="end filters small">
      <Link to="/orders" search={{ holder: partner, sort: "promised" }}>
        {text("partners.holds")}
      </Link>
      <Link to="/orders" search={{ holder: partner, late: true, sort: "late" }}>
        {text("partners.late")}
      </Link>
      <Link to="/exceptions" search={{ partner }}>
        {text("partners.liable")}
      </Link>
      <Link to="/handoffs" search={{ partner }}>
        {text("handoffs.title")}
      </Link>
    </span>
  );
}
