// Small marks with a word each: the word says it, shape and colour repeat it.
import type { ReactNode } from "react";
import { word } from "@/i18n";
import { length } from "@/i18n/format";

export type Tone = "good" | "warn" | "bad" | "plain";

export function Badge({
  tone = "plain",
  mark,
  children,
}: {
  tone?: Tone;
  mark?: string;
  children: ReactNode;
}) {
  return (
    <span className={`badge ${tone}`}>
      {mark && <span aria-hidden="true">{mark}</span>}
      {children}
    </span>
  );
}

const PHASE_TONES: Record<string, Tone> = {
  delivered: "good",
  closed: "good",
  disputed: "bad",
  cancelled: "warn",
};
const PHASE_MARKS: Record<string, string> = {
  unplaced: "?",
  placed: "○",
  confirmed: "◔",
  partly_shipped: "◑",
  shipped: "◑",
  partly_delivered: "◕",
  delivered: "●",
  closed: "✓",
  cancelled: "×",
  disputed: "!",
};

export function PhaseBadge({ phase }: { phase: string }) {
  return (
    <Badge tone={PHASE_TONES[phase] ?? "plain"} mark={PHASE_MARKS[phase]}>
      {word("phase", phase)}
    </Badge>
  );
}

const SEVERITIES = ["plain", "plain", "warn", "bad", "bad"] as const;
const SEVERITY_MARKS = ["·", "▁", "▃", "▅", "▇"];

export function SeverityBadge({ severity }: { severity: number }) {
  return (
    <Badge tone={SEVERITIES[severity] ?? "bad"} mark={SEVERITY_MARKS[severity] ?? "▇"}>
      {word("severity", String(severity))}
    </Badge>
  );
}

export function Late({ minutes, early }: { minutes: number; early: string }) {
  if (minutes <= 0) return <span className="soft">{early}</span>;
  return <span className="bad-text">+{length(minutes * 60)}</span>;
}
