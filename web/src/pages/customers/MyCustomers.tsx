// The reader's own customers: a switch that narrows what is shown to their orders, and the choice of who they are.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { myCustomers } from "@/api/queries";
import { text } from "@/i18n";
import { useMay } from "@/ui/session";
import { Toggle } from "@/ui/Toggle";
import { CustomerChoice } from "./CustomerChoice";

/** Whom the reader looks after; nobody where their role has no customers, or until it is known. */
export function useMyCustomers(): { chosen: string[]; isKnown: boolean } {
  const may = useMay("show_my_customers");
  const { data, isError } = useQuery({ ...myCustomers(), enabled: may });
  return { chosen: data?.customers ?? [], isKnown: !may || isError || data !== undefined };
}

/** Whoever has chosen nobody yet is asked to, and sees theirs then. */
export function MyCustomers({ on, set }: { on: boolean; set: (on: boolean) => void }) {
  const mayChoose = useMay("choose_my_customers");
  const { chosen } = useMyCustomers();
  const [choosing, setChoosing] = useState(false);
  if (!mayChoose) return null;
  return (
    <>
      <Toggle
        on={on}
        title={text("customers.mine")}
        set={(wanted) => {
          if (wanted && chosen.length === 0) setChoosing(true);
          else set(wanted);
        }}
      />
      {on && (
        <button type="button" className="button" onClick={() => setChoosing(true)}>
          {text("customers.choose")}
        </button>
      )}
      {choosing && (
        <CustomerChoice
          chosen={chosen}
          close={() => setChoosing(false)}
          kept={(customers) => {
            setChoosing(false);
            set(customers.length > 0);
          }}
        />
      )}
    </>
  );
}
