// Choosing the customers that one looks after, by the names that orders have.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ask, client } from "@/api/client";
import { customers } from "@/api/queries";
import { text } from "@/i18n";
import { Dialog } from "@/ui/Dialog";
import { Skeleton, Trouble } from "@/ui/states";
import "./customers.css";

/** So many can be looked after; the server says the same. */
const CUSTOMERS_MAX = 100;

export function CustomerChoice({
  chosen: before,
  close,
  kept,
}: {
  chosen: string[];
  close: () => void;
  kept: (customers: string[]) => void;
}) {
  const queries = useQueryClient();
  const [chosen, setChosen] = useState(before);
  const [begun, setBegun] = useState("");
  const found = useQuery({ ...customers(begun.trim()), placeholderData: keepPreviousData });
  const keeping = useMutation({
    mutationFn: () => ask(client.PUT("/v1/my-customers", { body: { customers: chosen } })),
    onSuccess: async ({ customers }) => {
      queries.setQueryData(["my-customers"], { customers });
      for (const name of ["orders", "exceptions", "home"])
        void queries.invalidateQueries({ queryKey: [name] });
      kept(customers);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    keeping.mutate();
  };
  const offered = (found.data?.items ?? []).map(({ name }) => name);
  const names = [...new Set([...chosen, ...offered])].sort((a, b) => a.localeCompare(b));
  const full = chosen.length >= CUSTOMERS_MAX;
  const choose = (name: string, on: boolean) =>
    setChosen((now) => (on ? [...now, name] : now.filter((each) => each !== name)));
  return (
    <Dialog title={text("customers.choose_title")} close={close}>
      <form className="form" onSubmit={submit}>
        <p className="soft">{text("customers.hint")}</p>
        <label className="field">
          <span>{text("customers.find")}</span>
          <input
            className="input"
            type="search"
            value={begun}
            onChange={(event) => setBegun(event.target.value)}
          />
        </label>
        {found.isPending && <Skeleton rows={4} />}
        {found.error && <Trouble error={found.error} />}
        {found.data && offered.length === 0 && (
          <p className="soft">{text("customers.none_found")}</p>
        )}
        <ul className="plain-list choices">
          {names.map((name) => {
            const on = chosen.includes(name);
            return (
              <li key={name}>
                <label>
                  <input
                    type="checkbox"
                    checked={on}
                    disabled={!on && full}
                    onChange={(event) => choose(name, event.target.checked)}
                  />
                  {name}
                </label>
              </li>
            );
          })}
        </ul>
        {full && <p className="soft">{text("customers.most", { most: CUSTOMERS_MAX })}</p>}
        {keeping.error && <Trouble error={keeping.error} />}
        <div className="form-foot">
          <span className="soft">{text("customers.chosen", { count: chosen.length })}</span>
          <button type="submit" className="button primary" disabled={keeping.isPending}>
            {text("customers.save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
