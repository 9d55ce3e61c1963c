// What is said of hand-offs, for whoever shows or asks for it.
import type { components } from "@/api/openapi";
import type { Handoff } from "@/api/types";
import { text, word } from "@/i18n";

export type HandoffWord = components["schemas"]["HandoffWord"];
export type Ground = components["schemas"]["Ground"];
export type AnswerWord = components["schemas"]["AnswerWord"];

export const GROUNDS: Ground[] = ["custody", "time", "quantity", "condition", "documents", "other"];

/** The name of a person's source without what it is kept under: `person:tailspin:tom` is Tom. */
export const person = (source: string): string => source.split(":").at(-1) ?? source;

/** What somebody said, as a sentence's beginning: who, and which way. */
export function verdict(said: HandoffWord, nameOf: (partner: string) => string): string {
  const who = `${person(said.source)}${said.partner ? ` (${nameOf(said.partner)})` : ""}`;
  if (said.verdict === "settled") return text("handoff.said_settled", { who });
  if ("accepted" in said.verdict) return text("handoff.said_accepted", { who });
  const { ground, instead } = said.verdict.disputed;
  return text("handoff.said_disputed", { who, ground: word("ground", ground), instead });
}

export const openDispute = (handoff: Handoff): boolean =>
  (handoff.words ?? []).some(
    ({ verdict, until }) => verdict !== "settled" && "disputed" in verdict && until == null,
  );

/** Whether a partner gives or takes in it. */
export const isParty = (handoff: Handoff, partner: string | null): boolean =>
  partner !== null && (handoff.from_partner === partner || handoff.to_partner === partner);

/** Whether there is anything yet that a partner could speak of. */
export const canBeAnswered = (handoff: Handoff): boolean =>
  handoff.stage.stage !== "planned" && handoff.from_partner !== handoff.to_partner;
