// The second factor of one's own account: set up with an app and a first code, recovery codes shown once,
// removed by password and code.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ask, client } from "@/api/client";
import type { Account } from "@/api/types";
import { text } from "@/i18n";
import { Badge } from "@/ui/badges";
import { Dialog } from "@/ui/Dialog";
import { Instant } from "@/ui/Instant";
import { Trouble } from "@/ui/states";

/** Below so many recovery codes it is time for new ones. */
const CODES_FEW = 4;

type Open = "set_up" | "remove" | "renew" | null;

export function SecondFactor({ account }: { account: Account }) {
  const queries = useQueryClient();
  const [open, setOpen] = useState<Open>(null);
  const { confirmed_at, recovery_codes_left } = account.second_factor;
  const close = () => {
    setOpen(null);
    queries.invalidateQueries({ queryKey: ["account"] });
  };
  return (
    <section className="panel" aria-label={text("second_factor.title")}>
      <div className="panel-head">
        <h2>{text("second_factor.title")}</h2>
        {confirmed_at ? (
          <Badge tone="good" mark="✓">
            {text("second_factor.on")}
          </Badge>
        ) : (
          <Badge>{text("second_factor.off")}</Badge>
        )}
      </div>
      <div className="panel-body stack">
        <p className="soft">{text("second_factor.hint")}</p>
        {confirmed_at && (
          <dl className="facts">
            <div>
              <dt>{text("second_factor.since")}</dt>
              <dd>
                <Instant at={confirmed_at} />
              </dd>
            </div>
            <div>
              <dt>{text("second_factor.codes")}</dt>
              <dd className={recovery_codes_left < CODES_FEW ? "warn-text" : undefined}>
                {text("second_factor.codes_left", { count: recovery_codes_left })}
              </dd>
            </div>
          </dl>
        )}
        <div className="row-actions">
          {confirmed_at ? (
            <>
              <button type="button" className="button" onClick={() => setOpen("renew")}>
                {text("second_factor.renew")}
              </button>
              <button type="button" className="button" onClick={() => setOpen("remove")}>
                {text("second_factor.remove")}
              </button>
            </>
          ) : (
            <button type="button" className="button main" onClick={() => setOpen("set_up")}>
              {text("second_factor.set_up")}
            </button>
          )}
        </div>
      </div>
      {open === "set_up" && (
        <Dialog title={text("second_factor.title")} close={close}>
          <SetUp done={close} />
        </Dialog>
      )}
      {open === "remove" && (
        <Dialog title={text("second_factor.remove")} close={close}>
          <Remove done={close} />
        </Dialog>
      )}
      {open === "renew" && (
        <Dialog title={text("second_factor.renew")} close={close}>
          <Renew done={close} />
        </Dialog>
      )}
    </section>
  );
}

function fields(event: FormEvent<HTMLFormElement>): (name: string) => string {
  event.preventDefault();
  const form = new FormData(event.currentTarget);
  return (name) => String(form.get(name) ?? "").trim();
}

function Password() {
  return (
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
  );
}

function Code({ hint }: { hint: string }) {
  return (
    <label className="field">
      <span>{text("sign_in.code")}</span>
      <input className="input mono" name="code" autoComplete="one-time-code" required />
      <span>{hint}</span>
    </label>
  );
}

/** Password, then the app, then a first code, then the recovery codes. */
export function SetUp({ done }: { done: () => void }) {
  const begin = useMutation({
    mutationFn: (password: string) =>
      ask(client.POST("/v1/account/second-factor", { body: { password } })),
  });
  const confirm = useMutation({
    mutationFn: (code: string) =>
      ask(client.POST("/v1/account/second-factor/confirm", { body: { code } })),
  });
  if (confirm.data) return <Codes codes={confirm.data.recovery_codes} done={done} />;
  if (begin.data)
    return (
      <form className="form" onSubmit={(event) => confirm.mutate(fields(event)("code"))}>
        <p>{text("second_factor.scan")}</p>
        <img
          className="qr"
          alt={text("second_factor.picture")}
          src={`data:image/svg+xml;base64,${btoa(begin.data.picture)}`}
        />
        <label className="field">
          <span>{text("second_factor.typed")}</span>
          <input className="input mono" readOnly value={begin.data.secret} />
        </label>
        <p className="small">
          <a href={begin.data.uri}>{text("second_factor.open_app")}</a>
        </p>
        <Code hint={text("second_factor.first_code")} />
        {confirm.error && <Trouble error={confirm.error} />}
        <div className="form-foot">
          <button type="submit" className="button main" disabled={confirm.isPending}>
            {text("second_factor.confirm")}
          </button>
        </div>
      </form>
    );
  return (
    <form className="form" onSubmit={(event) => begin.mutate(fields(event)("password"))}>
      <p>{text("second_factor.prove")}</p>
      <Password />
      {begin.error && <Trouble error={begin.error} />}
      <div className="form-foot">
        <button type="submit" className="button main" disabled={begin.isPending}>
          {text("second_factor.begin")}
        </button>
      </div>
    </form>
  );
}

function Codes({ codes, done }: { codes: string[]; done: () => void }) {
  return (
    <div className="stack">
      <p>{text("second_factor.keep_codes")}</p>
      <ul className="codes mono" aria-label={text("second_factor.codes")}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="form-foot">
        <button
          type="button"
          className="button"
          onClick={() => navigator.clipboard.writeText(codes.join("\n"))}
        >
          {text("action.copy")}
        </button>
        <button type="button" className="button main" onClick={done}>
          {text("second_factor.kept")}
        </button>
      </div>
    </div>
  );
}

function Remove({ done }: { done: () => void }) {
  const remove = useMutation({
    mutationFn: (body: { password: string; code: string }) =>
      ask(client.POST("/v1/account/second-factor/remove", { body })),
    onSuccess: done,
  });
  return <Proof say={text("second_factor.remove")} prove={remove.mutate} error={remove.error} />;
}

function Renew({ done }: { done: () => void }) {
  const renew = useMutation({
    mutationFn: (body: { password: string; code: string }) =>
      ask(client.POST("/v1/account/recovery-codes", { body })),
  });
  if (renew.data) return <Codes codes={renew.data.recovery_codes} done={done} />;
  return <Proof say={text("second_factor.renew")} prove={renew.mutate} error={renew.error} />;
}

function Proof({
  say,
  prove,
  error,
}: {
  say: string;
  prove: (body: { password: string; code: string }) => void;
  error: unknown;
}) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    const said = fields(event);
    prove({ password: said("password"), code: said("code") });
  };
  return (
    <form className="form" onSubmit={submit}>
      <Password />
      <Code hint={text("sign_in.code_hint")} />
      {error !== null && <Trouble error={error} />}
      <div className="form-foot">
        <button type="submit" className="button main">
          {say}
        </button>
      </div>
    </form>
  );
}
