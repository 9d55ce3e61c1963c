// A forgotten password: the answer is the same for everybody.
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { forgotPassword } from "@/api/session";
import { text } from "@/i18n";
import { TroubleLine } from "@/ui/states";
import { Outside } from "./Outside";

export function ForgottenPage() {
  const [sent, setSent] = useState(false);
  const [wrong, setWrong] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setWrong(null);
    try {
      await forgotPassword(String(new FormData(event.currentTarget).get("login")));
      setSent(true);
    } catch (error) {
      setWrong(error);
    }
  };
  return (
    <Outside title={text("forgotten.title")}>
      {sent ? (
        <p className="note good" role="status">
          {text("forgotten.sent")}
        </p>
      ) : (
        <form className="panel-body form" onSubmit={submit}>
          {wrong !== null && (
            <p className="note bad" role="alert">
              <TroubleLine error={wrong} />
            </p>
          )}
          <p>{text("forgotten.hint")}</p>
          <label className="field">
            <span>{text("sign_in.login")}</span>
            <input className="input" name="login" type="email" autoComplete="username" required />
          </label>
          <div className="form-foot">
            <button type="submit" className="button main">
              {text("forgotten.send")}
            </button>
          </div>
        </form>
      )}
      <p className="panel-body">
        <Link to="/">{text("forgotten.back")}</Link>
      </p>
    </Outside>
  );
}
