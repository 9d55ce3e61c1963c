// Refusals by their codes: what it is called, and what a reader of these pages can do about it. The lists are the
// API's own, so that a code which it gains is a fault here until it has words.
import type { components } from "@/api/openapi";
import type { Pair } from "./codes";

type Code = components["schemas"]["ErrorCode"];

export const refusal: Record<Code, Pair> = {
  key_missing: ["A key is needed", "Ein Schlüssel wird gebraucht"],
  key_wrong: ["The key is not valid", "Der Schlüssel gilt nicht"],
  too_many_failures: [
    "Too many tries with keys or passwords that do not hold",
    "Zu viele Versuche mit Schlüsseln oder Passwörtern, die nicht gelten",
  ],
  no_session: ["Nobody is signed in", "Niemand ist angemeldet"],
  csrf_token_wrong: [
    "The call does not come from the session's own page",
    "Der Aufruf kommt nicht von einer Seite dieser Sitzung",
  ],
  sign_in_failed: ["Signing in failed", "Die Anmeldung ist gescheitert"],
  second_factor_wanted: ["A code is needed as well", "Dazu wird ein Code gebraucht"],
  second_factor_missing: [
    "A second factor has to be set first",
    "Zuerst muss ein zweiter Faktor eingerichtet werden",
  ],
  no_mail_server: ["This Baton sends no letters", "Dieses Baton verschickt keine Briefe"],
  locked_out: [
    "The login waits after too many failures",
    "Nach zu vielen Fehlversuchen wartet diese Anmeldung",
  ],
  role_too_small: ["The role does not allow this", "Die Rolle erlaubt das nicht"],
  wrong_source: [
    "The key belongs to another source",
    "Der Schlüssel gehört zu einer anderen Quelle",
  ],
  tenant_needed: ["Say which tenant is meant", "Welcher Mandant gemeint ist, fehlt"],
  tenant_unknown: ["There is no such tenant", "Diesen Mandanten gibt es nicht"],
  not_found: ["There is no such thing", "Das gibt es nicht"],
  no_such_path: ["There is no such address", "Diese Adresse gibt es nicht"],
  method_not_allowed: [
    "The address does not have this method",
    "Diese Adresse kennt die Methode nicht",
  ],
  query_wrong: [
    "A part of what is asked for cannot be used",
    "Ein Teil der Anfrage ist unbrauchbar",
  ],
  cursor_wrong: ["This place is not one of the list", "Diese Stelle gehört nicht zu der Liste"],
  body_wrong: ["What was sent cannot be read", "Was gesendet wurde, ist nicht lesbar"],
  header_wrong: ["A header cannot be used", "Eine Kopfzeile ist unbrauchbar"],
  body_too_long: ["That is too long", "Das ist zu lang"],
  decompressed_too_long: ["That is too long once decompressed", "Das ist entpackt zu lang"],
  too_many_lines: ["These are too many lines at once", "Das sind zu viele Zeilen auf einmal"],
  headers_too_long: ["The headers are too long", "Die Kopfzeilen sind zu lang"],
  nested_too_deep: ["The JSON nests too deep", "Das JSON ist zu tief geschachtelt"],
  encoding_wrong: [
    "The bytes are not encoded as they say",
    "Die Bytes sind nicht so kodiert, wie sie angeben",
  ],
  body_timeout: ["It did not arrive in time", "Es ist nicht rechtzeitig angekommen"],
  busy: ["The server is busy", "Der Server ist ausgelastet"],
  stopping: ["The server is stopping", "Der Server wird beendet"],
  intake_elsewhere: ["This node takes no messages", "Dieser Knoten nimmt keine Nachrichten an"],
  store_unavailable: ["The store cannot be used now", "Die Datenbank ist gerade nicht erreichbar"],
  not_settled: ["There is still work under way", "Es ist noch Arbeit unterwegs"],
  internal: ["Something failed that should not", "Etwas ist gescheitert, das nicht scheitern darf"],
  conflict: [
    "It exists already, or its state does not allow this",
    "Das gibt es schon, oder sein Zustand lässt es nicht zu",
  ],
  idempotency_key_reused: [
    "The key for repeats was used for something else",
    "Der Schlüssel für Wiederholungen wurde für etwas anderes verwendet",
  ],
  idempotency_in_progress: ["The same is still being worked on", "Dasselbe wird noch bearbeitet"],
  events_gone: ["Events after that one are gone", "Die Ereignisse danach gibt es nicht mehr"],
  pack_faults: ["The packs have faults", "Die Pakete haben Fehler"],
  approval_needed: ["Others have to approve this first", "Andere müssen das zuerst genehmigen"],
  cannot_approve: [
    "You cannot decide this request",
    "Über diesen Antrag können Sie nicht entscheiden",
  ],
  claim_unknown: ["The order makes no such claim", "Der Auftrag sagt so etwas nicht"],
  fact_wrong: ["This cannot be stated of the order", "Das lässt sich von dem Auftrag nicht sagen"],
  value_wrong: ["A value cannot be used", "Ein Wert ist unbrauchbar"],
  received_at_refused: [
    "The time of receipt cannot be stated",
    "Der Zeitpunkt des Empfangs kann nicht angegeben werden",
  ],
};

