// Requests to bring packs into force: what is wanted and why, what others say, and the word of those who
// decide.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ask, client } from "@/api/client";
import { packRequests } from "@/api/queries";
import type { PackRequest } from "@/api/types";
import { text, word } from "@/i18n";
import { Badge, type Tone } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { useMay } from "@/ui/session";
import { Empty, Skeleton, Trouble } from "@/ui/states";
import { Compared } from "./Difference";

const TONES: Record<string, Tone> = { open: "warn", granted: "good", refused: "bad" };
const MARKS: Record<string, string> = {
  open: "…",
  granted: "✓",
  refused: "✕",
  withdrawn: "↶",
  expired: "⌛",
};

export function Requests({ chosen }: { chosen: string | undefined }) {
  const found = useQuery(packRequests());
  if (found.isPending) return <Skeleton rows={3} />;
  if (!found.data) return <Trouble error={found.error} retry={() => found.refetch()} />;
  return (
    <section className="panel" aria-labelledby="requests-title">
      <div className="panel-head">
        <h2 id="requests-title">{text("packs.requests")}</h2>
      </div>
      {found.data.items.length === 0 && <Empty title={text("packs.no_requests")} />}
      <ul className="plain-list">
        {found.data.items.map((request) => (
          <li key={request.id} className="request">
            <Request request={request} open={request.id === chosen || request.state === "open"} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function wantedText(request: PackRequest): string {
  const { wanted } = request;
  return wanted.kind === "approvals"
    ? text("packs.wants_approvals", { count: wanted.approvals })
    : wanted.packs.map(({ pack, version }) => `${pack}@${version}`).join(", ");
}

function Request({ request, open }: { request: PackRequest; open: boolean }) {
  const { wanted } = request;
  return (
    <details open={open} className="panel-body">
      <summary>
        <Badge tone={TONES[request.state] ?? "plain"} mark={MARKS[request.state] ?? ""}>
          {word("request", request.state)}
        </Badge>{" "}
        <strong>{wantedText(request)}</strong>{" "}
        <span className="soft">
          {request.reason} · {request.asked_by} · <Instant at={request.asked_at} />
        </span>
      </summary>
      <div className="stack request-body">
        {request.state === "open" && (
          <p className="soft">
            {text("packs.approved_of", { approved: request.approved, count: request.needed })}{" "}
            {text("packs.expires")} <Instant at={request.expires_at} />
          </p>
        )}
        {wanted.kind === "activation" && wanted.move_orders && (
          <p className="note warn">{text("packs.moves_orders")}</p>
        )}
        {wanted.kind === "activation" && (
          <ul className="plain-list">
            {wanted.packs.map((each) => (
              <li key={each.pack}>
                <Link
                  to="/packs/$pack"
                  params={{ pack: each.pack }}
                  search={{ version: each.version }}
                >
                  {each.pack}@{each.version}
                </Link>
                {each.was && each.was !== each.version && (
                  <WhatChanges pack={each.pack} was={each.was} is={each.version} />
                )}
              </li>
            ))}
          </ul>
        )}
        <ul className="plain-list stack" aria-label={text("packs.words")}>
          {request.words.map((said) => (
            <li key={`${said.at} ${said.kind} ${said.by}`}>
              <Badge
                tone={said.kind === "approval" ? "good" : said.kind === "refusal" ? "bad" : "plain"}
              >
                {word("request_word", said.kind)}
              </Badge>{" "}
              <strong>{said.by}</strong> <Instant at={said.at} /> {said.text}
            </li>
          ))}
        </ul>
        <Say request={request} />
      </div>
    </details>
  );
}

/** Looked up when it is opened. */
function WhatChanges({ pack, was, is }: { pack: string; was: string; is: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text("packs.what_changes", { was, is })}</summary>
      {open && <Compared was={{ pack, version: was }} is={{ pack, version: is }} />}
    </details>
  );
}

type Kind = "comment" | "approve" | "refuse" | "withdraw";

function Say({ request }: { request: PackRequest }) {
  const mayComment = useMay("answer_pack_request");
  const queries = useQueryClient();
  const saying = useMutation({
    mutationFn: (body: { kind: Kind; text: string }) =>
      ask(
        client.POST("/v1/pack-requests/{id}/words", { params: { path: { id: request.id } }, body }),
      ),
    onSettled: () => {
      for (const name of ["pack-requests", "pack-policy", "packs", "pack", "pack-activations"])
        void queries.invalidateQueries({ queryKey: [name] });
    },
  });
  if (!mayComment) return null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const { submitter } = event.nativeEvent as SubmitEvent;
    const kind = (submitter?.getAttribute("value") ?? "comment") as Kind;
    const said = String(new FormData(form).get("text")).trim();
    saying.mutate({ kind, text: said }, { onSuccess: () => form.reset() });
  };
  const isOpen = request.state === "open";
  return (
    <form className="form" onSubmit={submit}>
      <label className="field">
        <span>{text("packs.say")}</span>
        <textarea className="input" name="text" rows={2} maxLength={10_000} />
      </label>
      {saying.error && <Trouble error={saying.error} />}
      {isOpen && request.mine && <p className="soft small">{text("packs.own_request")}</p>}
      <div className="form-foot">
        <button type="submit" value="comment" className="button" disabled={saying.isPending}>
          {text("packs.comment")}
        </button>
        {isOpen && request.mine && (
          <button type="submit" value="withdraw" className="button" disabled={saying.isPending}>
            {text("packs.withdraw")}
          </button>
        )}
        {request.may_decide && (
          <>
            <button type="submit" value="refuse" className="button" disabled={saying.isPending}>
              {text("packs.refuse")}
            </button>
            <button
              type="submit"
              value="approve"
              className="button main"
              disabled={saying.isPending}
            >
              {text("packs.approve")}
            </button>
          </>
        )}
      </div>
    </form>
  );
}
