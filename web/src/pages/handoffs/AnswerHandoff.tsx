// Accepting, disputing or settling a hand-off: a statement with a reason and the speaker's name.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { ask, client } from "@/api/client";
import type { Handoff } from "@/api/types";
import { text, word } from "@/i18n";
import { Dialog } from "@/ui/Dialog";
import { Trouble } from "@/ui/states";
import { type AnswerWord, GROUNDS, type Ground } from "./words";

export interface Answering {
  order: string;
  number: string;
  handoff: Handoff;
  answer: AnswerWord;
}

export function AnswerHandoff({
  order,
  number,
  handoff,
  answer,
  close,
}: Answering & { close: () => void }) {
  const queries = useQueryClient();
  const answering = useMutation({
    mutationFn: (said: { reason: string; ground?: Ground; instead?: string; at?: string }) =>
      ask(
        client.POST("/v1/orders/{id}/handoffs", {
          params: { path: { id: order } },
          body: { handoff: handoff.name, object: handoff.object, answer, ...said },
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["order", order] });
      for (const name of ["handoffs", "exceptions", "timeline", "orders", "overview", "home"])
        void queries.invalidateQueries({ queryKey: [name] });
      close();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string) => String(form.get(name) ?? "").trim() || undefined;
    const at = given("at");
    answering.mutate({
      reason: given("reason") ?? "",
      ground: given("ground") as Ground | undefined,
      instead: given("instead"),
      at: at && new Date(at).toISOString(),
    });
  };
  return (
    <Dialog title={text(`handoff.title_${answer}`)} close={close}>
      <form onSubmit={submit}>
        <p>
          <strong>{word("handoff", handoff.name)}</strong>
          <br />
          <span className="soft">
            {text("order.title", { number })} · {word("stage", handoff.stage.stage)}
          </span>
        </p>
        <p className="small soft">{text(`handoff.hint_${answer}`)}</p>
        {answer === "dispute" && (
          <>
            <label className="field">
              <span>{text("handoff.ground")}</span>
              <select className="input" name="ground">
                {GROUNDS.map((ground) => (
                  <option key={ground} value={ground}>
                    {word("ground", ground)}
                  </option>
                ))}
              </select>
            </label>
            <label className="field">
              <span>{text("handoff.instead")}</span>
              <textarea className="input" name="instead" required />
            </label>
          </>
        )}
        {answer !== "settle" && (
          <label className="field">
            <span>{text("handoff.at")}</span>
            <input className="input" type="datetime-local" name="at" />
          </label>
        )}
        <label className="field">
          <span>{text("handoff.reason")}</span>
          <input className="input" name="reason" required />
        </label>
        {answering.error && <Trouble error={answering.error} />}
        <div className="form-foot">
          <button type="button" className="button" onClick={close}>
            {text("action.cancel")}
          </button>
          <button type="submit" className="button main" disabled={answering.isPending}>
            {text(`handoff.do_${answer}`)}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
