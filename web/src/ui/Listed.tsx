// A list as a panel: nothing yet, trouble, nothing at all, or its table with the way to more.
import type { ReactNode } from "react";
import { More } from "./More";
import { Empty, Skeleton, Trouble } from "./states";

export interface List {
  isPending: boolean;
  error: unknown;
  data: unknown;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

export function Listed({
  list,
  count,
  none,
  children,
}: {
  list: List;
  /** How many rows there are so far. */
  count: number;
  /** What is said where there are none. */
  none: string;
  children: ReactNode;
}) {
  return (
    <>
      {list.isPending && <Skeleton rows={8} />}
      {list.error != null && <Trouble error={list.error} retry={() => list.refetch()} />}
      {list.data !== undefined && (
        <section className="panel">
          {count === 0 ? (
            <Empty title={none} />
          ) : (
            <div className="table-scroll">
              <table className="table">{children}</table>
            </div>
          )}
          <More list={list} />
        </section>
      )}
    </>
  );
}