const SEND_AGAIN: Pair = ["Try again in a moment.", "Versuchen Sie es gleich noch einmal."];
const SIGN_IN: Pair = ["Sign in again.", "Melden Sie sich noch einmal an."];
const LOAD_AGAIN: Pair = ["Load the page anew.", "Laden Sie die Seite neu."];
const LESS: Pair = ["Send it in several parts.", "Senden Sie es in mehreren Teilen."];
const MEND: Pair = [
  "Mend it and try again.",
  "Berichtigen Sie es und versuchen Sie es noch einmal.",
];
const REPORT: Pair = [
  "Please report it to whoever runs Baton.",
  "Bitte melden Sie es denen, die Baton betreiben.",
];

/** What to do, for a reader of these pages; scripts have the page of the code. */
export const remedy: Record<Code, Pair> = {
  key_missing: SIGN_IN,
  key_wrong: [
    "Check that the whole key was copied; if it is lost, an administrator makes another one.",
    "Prüfen Sie, ob der ganze Schlüssel kopiert wurde; ist er verloren, macht ein Administrator einen neuen.",
  ],
  too_many_failures: [
    "Wait a moment, then try with the right one.",
    "Warten Sie einen Moment und versuchen Sie es dann mit dem richtigen.",
  ],
  no_session: SIGN_IN,
  csrf_token_wrong: LOAD_AGAIN,
  sign_in_failed: [
    "Try again with care: after some failures the login waits. An administrator can reset a password.",
    "Versuchen Sie es mit Bedacht noch einmal: Nach einigen Fehlversuchen wartet die Anmeldung. Ein Administrator kann ein Passwort zurücksetzen.",
  ],
  second_factor_wanted: [
    "Enter the six digits that your app shows, or a recovery code.",
    "Geben Sie die sechs Ziffern ein, die Ihre App zeigt, oder einen Wiederherstellungscode.",
  ],
  second_factor_missing: [
    "Set one up on the page of your account.",
    "Richten Sie auf der Seite Ihres Kontos einen ein.",
  ],
  no_mail_server: [
    "Ask an administrator, who can make the link and hand it over.",
    "Bitten Sie einen Administrator, den Link zu machen und Ihnen zu geben.",
  ],
  locked_out: [
    "Wait. If it was not you, tell your administrator: somebody guesses.",
    "Warten Sie. Waren Sie es nicht, sagen Sie es Ihrem Administrator: Jemand rät.",
  ],
  role_too_small: [
    "Ask somebody whose role allows it, or an administrator.",
    "Bitten Sie jemanden, dessen Rolle es erlaubt, oder einen Administrator.",
  ],
  wrong_source: ["Use the key of that source.", "Verwenden Sie den Schlüssel dieser Quelle."],
  tenant_needed: LOAD_AGAIN,
  tenant_unknown: LOAD_AGAIN,
  not_found: [
    "It may have been removed, or is not for you to see.",
    "Vielleicht wurde es entfernt, oder es ist nicht für Sie bestimmt.",
  ],
  no_such_path: LOAD_AGAIN,
  method_not_allowed: LOAD_AGAIN,
  query_wrong: [
    "Take the filter back, or load the page anew.",
    "Nehmen Sie den Filter zurück oder laden Sie die Seite neu.",
  ],
  cursor_wrong: LOAD_AGAIN,
  body_wrong: MEND,
  header_wrong: MEND,
  body_too_long: LESS,
  decompressed_too_long: LESS,
  too_many_lines: LESS,
  headers_too_long: LESS,
  nested_too_deep: MEND,
  encoding_wrong: MEND,
  body_timeout: [
    "Send it again over a better connection, or in parts.",
    "Senden Sie es über eine bessere Verbindung noch einmal, oder in Teilen.",
  ],
  busy: SEND_AGAIN,
  stopping: SEND_AGAIN,
  intake_elsewhere: REPORT,
  store_unavailable: SEND_AGAIN,
  not_settled: [
    "Try again when less comes in.",
    "Versuchen Sie es noch einmal, wenn weniger eingeht.",
  ],
  internal: REPORT,
  conflict: ["Look at how it stands now.", "Sehen Sie nach, wie es jetzt steht."],
  idempotency_key_reused: LOAD_AGAIN,
  idempotency_in_progress: SEND_AGAIN,
  events_gone: LOAD_AGAIN,
  pack_faults: [
    "Mend what is listed. Nothing was changed.",
    "Berichtigen Sie, was aufgeführt ist. Nichts wurde geändert.",
  ],
  approval_needed: [
    "Ask for it, and have somebody else approve it.",
    "Beantragen Sie es, und lassen Sie es jemand anderen genehmigen.",
  ],
  cannot_approve: [
    "Another administrator who is signed in can; whoever asked can withdraw it.",
    "Ein anderer angemeldeter Administrator kann es; wer gefragt hat, kann zurückziehen.",
  ],
  claim_unknown: LOAD_AGAIN,
  fact_wrong: MEND,
  value_wrong: MEND,
  received_at_refused: [
    "Leave it out: the server notes it.",
    "Lassen Sie ihn weg: Der Server hält ihn fest.",
  ],
};
