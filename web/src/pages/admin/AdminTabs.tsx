// The parts of the administration; each is shown to whoever may do what it is for.
import { Link } from "@tanstack/react-router";
import { may } from "@/api/session";
import { type Key, text } from "@/i18n";
import { useSession } from "@/ui/session";

const PARTS: { to: string; title: Key; operation: string }[] = [
  { to: "/admin", title: "admin.system", operation: "examine" },
  { to: "/admin/tenants", title: "admin.tenants", operation: "create_tenant" },
  { to: "/admin/users", title: "users.title", operation: "list_users" },
  { to: "/admin/keys", title: "admin.keys", operation: "list_keys" },
  { to: "/admin/brand", title: "admin.brand", operation: "put_brand" },
  { to: "/admin/deliveries", title: "admin.deliveries", operation: "list_outbox" },
  { to: "/admin/usage", title: "usage.title", operation: "show_usage" },
  { to: "/admin/audit", title: "admin.audit", operation: "list_acts" },
];

export function AdminTabs() {
  const session = useSession();
  return (
    <nav className="tabs" aria-label={text("admin.title")}>
      {PARTS.filter(({ operation }) => may(session, operation)).map(({ to, title }) => (
        <Link
          key={to}
          to={to}
          className="tab"
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ className: "active" }}
        >
          {text(title)}
        </Link>
      ))}
    </nav>
  );
}
