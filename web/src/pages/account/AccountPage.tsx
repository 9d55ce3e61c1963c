// One's own account: name and language, password, second factor, sessions.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ask, client } from "@/api/client";
import { account, ownSessions } from "@/api/queries";
import { currentSession } from "@/api/session";
import type { Account, SpokenLanguage } from "@/api/types";
import { LANGUAGES, setLanguage, text, word } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { Skeleton, Trouble } from "@/ui/states";
import { NewPassword, whyNot } from "../session/Passwords";
import { browserOf } from "./browser";
import { SecondFactor } from "./SecondFactor";
import "../session/session.css";

export function AccountPage() {
  const found = useQuery(account());
  return (
    <div className="page">
      <div className="page-head">
        <h1>{text("account.title")}</h1>
        {found.data && <span className="soft">{found.data.login}</span>}
      </div>
      {found.isPending && <Skeleton rows={6} />}
      {found.error && <Trouble error={found.error} />}
      {found.data && (
        <>
          <div className="columns">
            <div className="stack">
              <About account={found.data} />
              {found.data.has_password && <SecondFactor account={found.data} />}
            </div>
            {found.data.has_password ? (
              <Password />
            ) : (
              <section className="panel" aria-label={text("account.password")}>
                <div className="panel-head">
                  <h2>{text("account.password")}</h2>
                </div>
                <p className="panel-body soft">{text("account.no_password")}</p>
              </section>
            )}
          </div>
          <Sessions />
        </>
      )}
    </div>
  );
}

function About({ account }: { account: Account }) {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (body: { name: string; language: SpokenLanguage | null }) =>
      ask(client.PUT("/v1/account", { body })),
    onSuccess: async (changed) => {
      if (changed.language) setLanguage(changed.language);
      queries.setQueryData(["session"], await currentSession());
      await queries.invalidateQueries({ queryKey: ["account"] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const language = String(form.get("language"));
    change.mutate({
      name: String(form.get("name")),
      language: language === "" ? null : (language as SpokenLanguage),
    });
  };
  return (
    <section className="panel" aria-label={text("account.about")}>
      <div className="panel-head">
        <h2>{text("account.about")}</h2>
      </div>
      <form className="panel-body form narrow" onSubmit={submit}>
        <label className="field">
          <span>{text("account.name")}</span>
          <input
            className="input"
            name="name"
            autoComplete="name"
            defaultValue={account.name}
            required
          />
        </label>
        <label className="field">
          <span>{text("account.language")}</span>
          <select className="input" name="language" defaultValue={account.language ?? ""}>
            <option value="">{text("account.any_language")}</option>
            {Object.entries(LANGUAGES).map(([code, { name }]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {account.providers.length > 0 && (
          <p className="soft small">
            {text("account.providers", { providers: account.providers.join(", ") })}
          </p>
        )}
        {change.error && <Trouble error={change.error} />}
        <div className="form-foot">
          {change.isSuccess && (
            <span className="good-text" role="status">
              {text("account.saved")}
            </span>
          )}
          <button type="submit" className="button main" disabled={change.isPending}>
            {text("account.save")}
          </button>
        </div>
      </form>
    </section>
  );
}

function Password() {
  const queries = useQueryClient();
  const [wrong, setWrong] = useState<string | null>(null);
  const change = useMutation({
    mutationFn: (body: { password: string; new_password: string }) =>
      ask(client.PUT("/v1/account/password", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["account"] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const said = new FormData(form);
    const password = String(said.get("new_password"));
    const why = whyNot(password, String(said.get("again")));
    setWrong(why);
    if (why) return;
    change.mutate(
      { password: String(said.get("password")), new_password: password },
      { onSuccess: () => form.reset() },
    );
  };
  return (
    <section className="panel" aria-label={text("account.password")}>
      <div className="panel-head">
        <h2>{text("account.password")}</h2>
      </div>
      <form className="panel-body form narrow" onSubmit={submit}>
        <label className="field">
          <span>{text("password.old")}</span>
          <input
            className="input"
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
        </label>
        <NewPassword />
        <p className="soft small">{text("password.ends_others")}</p>
        {wrong && (
          <p className="note bad" role="alert">
            {wrong}
          </p>
        )}
        {change.error && <Trouble error={change.error} />}
        <div className="form-foot">
          {change.isSuccess && (
            <span className="good-text" role="status">
              {text("password.changed")}
            </span>
          )}
          <button type="submit" className="button main" disabled={change.isPending}>
            {text("password.change")}
          </button>
        </div>
      </form>
    </section>
  );
}

function Sessions() {
  const queries = useQueryClient();
  const found = useQuery(ownSessions());
  const changed = () => queries.invalidateQueries({ queryKey: ["account", "sessions"] });
  const end = useMutation({
    mutationFn: (id: string) =>
      ask(client.DELETE("/v1/account/sessions/{id}", { params: { path: { id } } })),
    onSuccess: changed,
  });
  const endOthers = useMutation({
    mutationFn: () => ask(client.POST("/v1/account/sessions/end-others")),
    onSuccess: changed,
  });
  return (
    <section className="panel" aria-label={text("account.sessions")}>
      <div className="panel-head">
        <h2>{text("account.sessions")}</h2>
        {found.data && found.data.items.length > 1 && (
          <button type="button" className="button end" onClick={() => endOthers.mutate()}>
            {text("account.end_others")}
          </button>
        )}
      </div>
      {found.isPending && <Skeleton rows={3} />}
      {[found.error, end.error, endOthers.error].map(
        (error) => error && <Trouble key={String(error)} error={error} />,
      )}
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th>{text("account.browser")}</th>
              <th>{text("account.entered_by")}</th>
              <th>{text("account.from")}</th>
              <th>{text("account.opened")}</th>
              <th>{text("account.seen")}</th>
              <th>{text("partners.change")}</th>
            </tr>
          </thead>
          <tbody>
            {found.data?.items.map((session) => (
              <tr key={session.id}>
                <td title={session.agent}>
                  {browserOf(session.agent) || text("account.unknown_browser")}{" "}
                  {session.is_this && (
                    <Badge tone="good" mark="●">
                      {text("account.this")}
                    </Badge>
                  )}
                </td>
                <td>{word("entered_by", session.entered_by)}</td>
                <td className="mono">{session.address}</td>
                <td>
                  <Instant at={session.opened_at} />
                </td>
                <td>
                  <Instant at={session.seen_at} />
                </td>
                <td>
                  {!session.is_this && (
                    <button type="button" className="button" onClick={() => end.mutate(session.id)}>
                      {text("account.end")}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
