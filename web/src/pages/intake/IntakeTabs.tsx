// The parts of the intake: what came, what could not be read, and sending by hand.
import { Link } from "@tanstack/react-router";
import { text } from "@/i18n";
import { useMay } from "@/ui/session";

export function IntakeTabs() {
  const maySend = useMay("send_message");
  const maySeeUnmatched = useMay("list_unmatched");
  return (
    <>
      <div className="page-head">
        <h1>{text("intake.title")}</h1>
      </div>
      <nav className="tabs" aria-label={text("intake.title")}>
        <Link
          to="/intake"
          className="tab"
          activeOptions={{ exact: true }}
          activeProps={{ className: "active" }}
        >
          {text("intake.messages")}
        </Link>
        <Link to="/intake/quarantine" className="tab" activeProps={{ className: "active" }}>
          {text("intake.quarantine")}
        </Link>
        {maySeeUnmatched && (
          <Link to="/intake/unmatched" className="tab" activeProps={{ className: "active" }}>
            {text("unmatched.title")}
          </Link>
        )}
        {maySend && (
          <Link to="/intake/send" className="tab" activeProps={{ className: "active" }}>
            {text("intake.send")}
          </Link>
        )}
      </nav>
    </>
  );
}
