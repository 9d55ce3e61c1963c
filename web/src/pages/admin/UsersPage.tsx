// The tenant's people: who they are, what they may do, and what an administrator does for them.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ask, client } from "@/api/client";
import { useNames } from "@/api/names";
import { users } from "@/api/queries";
import type { Link, User } from "@/api/types";
import { text, word } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Dialog } from "@/ui/Dialog";
import { Instant } from "@/ui/Instant";
import { Menu } from "@/ui/Menu";
import { Secret } from "@/ui/Secret";
import { useSession } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { AdminTabs } from "./AdminTabs";
import { SignInRules } from "./SignInRules";
import { ChangeUser, Invite } from "./UserForms";
import "../session/session.css";

export function UsersPage() {
  const found = useQuery(users());
  const [inviting, setInviting] = useState(false);
  const [showsEnded, setShowsEnded] = useState(false);
  const all = found.data?.items ?? [];
  const shown = all.filter((user) => showsEnded || !user.disabled_at);
  const ended = all.filter((user) => user.disabled_at).length;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("users.title")}</h1>
        <div className="end">
          {ended > 0 && (
            <button
              type="button"
              className="button"
              aria-pressed={showsEnded}
              onClick={() => setShowsEnded(!showsEnded)}
            >
              {text("users.ended", { count: ended })}
            </button>
          )}
          <button type="button" className="button main" onClick={() => setInviting(true)}>
            {text("users.invite")}
          </button>
        </div>
      </div>
      <AdminTabs />
      <section className="panel" aria-label={text("users.title")}>
        {found.isPending && <Skeleton rows={5} />}
        {found.error && <Trouble error={found.error} />}
        {found.data && shown.length === 0 && (
          <Empty title={text("users.none")}>{text("users.none_hint")}</Empty>
        )}
        {shown.length > 0 && (
          <div className="table-scroll">
            <table className="table">
              <thead>
                <tr>
                  <th>{text("users.name")}</th>
                  <th>{text("admin.role")}</th>
                  <th>{text("users.state")}</th>
                  <th>{text("second_factor.title")}</th>
                  <th>{text("users.since")}</th>
                  <th>{text("partners.change")}</th>
                </tr>
              </thead>
              <tbody>
                {shown.map((user) => (
                  <Row key={user.id} user={user} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      <SignInRules />
      {inviting && <Invite close={() => setInviting(false)} />}
    </div>
  );
}

type Doing = "change" | "reset" | "sign_out" | "second_factor" | "disable";

/** What is done at once, after one question. */
const ACTS = {
  sign_out: (id: string) =>
    ask(client.DELETE("/v1/users/{id}/sessions", { params: { path: { id } } })),
  second_factor: (id: string) =>
    ask(client.DELETE("/v1/users/{id}/second-factor", { params: { path: { id } } })),
  disable: (id: string) => ask(client.DELETE("/v1/users/{id}", { params: { path: { id } } })),
} as const;

function Row({ user }: { user: User }) {
  const nameOf = useNames();
  const own = useSession().login === user.login;
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => setDoing(null);
  const offered: Doing[] = user.disabled_at
    ? []
    : [
        "change",
        "reset",
        ...(user.accepted_at ? (["sign_out"] as const) : []),
        ...(user.has_second_factor && !own ? (["second_factor"] as const) : []),
        ...(own ? [] : (["disable"] as const)),
      ];
  return (
    <tr>
      <td>
        {user.name}
        <div className="soft small">{user.login}</div>
      </td>
      <td>
        {word("role", user.role)}
        {user.partner && <span className="soft"> · {nameOf(user.partner)}</span>}
      </td>
      <td>
        <State user={user} />
      </td>
      <td>{user.has_second_factor ? text("second_factor.on") : text("second_factor.off")}</td>
      <td>
        <Instant at={user.accepted_at ?? user.invited_at} />
      </td>
      <td>
        {offered.length > 0 && (
          // Buttons, not a choice: a choice would be taken by the first arrow key.
          <Menu title={text("users.do")} label={text("users.do_for", { name: user.name })}>
            {offered.map((each) => (
              <button key={each} type="button" className="button" onClick={() => setDoing(each)}>
                {text(
                  each === "reset" && !user.accepted_at ? "users.do_again" : `users.do_${each}`,
                )}
              </button>
            ))}
          </Menu>
        )}
        {doing === "change" && <ChangeUser user={user} own={own} close={close} />}
        {doing === "reset" && <Reset user={user} close={close} />}
        {doing !== null && doing in ACTS && (
          <Ask user={user} act={doing as keyof typeof ACTS} close={close} />
        )}
      </td>
    </tr>
  );
}

function State({ user }: { user: User }) {
  if (user.disabled_at) return <Badge>{text("users.state_ended")}</Badge>;
  return user.accepted_at ? (
    <Badge tone="good" mark="✓">
      {text("users.state_in")}
    </Badge>
  ) : (
    <Badge tone="warn" mark="…">
      {text("users.state_invited")}
    </Badge>
  );
}

function Ask({ user, act, close }: { user: User; act: keyof typeof ACTS; close: () => void }) {
  const queries = useQueryClient();
  const doing = useMutation({
    mutationFn: () => ACTS[act](user.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["users"] });
      close();
    },
  });
  return (
    <Dialog title={text(`users.do_${act}`)} close={close}>
      <div className="stack">
        <p>{text(`users.ask_${act}`, { name: user.name })}</p>
        {doing.error && <Trouble error={doing.error} />}
        <div className="form-foot">
          <button type="button" className="button" onClick={close}>
            {text("action.cancel")}
          </button>
          <button
            type="button"
            className="button main"
            disabled={doing.isPending}
            onClick={() => doing.mutate()}
          >
            {text(`users.do_${act}`)}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

function Reset({ user, close }: { user: User; close: () => void }) {
  const reset = useMutation({
    mutationFn: () =>
      ask(client.POST("/v1/users/{id}/reset", { params: { path: { id: user.id } } })),
  });
  if (reset.data) return <HandOver link={reset.data} close={close} />;
  const again = !user.accepted_at;
  return (
    <Dialog title={text(again ? "users.do_again" : "users.do_reset")} close={close}>
      <div className="stack">
        <p>{text(again ? "users.ask_again" : "users.ask_reset", { name: user.name })}</p>
        {reset.error && <Trouble error={reset.error} />}
        <div className="form-foot">
          <button
            type="button"
            className="button main"
            disabled={reset.isPending}
            onClick={() => reset.mutate()}
          >
            {text("users.make_link")}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

/** A link that was sent, or is to be handed over. */
export function HandOver({ link, close }: { link: Link; close: () => void }) {
  if (!link.link)
    return (
      <Dialog title={link.login} close={close}>
        <p className="note good" role="status">
          {text("users.sent", { login: link.login })}
        </p>
      </Dialog>
    );
  return (
    <Secret
      title={text("users.link_for", { login: link.login })}
      secret={`${window.location.origin}/invitation#${link.link}`}
      close={close}
    >
      {link.mail_failure && (
        <p className="note warn" role="alert">
          {text("users.not_sent")} {link.mail_failure}
        </p>
      )}
      <p>
        {text("users.hand_over")} <Instant at={link.expires_at} />.
      </p>
    </Secret>
  );
}
