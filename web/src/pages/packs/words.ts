// The pack format's own words, which its schemas and the findings have in English, in the reader's language. The
// German comes when it is needed: few readers write packs.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useLanguage } from "@/i18n";

export interface PackWords {
  /** What a schema says of a place. */
  help: (description: string) => string;
  /** What a finding says that was expected. */
  expected: (text: string) => string;
}

const AS_IT_IS: PackWords = { help: (text) => text, expected: (text) => text };

/** Line breaks of the source are none of the text's. */
export const oneLine = (text: string) => text.split(/\s+/).join(" ").trim();

export function usePackWords(): PackWords {
  const german = useLanguage() === "de";
  const { data } = useQuery({
    queryKey: ["pack-words", "de"],
    queryFn: () => import("./help.de"),
    enabled: german,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return useMemo(() => {
    if (!german || !data) return AS_IT_IS;
    return {
      help: (text) => data.HELP[oneLine(text)] ?? text,
      expected: (text) => data.EXPECTED[text] ?? text,
    };
  }, [german, data]);
}
