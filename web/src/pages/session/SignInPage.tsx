// Signing in.
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { signInByKey } from "@/api/session";
import { text } from "@/i18n";
import { LanguageChoice } from "../Frame";

export function SignInPage() {
  const queries = useQueryClient();
  const [wrong, setWrong] = useState<string | null>(null);
  const [waiting, setWaiting] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const key = new FormData(event.currentTarget).get("key");
    setWaiting(true);
    setWrong(null);
    try {
      const session = await signInByKey(String(key ?? ""));
      if (session === null) setWrong(text("sign_in.wrong_key"));
      else queries.setQueryData(["session"], session);
    } catch (error) {
      setWrong(String(error));
    }
    setWaiting(false);
  };
  return (
    <main className="page sign-in">
      <div className="panel">
        <div className="panel-head">
          <h1>{text("sign_in.title")}</h1>
          <span className="end">
            <LanguageChoice />
          </span>
        </div>
        <form className="panel-body form" onSubmit={submit}>
          <label className="field">
            <span>{text("sign_in.key")}</span>
            <input className="input mono" name="key" type="password" autoComplete="off" required />
          </label>
          <p className="soft small">{text("sign_in.key_hint")}</p>
          {wrong && (
            <p className="note bad" role="alert">
              {wrong}
            </p>
          )}
          <div className="form-foot">
            <button type="submit" className="button main" disabled={waiting}>
              {text("action.sign_in")}
            </button>
          </div>
        </form>
      </div>
    </main>
  );
}
