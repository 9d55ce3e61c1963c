// An editor of code: CodeMirror, fetched when the first one is shown. It lives in a shadow root, where
// its styles are adopted sheets, so that the page's policy against inline styles stays as it is.
import { useEffect, useRef, useState } from "react";
import { Skeleton } from "@/ui/states";
import type { Code, Mark, Offered } from "./codemirror";

export type { Mark, Offered } from "./codemirror";

interface Properties {
  label: string;
  /** What is shown at first; where another text is to be shown, give another `key`. */
  text: string;
  yaml: boolean;
  readOnly: boolean;
  marks?: Mark[];
  /** Where to put the cursor; the line is brought into sight. */
  at?: { line: number; column: number } | undefined;
  changed?: (text: string) => void;
  /** Told where the cursor is. */
  moved?: (text: string, offset: number) => void;
  /** What may be written at an offset of a text. */
  offer?: (text: string, offset: number) => Offered | null;
}

export function CodeEditor(properties: Properties) {
  const host = useRef<HTMLDivElement>(null);
  const code = useRef<Code | null>(null);
  // What it calls is looked up when it calls, so that it need not be made anew.
  const latest = useRef(properties);
  latest.current = properties;
  const [ready, setReady] = useState(false);
  useEffect(() => {
    let gone = false;
    void import("./codemirror").then(({ createCode }) => {
      if (gone || !host.current) return;
      const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: "open" });
      const { text, label, yaml, readOnly } = latest.current;
      code.current = createCode(root, {
        text,
        label,
        yaml,
        readOnly,
        changed: (written) => latest.current.changed?.(written),
        moved: (written, offset) => latest.current.moved?.(written, offset),
        offer: (written, offset) => latest.current.offer?.(written, offset) ?? null,
      });
      setReady(true);
    });
    return () => {
      gone = true;
      code.current?.destroy();
      code.current = null;
    };
  }, []);
  const { marks, at } = properties;
  useEffect(() => {
    if (ready) code.current?.mark(marks ?? []);
  }, [ready, marks]);
  useEffect(() => {
    if (ready && at) code.current?.goTo(at.line, at.column);
  }, [ready, at]);
  return (
    <>
      {!ready && <Skeleton rows={6} />}
      <div ref={host} className="code-host" />
    </>
  );
}
