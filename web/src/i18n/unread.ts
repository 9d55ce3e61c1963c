// What of a message could not be read, by its code: of the mapping and of the X12 reader, each as a pack's author or
// a partner is told it, and of the server itself, which reads what they hand on. A test reads the sources, so that
// each code has its words here, and no other.
import type { Pair } from "./codes";

export const unread: Record<string, Pair> = {
  bad_amount: ["This is no amount", "Das ist kein Betrag und keine Menge"],
  bad_identifier: ["This names no object", "Das bezeichnet kein Objekt"],
  bad_time: ["This is no time", "Das ist keine Zeit"],
  body_unreadable: ["The body cannot be unpacked", "Der Inhalt lässt sich nicht auspacken"],
  broken_set: ["The transaction set is broken", "Der Nachrichtensatz ist fehlerhaft"],
  facts_unreadable: ["The list of statements cannot be read", "Die Aussagen sind nicht lesbar"],
  limit_exceeded: ["It is more than is read", "Es ist mehr, als gelesen wird"],
  mapping_failed: ["The mapping failed on it", "Die Abbildung ist daran gescheitert"],
  no_connector: ["No active pack reads the source", "Kein Paket in Kraft liest die Quelle"],
  no_identifier: ["It names no object of its own", "Es nennt kein eigenes Objekt"],
  no_mapping: [
    "No mapping is for such a message",
    "Für solche Nachrichten gibt es keine Abbildung",
  ],
  no_source: ["The tenant has no such source", "Der Mandant hat diese Quelle nicht"],
  no_subject: ["It does not say what it is about", "Es sagt nicht, worum es geht"],
  not_a_statement: ["The mapping gave no statement", "Die Abbildung ergab keine Aussage"],
  not_readable: ["It is not of the connector's format", "Es hat nicht das Format des Konnektors"],
  not_recorded: ["It could not be recorded", "Es ließ sich nicht festhalten"],
  odd_envelope: ["The envelope is unusual", "Der Umschlag ist ungewöhnlich"],
  placeholder: ["The number stands for none", "Die Nummer steht für keine"],
  reader_failed: ["The connector failed on it", "Der Konnektor ist daran gescheitert"],
  too_many_statements: ["It says more than can be kept", "Es sagt mehr, als behalten werden kann"],
  unknown_name: ["Nothing has this name", "Nichts heißt so"],
  unknown_set: ["No table reads such a set", "Keine Tabelle liest solche Nachrichtensätze"],
  unreadable: ["It cannot be read", "Es ist nicht lesbar"],

  "X12-ISA-MISSING": ["There is no ISA segment", "Ein ISA-Segment fehlt"],
  "X12-ISA-UNREADABLE": [
    "The delimiters of the ISA segment cannot be told",
    "Die Trennzeichen des ISA-Segments sind nicht erkennbar",
  ],
  "X12-ISA-LENGTH": [
    "The ISA segment is not 106 bytes long",
    "Das ISA-Segment hat nicht 106 Bytes",
  ],
  "X12-ISA-DELIMITER": [
    "The delimiters of ISA collide",
    "Die Trennzeichen in ISA widersprechen sich",
  ],
  "X12-ISA-ELEMENT": [
    "An element of ISA is not as the standard allows",
    "Ein Element in ISA ist nicht, wie es die Norm erlaubt",
  ],
  "X12-IEA-MISSING": ["The interchange has no IEA", "Dem Austausch fehlt das IEA"],
  "X12-IEA-UNEXPECTED": ["An IEA closes no interchange", "Ein IEA schließt keinen Austausch ab"],
  "X12-IEA-CONTROL-NUMBER": [
    "IEA02 is not the interchange's control number",
    "IEA02 ist nicht die Kontrollnummer des Austauschs",
  ],
  "X12-IEA-COUNT": ["IEA01 is not the number of groups", "IEA01 ist nicht die Zahl der Gruppen"],
  "X12-GS-MISSING": [
    "A set stands outside any group",
    "Ein Nachrichtensatz steht in keiner Gruppe",
  ],
  "X12-GE-MISSING": ["The group has no GE", "Der Gruppe fehlt das GE"],
  "X12-GE-UNEXPECTED": ["A GE closes no group", "Ein GE schließt keine Gruppe ab"],
  "X12-GE-CONTROL-NUMBER": [
    "GE02 is not the group's control number",
    "GE02 ist nicht die Kontrollnummer der Gruppe",
  ],
  "X12-GE-COUNT": [
    "GE01 is not the number of sets",
    "GE01 ist nicht die Zahl der Nachrichtensätze",
  ],
  "X12-GS-DUPLICATE": [
    "Two groups have the same control number",
    "Zwei Gruppen haben dieselbe Kontrollnummer",
  ],
  "X12-GS-ELEMENT": [
    "An element of GS is not as the standard allows",
    "Ein Element in GS ist nicht, wie es die Norm erlaubt",
  ],
  "X12-GS-FUNCTION": ["GS01 does not fit the set", "GS01 passt nicht zum Nachrichtensatz"],
  "X12-ST-IDENTIFIER": ["ST01 names no kind of set", "ST01 nennt keine Art von Nachrichtensatz"],
  "X12-ST-CONTROL-NUMBER": ["ST02 is no control number", "ST02 ist keine Kontrollnummer"],
  "X12-ST-DUPLICATE": [
    "Two sets have the same control number",
    "Zwei Nachrichtensätze haben dieselbe Kontrollnummer",
  ],
  "X12-SE-MISSING": ["The set has no SE", "Dem Nachrichtensatz fehlt das SE"],
  "X12-SE-UNEXPECTED": ["An SE closes no set", "Ein SE schließt keinen Nachrichtensatz ab"],
  "X12-SE-CONTROL-NUMBER": [
    "SE02 is not the set's control number",
    "SE02 ist nicht die Kontrollnummer des Nachrichtensatzes",
  ],
  "X12-SE-COUNT": ["SE01 is not the number of segments", "SE01 ist nicht die Zahl der Segmente"],
  "X12-TA1-PLACE": [
    "A TA1 stands elsewhere than between ISA and GS",
    "Ein TA1 steht anderswo als zwischen ISA und GS",
  ],
  "X12-SEGMENT-OUTSIDE": [
    "A segment stands outside any set",
    "Ein Segment steht in keinem Nachrichtensatz",
  ],
  "X12-SEGMENT-UNTERMINATED": [
    "The last segment does not end",
    "Dem letzten Segment fehlt sein Endezeichen",
  ],
  "X12-SEGMENT-ID": [
    "A segment begins with no identifier",
    "Ein Segment beginnt nicht mit seinem Namen",
  ],
  "X12-LINE-BREAK": [
    "A line break stands inside a segment",
    "In einem Segment steht ein Zeilenumbruch",
  ],
  "X12-BINARY-LENGTH": [
    "Binary data is not as long as declared",
    "Binärdaten sind nicht so lang wie angegeben",
  ],
  "X12-STRAY": ["Bytes stand outside any interchange", "Bytes stehen in keinem Austausch"],
  "X12-FILE-LENGTH": ["The file is longer than is read", "Die Datei ist länger, als gelesen wird"],
  "X12-MORE-FAULTS": [
    "There are more faults than are listed",
    "Es sind mehr Fehler, als gezeigt werden",
  ],
  "X12-SEGMENT-MISSING": ["A mandatory segment is missing", "Ein Pflichtsegment fehlt"],
  "X12-SEGMENT-UNEXPECTED": [
    "A segment is not expected here",
    "Ein Segment wird an dieser Stelle nicht erwartet",
  ],
  "X12-SEGMENT-ORDER": ["A segment comes too late", "Ein Segment kommt zu spät"],
  "X12-SEGMENT-REPEATED": ["A segment occurs too often", "Ein Segment kommt zu oft vor"],
  "X12-ELEMENT-MISSING": ["A mandatory element is empty", "Ein Pflichtelement ist leer"],
  "X12-ELEMENT-SHORT": ["An element is too short", "Ein Element ist zu kurz"],
  "X12-ELEMENT-LONG": ["An element is too long", "Ein Element ist zu lang"],
  "X12-ELEMENT-DATE": ["An element is not a date", "Ein Element ist kein Datum"],
  "X12-ELEMENT-TIME": ["An element is not a time", "Ein Element ist keine Uhrzeit"],
  "X12-ELEMENT-NUMBER": ["An element is not a number", "Ein Element ist keine Zahl"],
  "X12-ELEMENT-EXCLUSIVE": [
    "Two elements are given that exclude each other",
    "Zwei Elemente sind angegeben, die einander ausschließen",
  ],
  "X12-ELEMENT-PAIRED": [
    "An element is missing that another needs",
    "Ein Element fehlt, das ein anderes braucht",
  ],
  "X12-HL-PARENT": ["The parent of an HL comes not before it", "Das Eltern-HL steht nicht davor"],
  "X12-HL-NUMBER": [
    "The number of an HL is empty or used twice",
    "Die Nummer eines HL fehlt oder kommt zweimal vor",
  ],
  "X12-HL-DEPTH": ["HL segments are nested too deep", "HL-Segmente sind zu tief geschachtelt"],
};

