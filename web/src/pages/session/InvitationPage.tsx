// Where links lead: an invited person sets a password and is in; who forgot theirs sets another.
//
// The link's secret is in the fragment of the address, which browsers send to no server and to no other
// page. It is taken out of the address bar at once, so that it is in no history either.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { type LinkShown, lookAtLink, signIn, takeUpLink } from "@/api/session";
import { text } from "@/i18n";
import { Instant } from "@/ui/Instant";
import { Skeleton, TroubleLine } from "@/ui/states";
import { Outside } from "./Outside";
import { NewPassword, whyNot } from "./Passwords";

/** What was in the address; it survives the page being drawn anew in another language. */
let taken = "";

function secret(): string {
  const found = window.location.hash.slice(1);
  if (found !== "") {
    taken = found;
    window.history.replaceState(window.history.state, "", window.location.pathname);
  }
  return taken;
}

export function InvitationPage() {
  const [link] = useState(secret);
  const found = useQuery({
    queryKey: ["link", link],
    queryFn: () => lookAtLink(link),
    enabled: link !== "",
    retry: false,
  });
  const title = found.data?.kind === "reset" ? text("invitation.reset") : text("invitation.title");
  return (
    <Outside title={title}>
      {link !== "" && found.isPending && <Skeleton rows={3} />}
      {(link === "" || found.error) && (
        <div className="note bad" role="alert">
          <strong>{text("invitation.no_use")}</strong>
          <p>{text("invitation.no_use_hint")}</p>
          <p>
            <Link to="/">{text("forgotten.back")}</Link>
          </p>
        </div>
      )}
      {found.data && <TakeUp link={link} shown={found.data} />}
    </Outside>
  );
}

function TakeUp({ link, shown }: { link: string; shown: LinkShown }) {
  const queries = useQueryClient();
  const go = useNavigate();
  const [has, setHas] = useState(false);
  const [wrong, setWrong] = useState<unknown>(null);
  const [waiting, setWaiting] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const password = String(form.get(has ? "password" : "new_password"));
    const why = has ? null : whyNot(password, String(form.get("again")));
    setWrong(why);
    if (why) return;
    setWaiting(true);
    try {
      await takeUpLink(link, password);
      taken = "";
      // Whoever has a second factor is asked for it at the door.
      const session = await signIn({ login: shown.login, password }).catch(() => null);
      queries.setQueryData(["session"], session);
      await go({ to: "/" });
    } catch (error) {
      setWrong(error);
    }
    setWaiting(false);
  };
  return (
    <form className="panel-body form" onSubmit={submit}>
      {shown.kind === "invitation" && (
        <p>
          {text("invitation.from", {
            name: shown.name ?? shown.login,
            tenant: shown.tenant ?? "Baton",
          })}
        </p>
      )}
      <dl className="facts">
        <div>
          <dt>{text("sign_in.login")}</dt>
          <dd>{shown.login}</dd>
        </div>
        <div>
          <dt>{text("invitation.until")}</dt>
          <dd>
            <Instant at={shown.expires_at} />
          </dd>
        </div>
      </dl>
      {/* So that password stores know whose it is. */}
      <input
        type="email"
        name="login"
        autoComplete="username"
        value={shown.login}
        hidden
        readOnly
      />
      {wrong !== null && (
        <p className="note bad" role="alert">
          <TroubleLine error={wrong} />
        </p>
      )}
      {has ? (
        <label className="field">
          <span>{text("sign_in.password")}</span>
          <input
            className="input"
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
        </label>
      ) : (
        <NewPassword />
      )}
      {shown.kind === "invitation" && (
        <label className="check">
          <input type="checkbox" checked={has} onChange={(event) => setHas(event.target.checked)} />
          {text("invitation.has_password")}
        </label>
      )}
      <div className="form-foot">
        <button type="submit" className="button main" disabled={waiting}>
          {text(shown.kind === "reset" ? "password.set" : "invitation.take_up")}
        </button>
      </div>
    </form>
  );
}
