// Ctrl-K (or ⌘K): where one wants to go, by a few letters. Pages by their names, orders by any number that
// anybody uses for them or by the customer's name.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent as Pressed, useDeferredValue, useEffect, useState } from "react";
import { ask, client } from "@/api/client";
import { text, word } from "@/i18n";
import { Dialog } from "@/ui/Dialog";

/** A page that the reader may open. */
export interface Place {
  to: string;
  title: string;
}

/** Orders that are offered. */
const ORDERS = 6;

/** Opens the palette by its keys, wherever the reader is. */
export function Palette({ places }: { places: Place[] }) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey)
        return;
      event.preventDefault();
      setOpen((was) => !was);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  return (
    <>
      <button type="button" className="button palette-open" onClick={() => setOpen(true)}>
        {text("palette.open")} <kbd>Ctrl K</kbd>
      </button>
      {open && <Finder places={places} close={() => setOpen(false)} />}
    </>
  );
}

interface Choice {
  key: string;
  title: string;
  more: string;
  go: () => void;
}

function Finder({ places, close }: { places: Place[]; close: () => void }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const wanted = useDeferredValue(typed.trim());
  const found = useQuery({
    queryKey: ["orders", "palette", wanted],
    queryFn: ({ signal }) =>
      ask(client.GET("/v1/orders", { params: { query: { q: wanted, limit: ORDERS } }, signal })),
    enabled: wanted !== "",
  });
  const goes = (title: string) => title.toLowerCase().includes(typed.trim().toLowerCase());
  const choices: Choice[] = [
    ...places
      .filter(({ title }) => goes(title))
      .map(({ to, title }) => ({
        key: to,
        title,
        more: text("palette.page"),
        go: () => void navigate({ to }),
      })),
    ...(wanted === "" ? [] : (found.data?.items ?? [])).map((order) => ({
      key: order.id,
      title: text("order.title", { number: order.number }),
      more: [order.customer, word("phase", order.phase)].filter(Boolean).join(" · "),
      go: () => void navigate({ to: "/orders/$id", params: { id: order.id } }),
    })),
  ];
  const chosen = Math.min(at, choices.length - 1);
  const take = (choice: Choice | undefined) => {
    if (!choice) return;
    close();
    choice.go();
  };
  const press = (event: Pressed) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((chosen + step + choices.length) % Math.max(1, choices.length));
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={text("palette.title")} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          take(choices[chosen]);
        }}
      >
        <input
          className="input palette-input"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-choices"
          aria-activedescendant={choices[chosen] ? `palette-${chosen}` : undefined}
          aria-label={text("palette.hint")}
          placeholder={text("palette.hint")}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
      </form>
      <div
        id="palette-choices"
        className="palette"
        role="listbox"
        aria-label={text("palette.title")}
      >
        {choices.map((choice, n) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the input, which keeps the focus
          <div
            key={choice.key}
            id={`palette-${n}`}
            role="option"
            aria-selected={n === chosen}
            tabIndex={-1}
            onPointerMove={() => setAt(n)}
            onClick={() => take(choice)}
          >
            <span>{choice.title}</span>
            <span className="soft small">{choice.more}</span>
          </div>
        ))}
      </div>
      {choices.length === 0 && !found.isFetching && (
        <p className="soft">{text("palette.nothing")}</p>
      )}
    </Dialog>
  );
}
