// What a page shows when it has nothing, not yet, or not for this reader.
import type { ReactNode } from "react";
import { Refused } from "@/api/client";
import { text } from "@/i18n";

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

const WIDTHS = ["62%", "84%", "47%", "73%", "58%"];

export function Skeleton({ rows = 5 }: { rows?: number }) {
  return (
    <div className="stack panel-body" role="status">
      <span className="hidden-text">{text("state.loading")}</span>
      {Array.from({ length: rows }, (_, at) => (
        // The rows are all alike and never move.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <span key={at} className="skeleton" style={{ width: WIDTHS[at % WIDTHS.length] }} />
      ))}
    </div>
  );
}

/** A refusal in the API's own words, which say what to do; 403 and 404 have words of their own. */
export function Trouble({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = error instanceof Refused ? error.problem : null;
  const title =
    problem?.status === 403
      ? text("state.denied")
      : problem?.status === 404
        ? text("state.not_found")
        : problem?.status === 0
          ? text("state.no_answer")
          : text("state.failed");
  const said = error instanceof Error ? error.message : String(error);
  const detail = problem ? problem.detail || problem.title : said;
  return (
    <div className="note bad" role="alert">
      <strong>{title}</strong>
      <p>{detail}</p>
      {problem && problem.status > 0 && <p className="soft small mono">{problem.code}</p>}
      {retry && problem?.status !== 403 && (
        <p>
          <button type="button" className="button" onClick={retry}>
            {text("action.retry")}
          </button>
        </p>
      )}
    </div>
  );
}
