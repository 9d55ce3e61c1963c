// One thing that could not be read: the fault in words, its bytes marked in the message, and the three
// ways out: read again, send a mended copy, or say that it does not matter.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ask, client } from "@/api/client";
import { quarantineItem, raw } from "@/api/queries";
import type { Quarantined } from "@/api/types";
import { text, word } from "@/i18n";
import type { Part } from "@/i18n/parts";
import { Badge } from "@/ui/badges";
import { Instant } from "@/ui/Instant";
import { Parts } from "@/ui/Parts";
import { RawBytes } from "@/ui/RawBytes";
import { useMay } from "@/ui/session";
import { Skeleton, Trouble } from "@/ui/states";
import {
  errorText,
  expected,
  faultPlace,
  faultsOf,
  faultTitle,
  found,
  partText,
  saidParts,
} from "./faults";
import { IntakeTabs } from "./IntakeTabs";
import { sendMessage } from "./send";

/** Where nothing is marked, a parser's own words may say the byte. */
function byteInWords(error: unknown): { offset: number; length: number }[] {
  const found = /byte offset (\d+)/.exec(errorText(error));
  return found ? [{ offset: Math.max(0, Number(found[1]) - 1), length: 1 }] : [];
}

const Words = ({ of }: { of: Part }) =>
  of === "" ? <span className="soft">–</span> : <Parts of={[of]} />;

