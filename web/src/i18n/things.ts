// What refusals are about, and why something is not as it would have to be: the server's words for it, as they
// stand in the values of its sentences. One that is not here shows as the server says it.
import type { Pair } from "./codes";

const same = (words: Record<string, string>): Record<string, Pair> =>
  Object.fromEntries(
    Object.entries(words).map(([english, german]) => [english, [english, german]]),
  );

export const thing: Record<string, Pair> = same({
  brand: "die Marke",
  "delivery that was given up": "eine aufgegebene Zustellung",
  "draft of the pack": "einen Entwurf des Pakets",
  exception: "die Ausnahme",
  host: "den Rechnernamen",
  "item of the quarantine": "den Eintrag der Quarantäne",
  key: "den Schlüssel",
  logo: "das Logo",
  message: "die Nachricht",
  object: "das Objekt",
  "object without an order": "das Objekt ohne Auftrag",
  order: "den Auftrag",
  pack: "das Paket",
  partner: "den Partner",
  password: "das Passwort",
  person: "die Person",
  provider: "den Anbieter",
  request: "den Antrag",
  "second factor": "den zweiten Faktor",
  session: "die Sitzung",
  source: "die Quelle",
  "source key": "den Schlüssel der Quelle",
  subscription: "das Abonnement",
  tenant: "den Mandanten",
  "tracking link": "den Kundenlink",
  user: "den Benutzer",
  view: "die Ansicht",
  views: "die Ansichten",
});

/** Fields and parameters, by the API's names for them, as the forms call them. One that is not here shows as it is. */
export const param: Record<string, Pair> = {
  accent: ["Accent", "Akzentfarbe"],
  accent_dark: ["Accent on dark pages", "Akzentfarbe auf dunklen Seiten"],
  approvals: ["Approvals", "Genehmigungen"],
  as_of: ["As of", "Stand"],
  by: ["By", "Je"],
  code: ["Code", "Code"],
  connector: ["Connector", "Konnektor"],
  customers: ["Customers", "Kunden"],
  expires_at: ["End", "Ende"],
  format: ["Form", "Form"],
  from: ["From", "Von"],
  host: ["Host", "Host"],
  identifier: ["Number", "Nummer"],
  instead: ["What was so instead", "Was stattdessen war"],
  label: ["Label", "Bezeichnung"],
  login: ["E-mail address", "E-Mail-Adresse"],
  logo_base64: ["Logo", "Logo"],
  mail_name: ["Sender of letters", "Absender von Briefen"],
  mail_reply_to: ["Replies go to", "Antworten gehen an"],
  name: ["Name", "Name"],
  networks: ["Networks", "Netze"],
  order: ["Order", "Auftrag"],
  pack: ["Pack", "Paket"],
  partner: ["Partner", "Partner"],
  phase: ["Phase", "Phase"],
  reason: ["Reason", "Begründung"],
  role: ["Role", "Rolle"],
  source: ["Source", "Quelle"],
  state: ["State", "Stand"],
  support: ["Help", "Hilfe"],
  tenant: ["Tenant", "Mandant"],
  text: ["Text", "Text"],
  to: ["To", "Bis"],
  until: ["Until", "Bis"],
};

export const why: Record<string, Pair> = same({
  "exists already": "gibt es schon",
  "exists already: give it another key": "gibt es schon: nehmen Sie einen anderen Schlüssel",
  "has as many as one may keep, delete one first":
    "sind so viele, wie man behalten darf: löschen Sie zuerst eine",
  "has as many links as it may": "hat so viele Links, wie er haben darf",
  "has ended: make another one": "gilt nicht mehr: machen Sie einen neuen",
  "has no seat any more: invite them again": "hat keinen Platz mehr: laden Sie noch einmal ein",
  "has no second factor": "hat keinen zweiten Faktor",
  "is a member already": "gehört schon dazu",
  "is another brand's": "gehört zu einer anderen Marke",
  "is closed already": "ist schon geschlossen",
  "is confirmed already": "ist schon bestätigt",
  "is disabled": "ist abgeschaltet",
  "is in use": "wird gebraucht",
  "is not open any more": "ist nicht mehr offen",
  "is not set": "ist nicht eingerichtet",
  "is one of Baton's own and has no keys or settings":
    "gehört Baton selbst und hat weder Schlüssel noch Einstellungen",
  "is open already": "ist schon offen",
  "is set already: remove it first": "ist schon eingerichtet: entfernen Sie ihn zuerst",
  "is somebody's already": "gehört schon jemandem",
  "is stored with other content: give it a new version":
    "ist mit anderem Inhalt gespeichert: geben Sie ihm eine neue Version",
  "is the one of this call, and would leave its user outside: use another key":
    "ist der Ihre und würde Sie aussperren: verwenden Sie einen anderen",
  "is the one of this call, and would lock itself out: have another do it":
    "sind Sie selbst und würden sich aussperren: das muss jemand anderes tun",
  "is the one of this call: have another change the role":
    "sind Sie selbst: die Rolle muss jemand anderes ändern",
  "is the one of this call: remove it on the page of your account":
    "sind Sie selbst: entfernen Sie ihn auf der Seite Ihres Kontos",
  "signs in without a password, and so has neither one nor a second factor here":
    "meldet sich ohne Passwort an und hat deshalb hier weder eines noch einen zweiten Faktor",
  "stands for a key, and keys have no account": "steht für einen Schlüssel, und der hat kein Konto",
  "was discarded already": "wurde schon verworfen",
  "was not begun": "wurde nicht begonnen",
  "was read again already: what still cannot be read of it is a newer item":
    "wurde schon noch einmal gelesen: was davon noch immer nicht lesbar ist, ist ein neuerer Eintrag",
  "was set by another link a moment ago: say that one":
    "wurde eben durch einen anderen Link gesetzt: nennen Sie jenes",
  "works for others as well: the operator can reset it":
    "arbeitet auch für andere: der Betreiber kann es zurücksetzen",
});
