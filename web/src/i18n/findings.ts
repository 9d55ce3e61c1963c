// What can be wrong with a pack, by the server's codes. What was found is quoted; what was expected is in the pack
// format's own words (see help.de.ts).
import type { components } from "@/api/openapi";
import type { Pair } from "./codes";

export const finding: Record<components["schemas"]["FindingCode"], Pair> = {
  file_missing: ["A file is missing", "Eine Datei fehlt"],
  file_unknown: ["No file of a pack is called so", "So heißt keine Datei eines Pakets"],
  file_unreadable: ["The file cannot be read", "Die Datei ist nicht lesbar"],
  limit_exceeded: ["More than a pack may have", "Mehr, als ein Paket haben darf"],
  yaml_syntax: ["This is no sound YAML", "Das ist kein fehlerfreies YAML"],
  unknown_key: ["There is no such key here", "Diesen Schlüssel gibt es hier nicht"],
  missing_key: ["A key is missing", "Ein Schlüssel fehlt"],
  repeated_key: ["The key stands here already", "Der Schlüssel steht hier schon"],
  bad_value: ["The value cannot be used", "Der Wert ist unbrauchbar"],
  unknown_name: ["Nothing has this name", "Nichts heißt so"],
  repeated_name: ["The name is taken", "Der Name ist vergeben"],
  jq_syntax: ["This is no jq program", "Das ist kein jq-Programm"],
  jq_forbidden: [
    "A mapping may not look outside its input",
    "Eine Abbildung darf nur auf ihre Eingabe sehen",
  ],
  cel_syntax: ["This is no condition in CEL", "Das ist keine Bedingung in CEL"],
  cel_name: ["A condition knows no such name", "Diesen Namen kennt keine Bedingung"],
  calendar: ["Nobody can keep this calendar", "Diesen Kalender kann niemand einhalten"],
  reference: ["What this refers to is not there", "Worauf sich das bezieht, ist nicht da"],
  requires: ["A pack that this one needs is not active", "Ein nötiges Paket ist nicht in Kraft"],
};
