// The filters above the orders. They stand in the address bar, so that a view can be sent and kept.
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Partner } from "@/api/types";
import { text, word } from "@/i18n";
import { Menu } from "@/ui/Menu";
import { Toggle } from "@/ui/Toggle";
import type { OrdersSearch } from "./search";

const PHASES = [
  "placed",
  "confirmed",
  "partly_shipped",
  "shipped",
  "partly_delivered",
  "delivered",
  "closed",
  "cancelled",
  "disputed",
];
const SORTS = ["updated", "promised", "late"] as const;
/** Filters that are behind "more". */
const FURTHER = ["partner", "promised_from", "promised_to", "exception"] as const;
/** A search while one types would show what nobody asked for. */
const TYPING_MS = 25;

export function Filters({ search, partners }: { search: OrdersSearch; partners: Partner[] }) {
  const navigate = useNavigate({ from: "/orders" });
  const set = (change: Partial<OrdersSearch>) =>
    navigate({ to: "/orders", search: { ...search, ...change }, replace: true });
  const further = FURTHER.filter((name) => search[name] !== undefined).length;
  return (
    <div className="filters one-row no-print">
      <Search value={search.q ?? ""} set={(q) => set({ q: q || undefined })} />
      <select
        className="input"
        aria-label={text("orders.phase")}
        value={search.phase ?? ""}
        onChange={(event) => set({ phase: event.target.value || undefined })}
      >
        <option value="">{text("orders.any_phase")}</option>
        {PHASES.map((phase) => (
          <option key={phase} value={phase}>
            {word("phase", phase)}
          </option>
        ))}
      </select>
      <PartnerChoice
        label={text("orders.any_holder")}
        value={search.holder}
        partners={partners}
        set={(holder) => set({ holder })}
      />
      <Toggle
        on={search.late ?? false}
        title={text("orders.late_only")}
        set={(on) => set({ late: on || undefined })}
      />
      <Toggle
        on={search.troubled ?? false}
        title={text("orders.troubled_only")}
        set={(on) => set({ troubled: on || undefined })}
      />
      <Menu
        title={further > 0 ? text("filters.more_on", { count: further }) : text("filters.more")}
        on={further > 0}
      >
        <PartnerChoice
          label={text("orders.any_partner")}
          value={search.partner}
          partners={partners}
          set={(partner) => set({ partner })}
        />
        <DayChoice
          label={text("orders.promised_from")}
          value={search.promised_from}
          set={(promised_from) => set({ promised_from })}
        />
        <DayChoice
          label={text("orders.promised_to")}
          value={search.promised_to}
          set={(promised_to) => set({ promised_to })}
        />
        {search.exception && (
          <button
            type="button"
            className="button"
            onClick={() => set({ exception: undefined })}
            title={text("action.remove")}
          >
            {word("exception", search.exception)} ×
          </button>
        )}
        <button
          type="button"
          className="button"
          disabled={further === 0}
          onClick={() => set(Object.fromEntries(FURTHER.map((name) => [name, undefined])))}
        >
          {text("filters.none")}
        </button>
      </Menu>
      <select
        className="input end"
        aria-label={text("orders.sort")}
        value={search.sort ?? (search.view === "board" ? "late" : "updated")}
        onChange={(event) => set({ sort: event.target.value as OrdersSearch["sort"] })}
      >
        {SORTS.map((sort) => (
          <option key={sort} value={sort}>
            {text(`orders.sort_${sort}`)}
          </option>
        ))}
      </select>
    </div>
  );
}

function DayChoice({
  label,
  value,
  set,
}: {
  label: string;
  value: string | undefined;
  set: (day: string | undefined) => void;
}) {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        className="input"
        type="date"
        value={value ?? ""}
        onChange={(event) => set(event.target.value || undefined)}
      />
    </label>
  );
}

function Search({ value, set }: { value: string; set: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed starts the wait
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => set(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <input
      className="input search"
      type="search"
      aria-label={text("orders.search")}
      placeholder={text("orders.search")}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}

function PartnerChoice(properties: {
  label: string;
  value: string | undefined;
  partners: Partner[];
  set: (partner: string | undefined) => void;
}) {
  const { label, value, partners, set } = properties;
  return (
    <select
      className="input"
      aria-label={label}
      value={value ?? ""}
      onChange={(event) => set(event.target.value || undefined)}
    >
      <option value="">{label}</option>
      {partners.map(({ partner, name }) => (
        <option key={partner} value={partner}>
          {name}
        </option>
      ))}
    </select>
  );
}
