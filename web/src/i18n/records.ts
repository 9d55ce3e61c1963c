// What lines of the record of acts say beside their columns: the names of fields, and values that are codes. One
// that is not here shows as the record has it.
import type { Pair } from "./codes";

/** Fields by the record's names for them. */
export const told: Record<string, Pair> = {
  accent: ["accent", "Akzentfarbe"],
  accent_dark: ["accent on dark pages", "Akzentfarbe auf dunklen Seiten"],
  after: ["after", "danach"],
  approvals_needed: ["approvals needed", "nötige Genehmigungen"],
  attempts: ["tries", "Versuche"],
  before: ["before", "davor"],
  code: ["code", "Grund"],
  connector: ["connector", "Konnektor"],
  disabled_at: ["switched off", "abgeschaltet"],
  event: ["event", "Ereignis"],
  expires_at: ["ends", "endet"],
  fact: ["said", "gesagt"],
  file: ["file", "Datei"],
  host: ["host", "Host"],
  id: ["which", "welcher"],
  label: ["label", "Bezeichnung"],
  last_error: ["what went wrong", "was nicht ging"],
  last_message: ["last message", "letzte Nachricht"],
  left_out_before: ["refusals before it that have no line", "Verweigerungen davor ohne Zeile"],
  link: ["link", "Link"],
  login: ["address", "Adresse"],
  logo_url: ["logo", "Logo"],
  messages: ["messages", "Nachrichten"],
  move_orders: ["orders under way too", "auch laufende Aufträge"],
  name: ["name", "Name"],
  order: ["order", "Auftrag"],
  packs: ["packs", "Pakete"],
  page: ["page", "Seite"],
  partner: ["partner", "Partner"],
  reason: ["reason", "Begründung"],
  role: ["role", "Rolle"],
  shared: ["for others too", "auch für andere"],
  subscription: ["subscription", "Abonnement"],
  support: ["help", "Hilfe"],
  too_long: ["too long to be kept", "zu lang, um behalten zu werden"],
  word: ["answer", "Antwort"],
};

/** Values of such fields. */
export const toldValue: Record<string, Pair> = {
  "fact link": ["link", "Verbindung"],
  "fact milestone": ["milestone", "Meilenstein"],
  "fact note": ["note", "Notiz"],
  "fact strike": ["strike", "Streichung"],
  "fact take": ["took it in hand", "in die Hand genommen"],
  "fact unlink": ["unlink", "Trennung"],
  "fact waive": ["waiver", "Hinnahme"],
  "link invitation": ["invitation", "Einladung"],
  "link reset": ["new password", "neues Passwort"],
  "page exceptions": ["exceptions", "Ausnahmen"],
  "page orders": ["orders", "Aufträge"],
};
