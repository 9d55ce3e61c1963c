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
