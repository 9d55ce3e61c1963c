// Texts of a partner's page, in German.
import type { profileEn } from "./profile.en";

export const profileDe: Record<keyof typeof profileEn, string> = {
  "profile.agreed": "Was vereinbart ist",
  "profile.agreed_hint": "Wie es die Pakete in Kraft für die Rolle dieses Partners festlegen.",
  "profile.cadence": "Eine Nachricht alle",
  "profile.calendar": "Arbeitszeit",
  "profile.calendars": "Arbeitszeiten:",
  "profile.every_hour": "jede Stunde zählt",
  "profile.feeds_hint": "Nach den neuesten Nachrichten einer jeden.",
  "profile.from_to": "Von, an",
  "profile.grace": "Frist bis zur Lücke",
  "profile.handoff": "Übergabe",
  "profile.journey": "Weg",
  "profile.judged": "Gemessen daran,",
  "profile.lag": "Gemeldet nach",
  "profile.lag_most": "neun von zehn binnen {length}",
  "profile.nothing_agreed": "Für diese Rolle ist nichts festgelegt",
  "profile.paused": "Steht still bei",
  "profile.performance": "Die letzten {weeks} Wochen",
  "profile.repeats": "Noch einmal gesendet",
  "profile.sample": "Von den neuesten Nachrichten: {count}; Codes und Verzug der neuesten {read}.",
  "profile.silent_after": "Still nach {length}.",
  "profile.sla": "Dienstgüte",
  "profile.target": "Vorgabe",
  "profile.unmapped": "Codes ohne Bedeutung",
  "profile.unread": "Nicht lesbar",
};
