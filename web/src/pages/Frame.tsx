// The frame around every page: who looks, where one can go, language and theme. Without a session it
// shows the sign-in at whatever address was asked for, so that a link leads there afterwards.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { follow } from "@/api/live";
import { chooseTenant, currentSession, may, type Session, signOut } from "@/api/session";
import { type Key, LANGUAGES, type Language, setLanguage, text, useLanguage, word } from "@/i18n";
import { zone } from "@/i18n/format";
import { SessionContext } from "@/ui/session";
import { Skeleton, Trouble } from "@/ui/states";
import { setBrand, setTheme, THEMES, type Theme, theme } from "@/ui/theme";
import { Palette } from "./Palette";
import { SecondFactorFirst } from "./session/SecondFactorFirst";
import { SignInPage } from "./session/SignInPage";

/** Where one can go, and the operation without which it is of no use. */
const PLACES: { to: string; title: Key; operation: string; unless?: string }[] = [
  { to: "/", title: "nav.home", operation: "list_orders" },
  { to: "/orders", title: "nav.orders", operation: "list_orders" },
  { to: "/exceptions", title: "nav.exceptions", operation: "list_exceptions" },
  { to: "/handoffs", title: "nav.handoffs", operation: "list_handoffs" },
  { to: "/intake", title: "nav.intake", operation: "list_messages" },
  { to: "/partners", title: "nav.partners", operation: "list_partners" },
  { to: "/packs", title: "nav.packs", operation: "list_packs" },
  { to: "/admin", title: "nav.admin", operation: "list_keys" },
  { to: "/admin/audit", title: "admin.audit", operation: "list_acts", unless: "list_keys" },
  { to: "/admin/usage", title: "usage.title", operation: "show_usage", unless: "list_acts" },
];

/** Places for whoever cannot sign in yet. */
const OUTSIDE = ["/invitation", "/forgotten"];

export function Frame() {
  const language = useLanguage();
  // By what is drawn, and not by where one is going: the two differ while the next page is fetched.
  const at = useRouterState({ select: (state) => state.matches.at(-1)?.pathname }) ?? "";
  return OUTSIDE.includes(at) ? <Outlet key={language} /> : <Inside language={language} />;
}

function Inside({ language }: { language: Language }) {
  const session = useQuery({ queryKey: ["session"], queryFn: currentSession, staleTime: 300_000 });
  if (session.isPending) return <Skeleton />;
  if (session.error) return <Trouble error={session.error} retry={() => session.refetch()} />;
  if (!session.data) return <SignInPage key={language} />;
  if (session.data.lacksSecondFactor) return <SecondFactorFirst session={session.data} />;
  return <Signed key={`${language} ${session.data.tenant.id}`} session={session.data} />;
}

function Signed({ session }: { session: Session }) {
  const queries = useQueryClient();
  const [live, setLive] = useState(false);
  useEffect(() => follow(queries, setLive), [queries]);
  useEffect(() => setBrand(session.brand), [session.brand]);
  // What one session was told is nothing to another.
  const become = (session: Session | null) => {
    queries.setQueryData(["session"], session);
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
  };
  const move = async (tenant: string) => {
    become(await chooseTenant(tenant));
  };
  const leave = async () => {
    const provider = await signOut();
    if (provider) window.location.assign(provider);
    else become(null);
  };
  const places = PLACES.filter(
    ({ operation, unless }) => may(session, operation) && !(unless && may(session, unless)),
  );
  return (
    <SessionContext.Provider value={session}>
      <div className="frame">
        <button
          type="button"
          className="button skip"
          onClick={() => document.querySelector<HTMLElement>("main")?.focus()}
        >
          {text("nav.skip")}
        </button>
        <nav className="nav" aria-label={text("nav.label")}>
          <Link to="/" className="nav-brand" aria-label={session.brand.name}>
            <img src={session.brand.logo_url ?? "/baton.svg"} alt="" />
            <span>{session.brand.name}</span>
          </Link>
          <Palette places={places.map(({ to, title }) => ({ to, title: text(title) }))} />
          <ul className="nav-links">
            {places.map((place) => (
              <li key={place.to}>
                <Link
                  to={place.to}
                  className="nav-link"
                  activeOptions={{ exact: place.to === "/", includeSearch: false }}
                  activeProps={{ className: "active" }}
                >
                  {text(place.title)}
                </Link>
              </li>
            ))}
          </ul>
          <div className="nav-foot">
            <div className="who small">
              {session.login === null ? (
                <div>{session.person}</div>
              ) : (
                <Link to="/account" aria-label={text("account.of", { name: session.person })}>
                  {session.person}
                </Link>
              )}
              <div className="soft">
                {word("role", session.role)} · {session.tenant.name}
              </div>
              <div className="soft">{text("nav.zone", { zone: zone() })}</div>
              <div className="soft" aria-live="polite">
                {live ? text("nav.live") : text("nav.not_live")}
              </div>
            </div>
            <div className="nav-row">
              {session.tenants.length > 1 && (
                <select
                  className="input"
                  aria-label={text("nav.tenant")}
                  value={session.tenant.id}
                  onChange={(event) => move(event.target.value)}
                >
                  {session.tenants.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                </select>
              )}
              <LanguageChoice />
              <ThemeChoice />
              <button type="button" className="button" onClick={leave}>
                {text("action.sign_out")}
              </button>
            </div>
          </div>
        </nav>
        <Shown />
      </div>
    </SessionContext.Provider>
  );
}

export function LanguageChoice() {
  const language = useLanguage();
  return (
    <select
      className="input"
      aria-label={text("nav.language")}
      value={language}
      onChange={(event) => setLanguage(event.target.value as Language)}
    >
      {Object.entries(LANGUAGES).map(([code, { name }]) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
    </select>
  );
}

function ThemeChoice() {
  const [chosen, setChosen] = useState<Theme>(theme);
  return (
    <select
      className="input"
      aria-label={text("nav.theme")}
      value={chosen}
      onChange={(event) => {
        setTheme(event.target.value as Theme);
        setChosen(event.target.value as Theme);
      }}
    >
      {THEMES.map((each) => (
        <option key={each} value={each}>
          {text(`theme.${each}`)}
        </option>
      ))}
    </select>
  );
}

/** The page, and at which address: while the next one is fetched, the last one stays. */
function Shown() {
  const at = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  return (
    <main className="content" data-at={at} tabIndex={-1}>
      <Outlet />
    </main>
  );
}
