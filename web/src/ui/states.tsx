// What a page shows when it has nothing, not yet, or not for this reader.
import type { ReactNode } from "react";
import { type Problem, Refused } from "@/api/client";
import { SignInFailed } from "@/api/session";
import { text } from "@/i18n";
import { refused } from "@/i18n/refused";

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

const problemOf = (error: unknown): Problem | null =>
  error instanceof Refused || error instanceof SignInFailed ? error.problem : null;

/** What only the server can say, in its own English. */
export function Quoted({ children }: { children: string }) {
  return (
    <>
      {text("state.server_says")} <q lang="en">{children}</q>
    </>
  );
}

/** What went wrong, in one line; what the page itself found wrong is a text already. */
export function TroubleLine({ error }: { error: unknown }) {
  const problem = problemOf(error);
  if (!problem) return error instanceof Error ? error.message : String(error);
  if (problem.status === 0) return text("state.no_answer");
  const { title, detail, quoted, remedy } = refused(problem);
  return (
    <>
      {detail || (quoted ? title : `${title}. ${remedy}`)} {quoted && <Quoted>{quoted}</Quoted>}
    </>
  );
}

/** A refusal in the reader's words, with what to do; what only the server can say is quoted. */
export function Trouble({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = problemOf(error);
  const title =
    problem?.status === 403
      ? text("state.denied")
      : problem?.status === 404
        ? text("state.not_found")
        : problem?.status === 0
          ? text("state.no_answer")
          : text("state.failed");
  const said = error instanceof Error ? error.message : String(error);
  const told = problem && problem.status > 0 ? refused(problem) : null;
  return (
    <div className="note bad" role="alert">
      <strong>{title}</strong>
      {told ? (
        <>
          <p>{told.detail || told.title}</p>
          {told.quoted && (
            <p className="small">
              <Quoted>{told.quoted}</Quoted>
            </p>
          )}
          {told.remedy && <p>{told.remedy}</p>}
        </>
      ) : (
        <p>{problem === null ? said : text("state.no_answer_hint")}</p>
      )}
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
