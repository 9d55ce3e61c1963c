// What was and what is, a row for each thing that differs.
import { text } from "@/i18n";

export interface ChangeRow {
  what: string;
  was: string;
  is: string;
}

/** A value of the API as it stands in such a row. */
export const shownJson = (value: unknown) =>
  typeof value === "string" ? value : value == null ? "–" : JSON.stringify(value);

export function ChangesTable({
  rows,
  was = text("what_if.was"),
  is = text("what_if.is"),
  mono = false,
}: {
  rows: ChangeRow[];
  /** What the two columns are called. */
  was?: string;
  is?: string;
  /** Paths and values of the API rather than words. */
  mono?: boolean;
}) {
  const cell = mono ? "mono wrap" : "";
  return (
    <div className="table-scroll">
      <table className={mono ? "table small" : "table"}>
        <thead>
          <tr>
            <th>{text("as_of.what")}</th>
            <th>{was}</th>
            <th>{is}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.what} ${row.is}`}>
              <td className={mono ? "mono" : ""}>{row.what}</td>
              <td className={cell}>{row.was}</td>
              <td className={cell}>{row.is}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
