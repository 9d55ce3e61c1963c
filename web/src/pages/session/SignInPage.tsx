// Signing in: by one click in the demo, by login and password, or by a key.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { type SignIn, SignInFailed, signIn, waysIn } from "@/api/session";
import { setLanguage, text, word } from "@/i18n";
import { Skeleton, Trouble, TroubleLine } from "@/ui/states";
import { setBrand } from "@/ui/theme";
import { LanguageChoice } from "../Frame";

export function SignInPage() {
  const at = new URLSearchParams(window.location.search).get("tenant");
  const ways = useQuery({ queryKey: ["ways-in", at], queryFn: () => waysIn(at) });
  const brand = ways.data?.brand;
  useEffect(() => {
    if (brand) setBrand(brand);
  }, [brand]);
  const queries = useQueryClient();
  const [wrong, setWrong] = useState<unknown>(null);
  const [waiting, setWaiting] = useState(false);
  // A provider of identities leads back here whoever it does not vouch for.
  const refused = new URLSearchParams(window.location.search).get("sign_in") === "refused";
  const wantsCode = wrong instanceof SignInFailed && wrong.code === "second_factor_wanted";
  const enter = async (by: SignIn) => {
    setWaiting(true);
    setWrong(null);
    try {
      const session = await signIn(by);
      if (session.language) setLanguage(session.language);
      queries.setQueryData(["session"], session);
    } catch (error) {
      setWrong(error);
    }
    setWaiting(false);
  };
  return (
    <main className="page sign-in">
      <div className="panel">
        <div className="panel-head">
          {brand?.logo_url && <img className="sign-in-logo" src={brand.logo_url} alt="" />}
          <h1>{text("sign_in.title", { name: brand?.name ?? "Baton" })}</h1>
          <span className="end">
            <LanguageChoice />
          </span>
        </div>
        {refused && wrong === null && (
          <p className="note bad" role="alert">
            {text("sign_in.refused")}
          </p>
        )}
        {wrong !== null && !wantsCode && (
          <p className="note bad" role="alert">
            <TroubleLine error={wrong} />
          </p>
        )}
        {ways.isPending && <Skeleton rows={3} />}
        {ways.error && <Trouble error={ways.error} retry={() => ways.refetch()} />}
        {ways.data && ways.data.demo.length > 0 && (
          <section className="panel-body stack" aria-label={text("sign_in.demo")}>
            <h2>{text("sign_in.demo")}</h2>
            <div className="seats">
              {ways.data.demo.map((seat) => (
                <button
                  key={seat.as}
                  type="button"
                  className="button"
                  disabled={waiting}
                  onClick={() => enter({ demo: seat.as })}
                >
                  <strong>{word("role", seat.as)}</strong>
                  <span className="soft small">{seat.person}</span>
                </button>
              ))}
            </div>
          </section>
        )}
        {ways.data && ways.data.oidc.length > 0 && <ByProvider providers={ways.data.oidc} />}
        {ways.data?.password && (
          <ByPassword
            waiting={waiting}
            forgotten={ways.data.forgotten}
            wantsCode={wantsCode}
            enter={enter}
          />
        )}
        {ways.data && <ByKey waiting={waiting} enter={enter} />}
        {brand?.support && (
          <p className="panel-body soft small">
            {text("sign_in.help")}{" "}
            <a
              href={
                brand.support.startsWith("https://") ? brand.support : `mailto:${brand.support}`
              }
            >
              {brand.support}
            </a>
          </p>
        )}
      </div>
    </main>
  );
}

/** A provider of identities is another site: a plain link leads there, and it leads back. */
function ByProvider({ providers }: { providers: { id: string; name: string }[] }) {
  const { pathname, search } = window.location;
  const back = encodeURIComponent(search.includes("sign_in=") ? pathname : pathname + search);
  return (
    <section className="panel-body stack" aria-label={text("sign_in.providers")}>
      {providers.map(({ id, name }) => (
        <a key={id} className="button main" href={`/v1/oidc/${id}/start?to=${back}`}>
          {text("sign_in.by_provider", { name })}
        </a>
      ))}
    </section>
  );
}

function ByPassword({
  waiting,
  forgotten,
  wantsCode,
  enter,
}: {
  waiting: boolean;
  forgotten: boolean;
  wantsCode: boolean;
  enter: (by: SignIn) => void;
}) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [login, password] = [String(form.get("login")), String(form.get("password"))];
    const code = String(form.get("code") ?? "").trim();
    enter(code === "" ? { login, password } : { login, password, code });
  };
  return (
    <form className="panel-body form" onSubmit={submit}>
      <h2>{text("sign_in.password_title")}</h2>
      <label className="field">
        <span>{text("sign_in.login")}</span>
        <input className="input" name="login" type="email" autoComplete="username" required />
      </label>
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
      {wantsCode && (
        <label className="field">
          <span>{text("sign_in.code")}</span>
          <input className="input mono" name="code" autoComplete="one-time-code" required />
          <span>{text("sign_in.code_hint")}</span>
        </label>
      )}
      <div className="form-foot">
        {forgotten && (
          <Link to="/forgotten" className="link-beside">
            {text("sign_in.forgotten")}
          </Link>
        )}
        <button type="submit" className="button main" disabled={waiting}>
          {text("action.sign_in")}
        </button>
      </div>
    </form>
  );
}

function ByKey({ waiting, enter }: { waiting: boolean; enter: (by: SignIn) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    enter({ key: String(new FormData(event.currentTarget).get("key")) });
  };
  return (
    <form className="panel-body form" onSubmit={submit}>
      <h2>{text("sign_in.key_title")}</h2>
      <label className="field">
        <span>{text("sign_in.key")}</span>
        <input className="input mono" name="key" type="password" autoComplete="off" required />
      </label>
      <p className="soft small">{text("sign_in.key_hint")}</p>
      <div className="form-foot">
        <button type="submit" className="button" disabled={waiting}>
          {text("sign_in.with_key")}
        </button>
      </div>
    </form>
  );
}
