// An address that no page has.
import { Link } from "@tanstack/react-router";
import { text } from "@/i18n";
import { Empty } from "@/ui/states";

export function NothingHere() {
  return (
    <div className="page">
      <section className="panel">
        <Empty title={text("nothing.title")}>
          <Link to="/">{text("nothing.home")}</Link>
        </Empty>
      </section>
    </div>
  );
}
