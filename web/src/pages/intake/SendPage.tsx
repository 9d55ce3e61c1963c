// A file, dropped here: what Baton would understand of it, before it is sent.
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type DragEvent, useState } from "react";
import { useNames } from "@/api/names";
import type { components } from "@/api/openapi";
import { text } from "@/i18n";
import { bytes } from "@/i18n/format";
import { Badge } from "@/ui/badges";
import { Parts } from "@/ui/Parts";
import { Trouble } from "@/ui/states";
import { sentence, subject } from "../order/statement";
import { faultParts, partText, placeText } from "./faults";
import { IntakeTabs } from "./IntakeTabs";
import { SourceChoice } from "./MessagesPage";
import { previewMessage, sendMessage } from "./send";

type Preview = components["schemas"]["Preview"];

interface Dropped {
  name: string;
  type: string | null;
  body: Uint8Array<ArrayBuffer>;
}

export function SendPage() {
  const [source, setSource] = useState<string | undefined>();
  const [file, setFile] = useState<Dropped | null>(null);
  const preview = useMutation({
    mutationFn: ({ to, dropped }: { to: string; dropped: Dropped }) =>
      previewMessage(to, dropped.body, dropped.type),
  });
  const sending = useMutation({
    mutationFn: ({ to, dropped }: { to: string; dropped: Dropped }) =>
      sendMessage(to, dropped.body, dropped.type),
  });
  const look = (to: string | undefined, dropped: Dropped | null) => {
    sending.reset();
    preview.reset();
    if (to && dropped) preview.mutate({ to, dropped });
  };
  const take = async (given: File | undefined) => {
    if (!given) return;
    const body = new Uint8Array(await given.arrayBuffer());
    const dropped = { name: given.name, type: given.type || null, body };
    setFile(dropped);
    look(source, dropped);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    void take(event.dataTransfer.files[0]);
  };
  return (
    <div className="page">
      <IntakeTabs />
      <div className="filters">
        <SourceChoice
          value={source}
          none={text("send.choose")}
          set={(chosen) => {
            setSource(chosen);
            look(chosen, file);
          }}
        />
        <span className="soft">{text("send.source_hint")}</span>
      </div>
      <label className="drop" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
        <strong>{file ? `${file.name} (${bytes(file.body.length)})` : text("send.drop")}</strong>
        <span className="soft">{text("send.drop_hint")}</span>
        <input type="file" onChange={(event) => take(event.target.files?.[0])} />
      </label>
      {preview.error && <Trouble error={preview.error} />}
      {preview.data && <Understood preview={preview.data} />}
      {preview.data && source && file && (
        <div className="filters">
          <button
            type="button"
            className="button main"
            disabled={sending.isPending || sending.isSuccess}
            onClick={() => sending.mutate({ to: source, dropped: file })}
          >
            {text("send.now")}
          </button>
          {sending.data && (
            <span role="status">
              {text("send.sent")}{" "}
              <Link to="/intake/messages/$id" params={{ id: sending.data.id }} className="mono">
                {sending.data.id}
              </Link>
            </span>
          )}
        </div>
      )}
      {sending.error && <Trouble error={sending.error} />}
    </div>
  );
}

function Understood({ preview }: { preview: Preview }) {
  const nameOf = useNames();
  return (
    <section className="stack" aria-label={text("send.preview")}>
      {preview.parts.map((part) => (
        <section key={part.name} className="panel">
          <div className="panel-head">
            <h2>{partText(part.name)}</h2>
            {part.fault === null || part.fault === undefined ? (
              <Badge tone="good" mark="✓">
                {text("send.read", { count: part.statements_count })}
              </Badge>
            ) : (
              <Badge tone="bad" mark="!">
                {text("send.not_read")}
              </Badge>
            )}
          </div>
          {part.fault !== null && part.fault !== undefined && (
            <p className="panel-body">
              <Parts of={faultParts(part.code ?? "", part.fault)} />
            </p>
          )}
          <ul className="plain-list">
            {part.statements.map((statement) => (
              <li key={JSON.stringify(statement)} className="timeline-row">
                <span className="soft small">
                  {subject(statement) || text("intake.about_order")}
                </span>
                <span>{sentence(statement.stated, nameOf)}</span>
                <span className="soft small">{placeText(statement.place)}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}
