// A line of a difference between what a mapping was to read and what it read: facts stay as they are written, the
// words about them are said in the reader's language.
import { language } from "@/i18n";
import { type Phrases, phrases } from "@/i18n/phrases";

export const DIFFERENCES: Phrases = {
  "! {1} is another message": "! {1} ist eine andere Nachricht",
  "! {1} is the same message once more": "! {1} ist noch einmal dieselbe Nachricht",
  "no connector is called `{1}`": "kein Konnektor heißt `{1}`",
  "no connector is called `{1}`; did you mean `{2}`?":
    "kein Konnektor heißt `{1}`; meinten Sie `{2}`?",
  "there is no expected.yaml yet; this is what was read:":
    "noch gibt es kein expected.yaml; das wurde gelesen:",
  "{1}: fault {2}": "{1}: Fehler {2}",
  "{1}: says nothing": "{1}: sagt nichts",
  "{1}: says {2}": "{1}: sagt {2}",
  "{1}: warning {2}": "{1}: Hinweis {2}",
};

const inGerman = phrases(DIFFERENCES);

export const signedLine = (line: string): string =>
  language() === "en" ? line : (inGerman(line) ?? line);
