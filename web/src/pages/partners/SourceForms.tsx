// Making a source, giving it a new key, stopping it and letting it go on.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ask, client } from "@/api/client";
import type { Partner, PartnerRole, Source } from "@/api/types";
import { text, word } from "@/i18n";
import { WORDS } from "@/i18n/words";
import { Dialog } from "@/ui/Dialog";
import { Secret } from "@/ui/Secret";
import { Trouble } from "@/ui/states";

export function SourceActions({ source }: { source: Source }) {
  const queries = useQueryClient();
  const [secret, setSecret] = useState<string | null>(null);
  const path = { path: { source: source.source } };
  const switching = useMutation({
    mutationFn: (disabled: boolean) =>
      ask(client.POST("/v1/sources/{source}", { params: path, body: { disabled } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sources"] }),
  });
  const rotating = useMutation({
    mutationFn: () => ask(client.POST("/v1/sources/{source}/keys", { params: path, body: {} })),
    onSuccess: (answer) => setSecret(answer.key ?? null),
  });
  // Baton's own feeds are nobody's to change.
  if (source.role === "platform") return null;
  return (
    <span className="filters">
      <button type="button" className="button" onClick={() => rotating.mutate()}>
        {text("source.rotate")}
      </button>
      <button
        type="button"
        className="button"
        onClick={() => switching.mutate(source.disabled_at == null)}
      >
        {text(source.disabled_at ? "source.enable" : "source.disable")}
      </button>
      {[switching.error, rotating.error].map(
        (error) => error && <Trouble key={String(error)} error={error} />,
      )}
      {secret && (
        <Secret
          title={text("source.new_key", { source: source.name })}
          secret={secret}
          close={() => setSecret(null)}
        />
      )}
    </span>
  );
}

export function NewSource({ partners, close }: { partners: Partner[]; close: () => void }) {
  const queries = useQueryClient();
  const making = useMutation({
    mutationFn: (form: FormData) => {
      const given = (name: string) => String(form.get(name) ?? "").trim();
      return ask(
        client.POST("/v1/sources", {
          body: {
            source: given("source"),
            connector: given("connector"),
            partner: given("partner") || null,
            role: given("role") as PartnerRole,
            silent_after: given("silent_after") || null,
            networks: [],
            settings: null,
          },
        }),
      );
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sources"] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    making.mutate(new FormData(event.currentTarget));
  };
  if (making.data?.key)
    return (
      <Secret
        title={text("source.new_key", { source: making.data.source })}
        secret={making.data.key}
        close={close}
      />
    );
  return (
    <Dialog title={text("partners.new_source")} close={close}>
      <form onSubmit={submit}>
        <label className="field">
          <span>{text("source.key")}</span>
          <input className="input mono" name="source" required pattern="[a-z0-9-]+" />
        </label>
        <label className="field">
          <span>{text("source.connector_hint")}</span>
          <input className="input mono" name="connector" required />
        </label>
        <label className="field">
          <span>{text("source.partner")}</span>
          <select className="input" name="partner">
            <option value="">{text("source.no_partner")}</option>
            {partners.map(({ partner, name }) => (
              <option key={partner} value={partner}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>{text("source.role")}</span>
          <select className="input" name="role">
            {Object.keys(WORDS.party ?? {}).map((role) => (
              <option key={role} value={role}>
                {word("party", role)}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>{text("source.silent_after")}</span>
          <input className="input" name="silent_after" placeholder="1d" />
        </label>
        {making.error && <Trouble error={making.error} />}
        <div className="form-foot">
          <button type="submit" className="button main" disabled={making.isPending}>
            {text("source.make")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
