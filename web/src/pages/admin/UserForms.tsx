// Inviting somebody, and changing what a seat says.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ask, client } from "@/api/client";
import { partners } from "@/api/queries";
import type { Role, SpokenLanguage, User } from "@/api/types";
import { LANGUAGES, text, word } from "@/i18n";
import { Dialog } from "@/ui/Dialog";
import { useSession } from "@/ui/session";
import { Trouble } from "@/ui/states";
import { HandOver } from "./UsersPage";

/** What a tenant's people can be; the operator's staff is invited by the operator alone. */
export const PEOPLE: Role[] = [
  "admin",
  "operations",
  "finance",
  "customer_success",
  "partner_manager",
  "executive",
  "auditor",
  "partner",
];

function Seat({
  role,
  setRole,
  roles,
  partner,
}: {
  role: Role;
  setRole: (role: Role) => void;
  roles: Role[];
  partner?: string | null;
}) {
  const known = useQuery(partners());
  return (
    <>
      <label className="field">
        <span>{text("admin.role")}</span>
        <select
          className="input"
          value={role}
          onChange={(event) => setRole(event.target.value as Role)}
        >
          {roles.map((each) => (
            <option key={each} value={each}>
              {word("role", each)}
            </option>
          ))}
        </select>
      </label>
      {role === "partner" && (
        <label className="field">
          <span>{text("source.partner")}</span>
          <select className="input" name="partner" required defaultValue={partner ?? undefined}>
            {known.data?.items.map(({ partner: key, name }) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}

const given = (form: FormData, name: string) => String(form.get(name) ?? "").trim();

export function Invite({ close }: { close: () => void }) {
  const queries = useQueryClient();
  const session = useSession();
  const [role, setRole] = useState<Role>("operations");
  const inviting = useMutation({
    mutationFn: (form: FormData) =>
      ask(
        client.POST("/v1/users", {
          body: {
            login: given(form, "login"),
            name: given(form, "name"),
            role,
            partner: role === "partner" ? given(form, "partner") : null,
            language: (given(form, "language") || null) as SpokenLanguage | null,
          },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["users"] }),
  });
  if (inviting.data) return <HandOver link={inviting.data} close={close} />;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    inviting.mutate(new FormData(event.currentTarget));
  };
  const roles: Role[] = session.role === "operator" ? ["operator", ...PEOPLE] : PEOPLE;
  return (
    <Dialog title={text("users.invite")} close={close}>
      <form onSubmit={submit}>
        <label className="field">
          <span>{text("sign_in.login")}</span>
          <input className="input" name="login" type="email" autoComplete="off" required />
        </label>
        <label className="field">
          <span>{text("users.name")}</span>
          <input className="input" name="name" autoComplete="off" required />
        </label>
        <Seat role={role} setRole={setRole} roles={roles} />
        <label className="field">
          <span>{text("users.language")}</span>
          <select className="input" name="language">
            <option value="">{text("users.tenants_language")}</option>
            {Object.entries(LANGUAGES).map(([code, { name }]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {inviting.error && <Trouble error={inviting.error} />}
        <div className="form-foot">
          <button type="submit" className="button main" disabled={inviting.isPending}>
            {text("users.invite_now")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export function ChangeUser({ user, own, close }: { user: User; own: boolean; close: () => void }) {
  const queries = useQueryClient();
  const [role, setRole] = useState<Role>(user.role as Role);
  const changing = useMutation({
    mutationFn: (form: FormData) =>
      ask(
        client.PUT("/v1/users/{id}", {
          params: { path: { id: user.id } },
          body: {
            name: given(form, "name"),
            role,
            partner: role === "partner" ? given(form, "partner") : null,
          },
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["users"] });
      close();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    changing.mutate(new FormData(event.currentTarget));
  };
  // Nobody takes their own role away, and staff is staff.
  const roles = own || role === "operator" ? [role] : PEOPLE;
  return (
    <Dialog title={text("users.change_of", { name: user.name })} close={close}>
      <form onSubmit={submit}>
        <label className="field">
          <span>{text("users.name")}</span>
          <input className="input" name="name" defaultValue={user.name} required />
        </label>
        <Seat role={role} setRole={setRole} roles={roles} partner={user.partner} />
        {changing.error && <Trouble error={changing.error} />}
        <div className="form-foot">
          <button type="submit" className="button main" disabled={changing.isPending}>
            {text("account.save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
