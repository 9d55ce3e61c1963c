// A part of a message as it was received, with the bytes that matter marked.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { raw } from "@/api/queries";
import { text } from "@/i18n";
import { Skeleton, Trouble } from "./states";

/** So many bytes before and after the marked ones, unless the whole is asked for. */
const AROUND_BYTES = 220;

export interface Range {
  offset: number;
  length: number;
}

/** The text before, within and after each range; ranges are put in order and kept apart. */
export function cut(
  bytes: Uint8Array,
  ranges: Range[],
  whole: boolean,
): { text: string; marked: boolean }[] {
  const read = (from: number, to: number) => new TextDecoder().decode(bytes.subarray(from, to));
  const inOrder = ranges
    .filter((range) => range.offset < bytes.length)
    .sort((a, b) => a.offset - b.offset);
  const first = inOrder[0];
  const last = inOrder.at(-1);
  let at = whole || !first ? 0 : Math.max(0, first.offset - AROUND_BYTES);
  const end =
    whole || !last
      ? bytes.length
      : Math.min(bytes.length, last.offset + last.length + AROUND_BYTES);
  const parts = at > 0 ? [{ text: "… ", marked: false }] : [];
  for (const range of inOrder) {
    const from = Math.max(at, range.offset);
    const to = Math.min(bytes.length, Math.max(from, range.offset + Math.max(1, range.length)));
    if (from > at) parts.push({ text: read(at, from), marked: false });
    if (to > from) parts.push({ text: read(from, to), marked: true });
    at = to;
  }
  if (at < end) parts.push({ text: read(at, end), marked: false });
  if (end < bytes.length) parts.push({ text: " …", marked: false });
  return parts;
}

export function RawBytes({
  message,
  ranges,
  whole = false,
  label,
}: {
  message: string;
  ranges: Range[];
  whole?: boolean;
  label?: string;
}) {
  const body = useQuery(raw(message));
  const box = useRef<HTMLPreElement>(null);
  const loaded = body.data !== undefined;
  useEffect(() => {
    const mark = loaded && box.current?.querySelector("mark");
    if (mark && box.current) box.current.scrollTop = mark.offsetTop - box.current.offsetTop - 60;
  }, [loaded]);
  if (body.isPending) return <Skeleton rows={3} />;
  if (body.error) return <Trouble error={body.error} />;
  return (
    // Scrolls, so it must be reachable by keyboard.
    <pre
      ref={box}
      className={whole ? "raw tall" : "raw"}
      tabIndex={0}
      role="region"
      aria-label={label ?? text("evidence.bytes")}
    >
      {cut(body.data, ranges, whole).map((part, at) =>
        part.marked ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no names and never move
          <mark key={at}>{part.text}</mark>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no names and never move
          <span key={at}>{part.text}</span>
        ),
      )}
    </pre>
  );
}
