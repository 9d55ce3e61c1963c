// Texts of what was used, by month and day, in German.
import type { usageEn } from "./usage.en";

export const usageDe: Record<keyof typeof usageEn, string> = {
  "usage.after": "Folgender Monat",
  "usage.all_tenants": "Alle Mandanten",
  "usage.as_table": "Tage als Tabelle",
  "usage.bars_of": "Balken zeigen",
  "usage.before": "Voriger Monat",
  "usage.behind": "Einiges ist noch nicht gezählt: Was noch offen ist, ist mindestens so viel.",
  "usage.by_day": "Nach Tagen",
  "usage.by_month": "Nach Monaten",
  "usage.bytes": "Daten",
  "usage.day": "Tag",
  "usage.deliveries": "Zustellungen",
  "usage.final": "endgültig",
  "usage.messages": "Nachrichten",
  "usage.month": "Monat",
  "usage.most": "{figure} nach Tagen, höchstens {most}",
  "usage.note":
    "Tage und Monate sind die von UTC. Ein Tag wird eine Stunde nach seinem Ende abgeschlossen und bleibt dann, wie er ist; was später für ihn kommt, zählt für den ersten Tag, der noch offen ist.",
  "usage.nothing": "In diesem Monat wurde nichts genutzt",
  "usage.open": "noch offen",
  "usage.orders": "Neue Aufträge",
  "usage.people": "Personen",
  "usage.quarantined": "Unlesbar",
  "usage.repeats": "Doppelt",
  "usage.state": "Stand",
  "usage.tenant": "Mandant",
  "usage.this_tenant": "Dieser Mandant",
  "usage.title": "Nutzung",
  "usage.whose": "Wessen Nutzung",
};
