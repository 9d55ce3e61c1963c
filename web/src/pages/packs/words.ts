// The pack format's own words, which its schemas and the findings have in English, in the reader's language. The
// German comes when it is needed: few readers write packs.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useLanguage } from "@/i18n";
import type { Part } from "@/i18n/parts";

export interface PackWords {
  /** What a schema says of a place. */
  help: (description: string) => string;
  /** What a finding says that was expected; what has no words is quoted. */
  expected: (text: string) => Part;
  /** What it says that was found; `null` where that is the file's and not the server's. */
  found: (text: string) => string | null;
  /** The words of a program that reads a part of a pack. */
  parser: (text: string) => Part;
}

const AS_IT_IS: PackWords = {
  help: (text) => text,
  expected: (text) => text,
  found: () => null,
  parser: (text) => text,
};

/** Line breaks of the source are none of the text's. */
export const oneLine = (text: string) => text.split(/\s+/).join(" ").trim();

export function usePackWords(): PackWords {
  const german = useLanguage() === "de";
  const { data } = useQuery({
    queryKey: ["pack-words", "de"],
    queryFn: async () => ({ ...(await import("./help.de")), ...(await import("./expected.de")) }),
    enabled: german,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return useMemo(() => {
    if (!german || !data) return AS_IT_IS;
    return {
      help: (text) => data.HELP[oneLine(text)] ?? text,
      expected: (text) => data.expectedInGerman(text) ?? { quote: text },
      found: data.foundInGerman,
      parser: (text) => ({ quote: text }),
    };
  }, [german, data]);
}
