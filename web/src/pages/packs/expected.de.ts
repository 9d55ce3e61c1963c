// What is wrong with a pack, in German, by the server's English, in which places for values are marked.
import { type Phrases, phrases } from "@/i18n/phrases";

/** What a finding says that was expected. */
export const EXPECTED: Phrases = {
  "[scheme, reference] or [scheme, reference, issuer]":
    "[Schema, Verweis] oder [Schema, Verweis, Herausgeber]",
  "`from` and `week`": "`from` und `week`",
  "`map` or `mappings` for a JSON format": "`map` oder `mappings` für ein JSON-Format",
  "`map` or `mappings`: a jq program that yields statements":
    "`map` oder `mappings`: ein jq-Programm, das Aussagen ergibt",
  "`sets` for the format x12": "`sets` für das Format x12",
  "`sets`: how each transaction set is read": "`sets`: wie jeder Nachrichtensatz gelesen wird",
  "a calendar of these packs": "ein Kalender dieser Pakete",
  "a calendar that can be kept": "ein Kalender, der sich einhalten lässt",
  "a CEL expression": "ein CEL-Ausdruck",
  "a code table of these packs": "eine Codetabelle dieser Pakete",
  "a day such as 2026-07-01": "ein Tag wie 2026-07-01",
  "a day of its own": "ein eigener Tag",
  "a file of at most {1} bytes": "eine Datei mit höchstens {1} Bytes",
  "a file that can be read": "eine lesbare Datei",
  "a hand-off of a journey of these packs": "eine Übergabe eines Ablaufs dieser Pakete",
  "a jq program": "ein jq-Programm",
  "a JSON pointer such as /sent_at": "ein JSON-Pointer wie /sent_at",
  "a key that statements have{hint}": "ein Schlüssel, den Aussagen haben{hint}",
  "a list": "eine Liste",
  "a list of declarations": "eine Liste von Festlegungen",
  "a manifest with name, version and title": "Angaben mit name, version und title",
  "a map": "eine Zuordnung",
  "a map of keys": "eine Zuordnung von Schlüsseln",
  "a member's name": "der Name eines Mitglieds",
  "a milestone, exception, clears or liable, or `nothing: true`":
    "milestone, exception, clears oder liable, oder `nothing: true`",
  "a name as key": "ein Name als Schlüssel",
  "a name of its own, or `overrides: true` in the manifest":
    "ein eigener Name, oder `overrides: true` in pack.yaml",
  "a name of lower-case letters, digits and hyphens, such as acme-tracking":
    "ein Name aus Kleinbuchstaben, Ziffern und Bindestrichen, etwa acme-tracking",
  "a number": "eine Zahl",
  "a pack that is active too": "ein Paket, das auch in Kraft ist",
  "a program that depends on nothing but its input":
    "ein Programm, das von nichts als seiner Eingabe abhängt",
  "a reference such as PO102, REF[BM]02 or ^HL:O/PRF01, or =text for the text itself":
    "ein Verweis wie PO102, REF[BM]02 oder ^HL:O/PRF01, oder =text für den Text selbst",
  "a role or a list of roles": "eine Rolle oder eine Liste von Rollen",
  "a single value": "ein einzelner Wert",
  "a smaller one": "ein kleineres",
  "a statement": "eine Aussage",
  "a text": "ein Text",
  "a time zone such as America/Chicago": "eine Zeitzone wie America/Chicago",
  "a value": "ein Wert",
  "a whole number": "eine ganze Zahl",
  "a whole number from 0 to 255": "eine ganze Zahl von 0 bis 255",
  "a whole number from 0 to 65535": "eine ganze Zahl von 0 bis 65535",
  "a YAML document": "ein YAML-Dokument",
  "a {1} that exists": "etwas, das es gibt ({1})",
  "an IANA name such as Europe/Zurich or UTC": "ein IANA-Name wie Europe/Zurich oder UTC",
  "any JSON": "irgendein JSON",
  "at most {1}": "höchstens {1}",
  "at most {1} bytes": "höchstens {1} Bytes",
  "at most {1} files": "höchstens {1} Dateien",
  "at most {1} levels": "höchstens {1} Ebenen",
  "at most {1} levels of brackets": "höchstens {1} Ebenen von Klammern",
  "at most {1} values": "höchstens {1} Werte",
  "connector, received_at and role": "connector, received_at und role",
  "each code once": "jeder Code einmal",
  "each date once": "jeder Tag einmal",
  "each key once": "jeder Schlüssel einmal",
  "for example 08:00-12:00 (24:00 ends a day)": "etwa 08:00-12:00 (24:00 beendet einen Tag)",
  "for example 90m, 36h, 2d or 1d 12h": "etwa 90m, 36h, 2d oder 1d 12h",
  "header, or loops and segments such as PO1, PO1/ACK or HL:I":
    "header, oder Schleifen und Segmente wie PO1, PO1/ACK oder HL:I",
  "intervals apart": "Zeiten, die sich nicht überschneiden",
  "lower-case letters, digits and hyphens, such as acme-tracking":
    "Kleinbuchstaben, Ziffern und Bindestriche, etwa acme-tracking",
  "no such key": "kein solcher Schlüssel",
  nothing: "nichts",
  "one of the two": "eines von beiden",
  "one of {1}": "eines von {1}",
  "one YAML document a file": "ein YAML-Dokument je Datei",
  "pack.yaml, connectors/*.yaml, codes/*.yaml, journeys.yaml, schemes.yaml, calendars.yaml, slas.yaml, rules.yaml, authority.yaml or fixtures/":
    "pack.yaml, connectors/*.yaml, codes/*.yaml, journeys.yaml, schemes.yaml, calendars.yaml, slas.yaml, rules.yaml, authority.yaml oder fixtures/",
  "RFC 3339 with an offset, such as 2026-05-03T14:10:00Z":
    "RFC 3339 mit Abstand zu UTC, etwa 2026-05-03T14:10:00Z",
  "the key `{1}`": "der Schlüssel `{1}`",
  "the message, as `input.<extension>`": "die Nachricht, als `input.<Endung>`",
  "the name of a journey above": "der Name eines Ablaufs weiter oben",
  "the value itself": "der Wert selbst",
  "three numbers, such as 1.0.0": "drei Zahlen, etwa 1.0.0",
  "true or false": "true oder false",
  "UTF-8": "UTF-8",
  "well-formed YAML": "wohlgeformtes YAML",
  "year-month-day such as 2026-05-01": "Jahr-Monat-Tag wie 2026-05-01",
};

