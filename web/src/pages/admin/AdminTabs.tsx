// The parts of the administration: the system, the people, the keys.
import { Link } from "@tanstack/react-router";
import { text } from "@/i18n";
import { useMay } from "@/ui/session";

export function AdminTabs() {
  const [mayUsers, mayKeys] = [useMay("list_users"), useMay("list_keys")];
  return (
    <nav className="tabs" aria-label={text("admin.title")}>
      <Link
        to="/admin"
        className="tab"
        activeOptions={{ exact: true }}
        activeProps={{ className: "active" }}
      >
        {text("admin.system")}
      </Link>
      {mayUsers && (
        <Link to="/admin/users" className="tab" activeProps={{ className: "active" }}>
          {text("users.title")}
        </Link>
      )}
      {mayKeys && (
        <Link to="/admin/keys" className="tab" activeProps={{ className: "active" }}>
          {text("admin.keys")}
        </Link>
      )}
    </nav>
  );
}
