// What a person says about an order: a note, a milestone that nobody reported, or that an exception is
// taken as it is. Each is a fact like a partner's, with the person's name on it.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ask, client } from "@/api/client";
import type { components } from "@/api/openapi";
import { text, word } from "@/i18n";
import { WORDS } from "@/i18n/words";
import { Dialog } from "@/ui/Dialog";
import { Trouble } from "@/ui/states";

type Stated = components["schemas"]["StatedFact"];

export interface Waiving {
  id: string;
  code: string;
  summary: string;
}

export function StateFact({
  order,
  waiving,
  close,
}: {
  order: string;
  /** The exception to be waived; else a note or a milestone is asked for. */
  waiving?: Waiving;
  close: () => void;
}) {
  const queries = useQueryClient();
  const [kind, setKind] = useState<"note" | "milestone">("note");
  const stating = useMutation({
    mutationFn: (body: Stated) =>
      ask(client.POST("/v1/orders/{id}/facts", { params: { path: { id: order } }, body })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["order", order] });
      for (const name of ["exceptions", "timeline", "orders", "overview"])
        void queries.invalidateQueries({ queryKey: [name] });
      close();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const said = String(form.get("text") ?? "").trim();
    if (waiving) stating.mutate({ kind: "waive", exception: waiving.id, reason: said });
    else if (kind === "note") stating.mutate({ kind: "note", text: said });
    else {
      const at = String(form.get("at") ?? "");
      stating.mutate({
        kind: "milestone",
        milestone: String(form.get("milestone")) as never,
        classifier: "actual",
        at: at === "" ? null : new Date(at).toISOString(),
      });
    }
  };
  return (
    <Dialog title={text(waiving ? "say.waive" : "say.title")} close={close}>
      <form onSubmit={submit}>
        {waiving ? (
          <p>
            <strong>{word("exception", waiving.code)}</strong>
            <br />
            <span className="soft">{waiving.summary}</span>
          </p>
        ) : (
          <label className="field">
            <span>{text("say.kind")}</span>
            <select
              className="input"
              value={kind}
              onChange={(event) => setKind(event.target.value as "note" | "milestone")}
            >
              <option value="note">{text("say.note")}</option>
              <option value="milestone">{text("say.milestone")}</option>
            </select>
          </label>
        )}
        {!waiving && kind === "milestone" ? (
          <>
            <label className="field">
              <span>{text("say.which")}</span>
              <select className="input" name="milestone">
                {Object.keys(WORDS.milestone ?? {}).map((code) => (
                  <option key={code} value={code}>
                    {word("milestone", code)} ({code})
                  </option>
                ))}
              </select>
            </label>
            <label className="field">
              <span>{text("say.at")}</span>
              <input className="input" type="datetime-local" name="at" />
            </label>
          </>
        ) : (
          <label className="field">
            <span>{text(waiving ? "say.reason" : "say.text")}</span>
            <textarea className="input" name="text" required />
          </label>
        )}
        {stating.error && <Trouble error={stating.error} />}
        <div className="form-foot">
          <button type="button" className="button" onClick={close}>
            {text("action.cancel")}
          </button>
          <button type="submit" className="button main" disabled={stating.isPending}>
            {text(waiving ? "action.waive_now" : "action.say")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