/** What was found, where the file does not say it. */
export const FOUND: Phrases = {
  "'always' is the calendar that is always open and needs no declaration, choose another name":
    "'always' ist der Kalender, der immer offen ist und keine Festlegung braucht; nehmen Sie einen anderen Namen",
  "'{1}' does not end after it starts; an interval past midnight is written as two, up to 24:00 and from 00:00 of the next day":
    "'{1}' endet nicht, nachdem es beginnt; was über Mitternacht geht, wird als zwei geschrieben, bis 24:00 und ab 00:00 des nächsten Tages",
  "a huge file": "eine riesige Datei",
  "a jq program": "ein jq-Programm",
  "a list": "eine Liste",
  "a long program": "ein langes Programm",
  "a map": "eine Zuordnung",
  "a nested key": "ein geschachtelter Schlüssel",
  "a program that the compiler gave up on": "ein Programm, an dem der Übersetzer aufgab",
  "a second document": "ein zweites Dokument",
  "a single value": "ein einzelner Wert",
  "an alias (`*name`)": "ein Verweis (`*name`)",
  "both `map` and `mappings`": "sowohl `map` als auch `mappings`",
  "bytes that are no text": "Bytes, die kein Text sind",
  "deep nesting": "tiefe Schachtelung",
  "longer than {1} bytes": "länger als {1} Bytes",
  "no version has any working time, so no clock would ever end; give at least one interval":
    "keine Fassung hat Arbeitszeit, keine Uhr würde je enden; geben Sie mindestens eine Zeit an",
  nothing: "nichts",
  "the end": "das Ende",
  "{1} bytes": "{1} Bytes",
  "{1} files": "{1} Dateien",
};

/** What values are called by what reads them. */
const KINDS: Phrases = {
  "boolean `{1}`": "Wahrheitswert {1}",
  "floating point `{1}`": "Zahl {1}",
  "integer `{1}`": "ganze Zahl {1}",
  'string "{1}"': "Text {1}",
};

export const expectedInGerman = phrases(EXPECTED);
export const foundInGerman = phrases({ ...FOUND, ...KINDS });
