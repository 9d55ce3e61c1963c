// Bringing a pack into force: why, for which orders, and who else has to say yes.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { ask, client } from "@/api/client";
import { packPolicy } from "@/api/queries";
import type { Pack, PackSource } from "@/api/types";
import { text } from "@/i18n";
import { Dialog } from "@/ui/Dialog";
import { Trouble } from "@/ui/states";
import type { Draftable } from "./draft";
import { Findings } from "./Findings";
import { findingsOf } from "./findings";

export function AskDialog({
  pack,
  work,
  close,
}: {
  pack: Pack;
  work: Draftable;
  close: () => void;
}) {
  const source = async (): Promise<PackSource> => {
    if (work.changed.length === 0) return { pack: pack.pack, version: pack.version };
    await work.flush();
    return { draft: pack.pack };
  };
  return <Ask title={text("packs.ask_title")} pack={pack.pack} source={source} close={close} />;
}

/** Asks for something to be in force; says what came of it on the page of requests. */
export function Ask({
  title,
  pack,
  source,
  close,
}: {
  title: string;
  pack: string;
  source: () => Promise<PackSource>;
  close: () => void;
}) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const policy = useQuery(packPolicy());
  const asking = useMutation({
    mutationFn: async (given: { reason: string; move_orders: boolean }) =>
      ask(client.POST("/v1/pack-requests", { body: { ...given, packs: [await source()] } })),
    onSuccess: async (request) => {
      close();
      await navigate({ to: "/packs", search: { request: request.id } });
      queries.removeQueries({ queryKey: ["draft", pack] });
      for (const name of [
        "packs",
        "pack",
        "pack-drafts",
        "pack-requests",
        "pack-activations",
        "quarantine",
      ])
        void queries.invalidateQueries({ queryKey: [name] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    asking.mutate({
      reason: String(form.get("reason")).trim(),
      move_orders: form.get("move_orders") !== null,
    });
  };
  const needed = policy.data?.approvals_for_you ?? 0;
  const findings = findingsOf(asking.error);
  return (
    <Dialog title={title} close={close}>
      <form className="form" onSubmit={submit}>
        <p className={needed > 0 ? "note warn" : "soft"}>
          {needed > 0 ? text("packs.needs", { count: needed }) : text("packs.at_once")}
        </p>
        <label className="field">
          <span>{text("packs.reason")}</span>
          <textarea className="input" name="reason" required maxLength={1000} rows={3} />
        </label>
        <label className="check">
          <input type="checkbox" name="move_orders" /> {text("packs.move_orders")}
        </label>
        {findings && <Findings findings={findings} />}
        {asking.error && !findings && <Trouble error={asking.error} />}
        <div className="form-foot">
          <button type="submit" className="button main" disabled={asking.isPending}>
            {needed > 0 ? text("packs.ask") : text("packs.activate")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