/** What was expected, by the server's English, where that is the same every time. */
export const EXPECTED: Record<string, string> = {
  JSON: "JSON",
  "[scheme, number] or [scheme, number, issuer]":
    "[Schema, Nummer] oder [Schema, Nummer, Herausgeber]",
  "a component separator of its own": "ein eigenes Trennzeichen für Komponenten",
  "a control number of nine digits": "eine Kontrollnummer mit neun Ziffern",
  "a currency of ISO 4217 such as USD": "eine Währung nach ISO 4217 wie USD",
  "a date as CCYYMMDD": "ein Datum als JJJJMMTT",
  "a date as YYMMDD": "ein Datum als JJMMTT",
  "a decimal number such as 12.50": "eine Dezimalzahl wie 12.50",
  "a line of an order": "eine Position eines Auftrags",
  "a line with `number` or `sku`": "eine Position mit `number` oder `sku`",
  "a milestone of the standard such as O10 or T60":
    "ein Meilenstein des Standards wie O10 oder T60",
  "a number": "eine Zahl",
  "a number as text, or a whole number": "eine Nummer als Text, oder eine ganze Zahl",
  "a number of its own; this one stands for none, and many things share it":
    "eine eigene Nummer; diese steht für keine, und vieles trägt sie",
  "a number used once in the group": "eine Nummer, die in der Gruppe einmal vorkommt",
  "a number used once in the interchange": "eine Nummer, die im Austausch einmal vorkommt",
  "a number used once in the set": "eine Nummer, die im Nachrichtensatz einmal vorkommt",
  "a number; it was left out, as many things share it":
    "eine Nummer; sie blieb weg, weil vieles sie trägt",
  "a receiver": "ein Empfänger",
  "a role such as carrier, oem or service": "eine Rolle wie carrier, oem oder service",
  "a sender": "ein Absender",
  "a sound transaction set": "ein fehlerfreier Nachrichtensatz",
  "a text": "ein Text",
  "a text of at most 1000 bytes": "ein Text mit höchstens 1000 Bytes",
  "a time as HHMM": "eine Uhrzeit als HHMM",
  "a time such as 2026-05-03T14:10:00Z, 2026-05-03T14:10:00-05:00, 2026-05-03T14:10 or 2026-05-03":
    "eine Zeit wie 2026-05-03T14:10:00Z, 2026-05-03T14:10:00-05:00, 2026-05-03T14:10 oder 2026-05-03",
  "a time zone such as America/Chicago or -05:00": "eine Zeitzone wie America/Chicago oder -05:00",
  "a value": "ein Wert",
  "a version such as 00401": "eine Version wie 00401",
  "a version such as 004010": "eine Version wie 004010",
  "a whole number": "eine ganze Zahl",
  "an X12 interchange with transaction sets": "ein X12-Austausch mit Nachrichtensätzen",
  "an exact number: pass it on as it came, as text or number":
    "eine genaue Zahl: so weitergegeben, wie sie kam, als Text oder Zahl",
  "an exception of the taxonomy such as E-ORD-07": "eine Ausnahme der Taxonomie wie E-ORD-07",
  "an interchange that begins with ISA": "ein Austausch, der mit ISA beginnt",
  'an object such as {"order": ["po", "PO-1"]}': 'ein Objekt wie {"order": ["po", "PO-1"]}',
  "an object with `about` and what is said of it":
    "ein Objekt mit `about` und dem, was darüber gesagt wird",
  'an object with its number, such as {"order": ["po", "PO-1"]}':
    'ein Objekt mit seiner Nummer, etwa {"order": ["po", "PO-1"]}',
  "at least one group or TA1 before it": "davor mindestens eine Gruppe oder ein TA1",
  "declared_key or reference": "declared_key oder reference",
  "line breaks only between segments": "Zeilenumbrüche nur zwischen Segmenten",
  "no line break inside ISA": "kein Zeilenumbruch in ISA",
  "one JSON document a line": "ein JSON-Dokument je Zeile",
  "one object only": "nur ein Objekt",
  "something said, such as `milestone`, `status` or `ordered`":
    "eine Aussage wie `milestone`, `status` oder `ordered`",
  "the name of a scheme such as po or tracking": "der Name eines Schemas wie po oder tracking",
  "the number of an earlier HL": "die Nummer eines früheren HL",
  "the segment terminator only at the end of ISA": "das Segmentende nur am Ende von ISA",
  "three digits such as 850": "drei Ziffern wie 850",
  "two characters such as PO": "zwei Zeichen wie PO",
  "two or three capitals or digits": "zwei oder drei Großbuchstaben oder Ziffern",
  "`0` or `1`": "`0` oder `1`",
  "`P`, `T` or `I`": "`P`, `T` oder `I`",
};