export function QuarantineItemPage() {
  const { id } = useParams({ from: "/intake/quarantine/$id" });
  const asked = useQuery(quarantineItem(id));
  const mayAct = useMay("discard");
  if (asked.isPending) return <Skeleton rows={8} />;
  if (!asked.data) return <Trouble error={asked.error} retry={() => asked.refetch()} />;
  const item = asked.data;
  const marks = item.marks.length > 0 ? item.marks : byteInWords(item.error);
  return (
    <div className="page">
      <IntakeTabs />
      <div className="page-head">
        <h2>{partText(item.part)}</h2>
        <Badge tone={item.state === "open" ? "bad" : "plain"}>
          {word("quarantine_state", item.state)}
        </Badge>
        <span className="soft">
          {word("own_source", item.source)} · <Instant at={item.opened_at} /> ·{" "}
          <Link to="/intake/messages/$id" params={{ id: item.message }} className="mono">
            {item.message}
          </Link>
        </span>
      </div>
      <section className="panel">
        <div className="panel-head">
          <h2>{text("quarantine.faults")}</h2>
          <span className="soft">
            {word("unread", item.code)} · <span className="mono">{item.code}</span>
          </span>
        </div>
        {faultsOf(item.error).length === 0 && (
          <p className="panel-body">
            <Parts of={saidParts(item.code, item.error)} />
          </p>
        )}
        {faultsOf(item.error).length > 0 && (
          <div className="table-scroll">
            <table className="table">
              <thead>
                <tr>
                  <th>{text("quarantine.what")}</th>
                  <th>{text("quarantine.place")}</th>
                  <th>{text("quarantine.found")}</th>
                  <th>{text("quarantine.expected")}</th>
                </tr>
              </thead>
              <tbody>
                {faultsOf(item.error).map((fault) => (
                  <tr key={`${fault.key} ${fault.expected} ${JSON.stringify(fault.place)}`}>
                    <td>
                      {faultTitle(fault)}
                      {fault.x12 && <div className="soft small mono">{fault.x12}</div>}
                    </td>
                    <td>{faultPlace(fault)}</td>
                    <td>
                      <Words of={found(fault)} />
                    </td>
                    <td>
                      <Words of={expected(fault)} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <div className="panel-body">
          <RawBytes message={item.message} ranges={marks} whole />
        </div>
      </section>
      {mayAct && <WaysOut item={item} open={item.state === "open"} />}
      {item.reason && (
        <p className="note">
          {item.closed_by}: {item.reason}
        </p>
      )}
    </div>
  );
}

function WaysOut({
  item,
  open,
}: {
  item: Quarantined;
  /** What is settled keeps saying how, and offers nothing more. */
  open: boolean;
}) {
  const { id, source, message, code, reader } = item;
  const queries = useQueryClient();
  const mayReadPacks = useMay("show_pack");
  const [mending, setMending] = useState(false);
  const settled = () =>
    Promise.all(
      ["quarantine", "messages", "message", "overview"].map((name) =>
        queries.invalidateQueries({ queryKey: [name] }),
      ),
    );
  const reread = useMutation({
    mutationFn: () => ask(client.POST("/v1/quarantine/{id}/reread", { params: { path: { id } } })),
    onSuccess: settled,
  });
  const alike = useMutation({
    mutationFn: () => ask(client.POST("/v1/quarantine/reread", { body: { code, source } })),
    onSuccess: settled,
  });
  const discard = useMutation({
    mutationFn: (reason: string) =>
      ask(
        client.POST("/v1/quarantine/{id}/discard", { params: { path: { id } }, body: { reason } }),
      ),
    onSuccess: settled,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    discard.mutate(String(new FormData(event.currentTarget).get("reason")));
  };
  const read = reread.data ?? alike.data;
  const done = read && (
    <p className="note" role="status">
      {text("quarantine.reread_done", {
        messages: read.messages,
        facts: read.facts,
        faults: read.faults,
      })}
    </p>
  );
  if (!open) return done ?? null;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text("quarantine.ways_out")}</h2>
      </div>
      <div className="panel-body stack">
        {reader && mayReadPacks && (
          <p>
            <Link
              to="/packs/$pack"
              params={{ pack: reader.pack }}
              search={{ version: reader.version, file: reader.file, line: reader.line }}
            >
              {text("quarantine.mend_pack", { file: reader.file, line: String(reader.line) })}
            </Link>
          </p>
        )}
        <div className="filters">
          <button
            type="button"
            className="button main"
            disabled={reread.isPending}
            onClick={() => reread.mutate()}
          >
            {text("quarantine.reread")}
          </button>
          <button
            type="button"
            className="button"
            disabled={alike.isPending}
            onClick={() => alike.mutate()}
          >
            {text("quarantine.reread_alike")}
          </button>
          <button
            type="button"
            className="button"
            aria-pressed={mending}
            onClick={() => setMending(!mending)}
          >
            {text("quarantine.mend")}
          </button>
        </div>
        {mending && (
          <Mend
            source={source}
            message={message}
            sent={(receipt) => discard.mutate(text("quarantine.sent_mended", { message: receipt }))}
          />
        )}
        <form className="filters" onSubmit={submit}>
          <input
            className="input search"
            name="reason"
            required
            aria-label={text("quarantine.reason")}
            placeholder={text("quarantine.reason")}
          />
          <button type="submit" className="button" disabled={discard.isPending}>
            {text("quarantine.discard")}
          </button>
        </form>
        {[reread.error, alike.error, discard.error].map(
          (error) => error && <Trouble key={String(error)} error={error} />,
        )}
      </div>
    </section>
  );
}

/** A copy to mend; the message itself stays as it was received. */
function Mend({
  source,
  message,
  sent,
}: {
  source: string;
  message: string;
  sent: (receipt: string) => void;
}) {
  const body = useQuery(raw(message));
  const [error, setError] = useState<unknown>(null);
  if (body.isPending) return <Skeleton rows={3} />;
  if (body.error) return <Trouble error={body.error} />;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const mended = String(new FormData(event.currentTarget).get("body"));
    try {
      const receipt = await sendMessage(source, new TextEncoder().encode(mended), null);
      sent(receipt.id);
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <form onSubmit={submit} className="form">
      <label className="field">
        <span>{text("quarantine.mend_hint")}</span>
        <textarea
          className="input mono tall"
          name="body"
          defaultValue={new TextDecoder().decode(body.data)}
        />
      </label>
      {error !== null && <Trouble error={error} />}
      <div className="form-foot">
        <button type="submit" className="button main">
          {text("quarantine.send_mended")}
        </button>
      </div>
    </form>
  );
}
