// What partners are called: the API names them by their keys, people by their names. A partner is told the names
// of those beside it, and on an order's page of all who play a part in that order.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useSession } from "@/ui/session";
import { partnerNames, partners } from "./queries";

export type NameOf = (partner: string) => string;

/** A partner's name by its key; the key itself where the reader is told no name of it. */
export function useNames(order?: string): NameOf {
  const isPartner = useSession().partner !== null;
  const all = useQuery({ ...partners(), enabled: !isPartner }).data;
  const beside = useQuery({ ...partnerNames(), enabled: isPartner }).data;
  const playing = useQuery({
    ...partnerNames(order),
    enabled: isPartner && order !== undefined,
  }).data;
  return useMemo(() => {
    const told = [all, beside, playing].flatMap((known) => known?.items ?? []);
    const names = new Map(told.map(({ partner, name }) => [partner, name]));
    return (partner: string) => names.get(partner) ?? partner;
  }, [all, beside, playing]);
}
