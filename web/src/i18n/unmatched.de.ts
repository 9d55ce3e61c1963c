// Texts of what hangs on no order, and of mending what could not be read, in German.
import type { unmatchedEn } from "./unmatched.en";

export const unmatchedDe: Record<keyof typeof unmatchedEn, string> = {
  "quarantine.mend_pack": "Das Paket richten, das es liest: {file}, Zeile {line}",
  "quarantine.reread_alike": "Alle gleichen noch einmal lesen",
  "unmatched.by_hand": "Ein anderer Auftrag, nach seiner Nummer",
  "unmatched.facts": "Aussagen",
  "unmatched.heard": "Zuerst gehört",
  "unmatched.hint": "Nichts sagt, wozu das gehört, oder niemand hat es bestellt.",
  "unmatched.link": "Verbinden",
  "unmatched.names": "Bekannt als",
  "unmatched.near_number":
    "{found} ist ein Zeichen neben {known}|{found} ist {count} Zeichen neben {known}",
  "unmatched.no_such_order": "Nicht genau ein Auftrag hat die Nummer {number}",
  "unmatched.no_suggestions": "Kein Auftrag ist wahrscheinlich genug, um ihn vorzuschlagen",
  "unmatched.none": "Alles gehört zu einem Auftrag",
  "unmatched.partners": "Wer davon sprach",
  "unmatched.points": "Punkte; unter 30 wird nichts vorgeschlagen",
  "unmatched.said": "Was davon gesagt ist",
  "unmatched.same_number": "{found} ist {known}, anders geschrieben",
  "unmatched.same_partner": "{partner} ist am Auftrag beteiligt",
  "unmatched.same_place": "Es geht dorthin, wohin der Auftrag geht: {place}",
  "unmatched.same_quantity": "Ebenso viel von {sku}: {quantity}",
  "unmatched.same_time": "Gehört binnen drei Wochen nach dem Auftrag vom {at}",
  "unmatched.suggested": "Das könnte gehören zu",
  "unmatched.suggested_hint": "Eine Verbindung ist Ihr Wort und ist als solches zu sehen.",
  "unmatched.title": "Ohne Auftrag",
  "unmatched.what": "Was",
  "unmatched.within_number": "Eins von {found} und {known} ist ein Teil des anderen",
};
