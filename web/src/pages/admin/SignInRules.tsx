// What the tenant asks of its people where they sign in, and the language in which it writes to them.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { ask, client } from "@/api/client";
import { signInRules } from "@/api/queries";
import type { Role, SignInRules as Rules, SpokenLanguage } from "@/api/types";
import { LANGUAGES, text, word } from "@/i18n";
import { Skeleton, Trouble } from "@/ui/states";
import { PEOPLE } from "./UserForms";

export function SignInRules() {
  const queries = useQueryClient();
  const found = useQuery(signInRules());
  const setting = useMutation({
    mutationFn: (body: Rules) => ask(client.PUT("/v1/sign-in-rules", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sign-in-rules"] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setting.mutate({
      second_factor_roles: form.getAll("role") as Role[],
      language: String(form.get("language")) as SpokenLanguage,
    });
  };
  return (
    <section className="panel" aria-label={text("rules.title")}>
      <div className="panel-head">
        <h2>{text("rules.title")}</h2>
      </div>
      {found.isPending && <Skeleton rows={3} />}
      {found.error && <Trouble error={found.error} />}
      {found.data && (
        <form className="panel-body form" onSubmit={submit}>
          <fieldset className="checks">
            <legend>{text("rules.second_factor")}</legend>
            {PEOPLE.map((role) => (
              <label key={role}>
                <input
                  type="checkbox"
                  name="role"
                  value={role}
                  defaultChecked={found.data.second_factor_roles.includes(role)}
                />
                {word("role", role)}
              </label>
            ))}
          </fieldset>
          <label className="field narrow">
            <span>{text("rules.language")}</span>
            <select className="input" name="language" defaultValue={found.data.language}>
              {Object.entries(LANGUAGES).map(([code, { name }]) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          {setting.error && <Trouble error={setting.error} />}
          <div className="form-foot">
            {setting.isSuccess && (
              <span className="good-text" role="status">
                {text("account.saved")}
              </span>
            )}
            <button type="submit" className="button" disabled={setting.isPending}>
              {text("account.save")}
            </button>
          </div>
        </form>
      )}
    </section>
  );
}
