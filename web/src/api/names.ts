// What partners are called: the API names them by their keys, people by their names.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { partners } from "./queries";

export type NameOf = (partner: string) => string;

/** A partner's name by its key; the key itself where the reader is told no name of it. */
export function useNames(): NameOf {
  const { data } = useQuery(partners());
  return useMemo(() => {
    const names = new Map(data?.items.map(({ partner, name }) => [partner, name]));
    return (partner: string) => names.get(partner) ?? partner;
  }, [data]);
}
