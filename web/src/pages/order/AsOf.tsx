// The time slider: each step is an instant at which something about the order became known.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { timeline } from "@/api/queries";
import { text } from "@/i18n";
import { exact } from "@/i18n/format";

/** Dragging would ask for every step on the way. */
const SETTLE_MS = 140;

export function AsOf({
  id,
  asOf,
  set,
}: {
  id: string;
  asOf: string | undefined;
  set: (asOf: string | undefined) => void;
}) {
  const facts = useInfiniteQuery(timeline(id));
  const { data, hasNextPage, isFetching, fetchNextPage } = facts;
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const moments = useMemo(() => {
    const recorded =
      data?.pages.flatMap((page) => page.items.map((fact) => fact.recorded_at)) ?? [];
    return [...new Set(recorded)].sort();
  }, [data]);
  const last = moments.length;
  const stands = asOf === undefined ? last : moments.findLastIndex((moment) => moment <= asOf);
  const [dragged, setDragged] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only dragging starts the wait
  useEffect(() => {
    if (dragged === null) return;
    const timer = setTimeout(() => {
      set(dragged >= last ? undefined : moments[dragged]);
      setDragged(null);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [dragged]);
  const at = dragged ?? stands;
  const moment = moments[at];
  const shown = at >= last || moment === undefined ? text("as_of.now") : exact(moment);
  return (
    <div className="slider no-print">
      <label htmlFor="as-of" className="soft small">
        {text("as_of.title")}
      </label>
      <input
        id="as-of"
        type="range"
        min={0}
        max={last}
        value={Math.max(0, at)}
        aria-valuetext={shown}
        onChange={(event) => setDragged(Number(event.target.value))}
      />
      <output className="small nowrap">{shown}</output>
      {asOf !== undefined && (
        <button type="button" className="button" onClick={() => set(undefined)}>
          {text("as_of.back")}
        </button>
      )}
    </div>
  );
}
