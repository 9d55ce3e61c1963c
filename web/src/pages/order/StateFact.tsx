// What a person says about an order: a note, a milestone that nobody reported, that another order is the
// same or a number is not its own, or that an exception is taken as it is. Each is a fact like a partner's,
// with the person's name on it.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ask, client } from "@/api/client";
import { useNames } from "@/api/names";
import type { components } from "@/api/openapi";
import { order as orderQuery } from "@/api/queries";
import type { Wording } from "@/api/types";
import { text, word } from "@/i18n";
import { said } from "@/i18n/said";
import { WORDS } from "@/i18n/words";
import { Dialog } from "@/ui/Dialog";
import { useSession } from "@/ui/session";
import { Trouble } from "@/ui/states";
import { shownIdentifier } from "./statement";

type Stated = components["schemas"]["StatedFact"];

export interface Waiving {
  id: string;
  code: string;
  summary: string;
  wording?: Wording | null;
}

const KINDS = ["note", "milestone", "link", "unlink"] as const;
type Kind = (typeof KINDS)[number];

/** That the order with this number is the same: by its own name, as numbers of shipments lead to orders too. */
async function sameAs(number: string, order: string): Promise<Stated> {
  const query = { identifier: number, limit: 2 };
  const { items } = await ask(client.GET("/v1/orders", { params: { query } }));
  const others = items.filter(({ id }) => id !== order);
  const other = others[0];
  if (other === undefined) throw new Error(text("say.no_other", { number }));
  if (others.length > 1) throw new Error(text("say.many_others", { number }));
  const { name } = await ask(client.GET("/v1/orders/{id}", { params: { path: { id: other.id } } }));
  return { kind: "link", identifier: name };
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
  const nameOf = useNames(order);
  const { mayState } = useSession();
  const kinds = KINDS.filter((kind) => mayState.has(kind));
  const [kind, setKind] = useState<Kind>("note");
  const stating = useMutation({
    mutationFn: async (stated: Stated | Promise<Stated>) =>
      ask(
        client.POST("/v1/orders/{id}/facts", {
          params: { path: { id: order } },
          body: await stated,
        }),
      ),
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
    else if (kind === "link")
      stating.mutate(sameAs(String(form.get("number") ?? "").trim(), order));
    else if (kind === "unlink")
      stating.mutate({ kind: "unlink", identifier: JSON.parse(String(form.get("identifier"))) });
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
            <span className="soft">{said(waiving, nameOf)}</span>
          </p>
        ) : (
          <label className="field">
            <span>{text("say.kind")}</span>
            <select
              className="input"
              value={kind}
              onChange={(event) => setKind(event.target.value as Kind)}
            >
              {kinds.map((each) => (
                <option key={each} value={each}>
                  {text(`say.${each}`)}
                </option>
              ))}
            </select>
          </label>
        )}
        {waiving || kind === "note" ? (
          <label className="field">
            <span>{text(waiving ? "say.reason" : "say.text")}</span>
            <textarea className="input" name="text" required />
          </label>
        ) : kind === "milestone" ? (
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
        ) : kind === "link" ? (
          <label className="field">
            <span>{text("say.number")}</span>
            <input className="input" name="number" required />
            <span className="soft small">{text("say.link_hint")}</span>
          </label>
        ) : (
          <OwnNumbers order={order} />
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

/** The numbers that the order goes by, one of which may not be its own. */
function OwnNumbers({ order }: { order: string }) {
  const found = useQuery(orderQuery(order)).data;
  // By its name it is this order; the others are linked to that.
  const others = found?.identifiers.filter(
    (identifier) => shownIdentifier(identifier) !== shownIdentifier(found.name),
  );
  if (others?.length === 0) return <p className="soft">{text("say.one_number")}</p>;
  return (
    <label className="field">
      <span>{text("say.own_number")}</span>
      <select className="input" name="identifier" required>
        {others?.map((identifier) => (
          <option key={JSON.stringify(identifier)} value={JSON.stringify(identifier)}>
            {shownIdentifier(identifier)}
          </option>
        ))}
      </select>
      <span className="soft small">{text("say.unlink_hint")}</span>
    </label>
  );
}
