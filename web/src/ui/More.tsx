// The rest of a list, where there is one.
import { text } from "@/i18n";

export function More({
  list,
}: {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}) {
  if (!list.hasNextPage) return null;
  return (
    <p className="panel-body">
      <button
        type="button"
        className="button"
        disabled={list.isFetchingNextPage}
        onClick={() => list.fetchNextPage()}
      >
        {text("action.more")}
      </button>
    </p>
  );
}
