// The stream of changes: each event makes stale what it is about, so that pages show the new state
// beside the old one without flicker. Read by `fetch`, because the browser's own EventSource cannot
// carry a key.
import type { QueryClient } from "@tanstack/react-query";
import { proof } from "./session";

/** A world that moves fast would have the lists asked for all the time. */
const GATHER_MS = 1500;
const RETRY_MS = 4000;

export interface LiveEvent {
  id: string;
  kind: string;
  object: string | null;
}

/** Whole events from the beginning of a text, and what is left of it. */
export function parse(buffer: string): { events: LiveEvent[]; rest: string } {
  const blocks = buffer.split("\n\n");
  const rest = blocks.pop() ?? "";
  const events = blocks.flatMap((block) => {
    const field = (name: string) =>
      block
        .split("\n")
        .filter((line) => line.startsWith(`${name}:`))
        .map((line) => line.slice(name.length + 1).trim())
        .join("\n");
    const data = field("data");
    if (data === "") return [];
    let object: unknown;
    try {
      object = (JSON.parse(data) as { object?: unknown }).object;
    } catch {
      return [];
    }
    return [
      { id: field("id"), kind: field("event"), object: typeof object === "string" ? object : null },
    ];
  });
  return { events, rest };
}

/** Follows the stream until the returned function is called. */
export function follow(queries: QueryClient, told: (live: boolean) => void): () => void {
  const stop = new AbortController();
  const stale = new Set<string>();
  let lastId = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const settle = () => {
    timer = undefined;
    for (const name of stale) {
      const [kind = "", id] = name.split(" ");
      void queries.invalidateQueries({ queryKey: id === undefined ? [kind] : [kind, id] });
    }
    stale.clear();
  };
  const note = (event: LiveEvent) => {
    lastId = event.id || lastId;
    if (event.kind.startsWith("packs."))
      stale.add("packs").add("pack-requests").add("pack-activations").add("pack-policy");
    if (event.kind.startsWith("exception.")) stale.add("exceptions");
    stale.add("orders").add("overview").add("board").add("home").add("handoffs").add("sources");
    if (event.object !== null)
      for (const kind of ["order", "timeline", "explain"]) stale.add(`${kind} ${event.object}`);
    timer ??= setTimeout(settle, GATHER_MS);
  };
  const run = async () => {
    while (!stop.signal.aborted) {
      try {
        const headers = { ...proof("GET"), ...(lastId && { "Last-Event-ID": lastId }) };
        const response = await fetch("/v1/events", { headers, signal: stop.signal });
        // What was missed in between cannot be told one by one any more.
        if (response.status === 410) lastId = "";
        if (response.ok && response.body) {
          told(true);
          await read(response.body, note);
        }
      } catch {
        // Gone, or stopped: tried again below.
      }
      told(false);
      if (!stop.signal.aborted) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  };
  void run();
  return () => {
    stop.abort();
    clearTimeout(timer);
  };
}

async function read(body: ReadableStream<Uint8Array<ArrayBuffer>>, note: (e: LiveEvent) => void) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const { events, rest } = parse(buffer + value);
    buffer = rest;
    events.forEach(note);
  }
}
