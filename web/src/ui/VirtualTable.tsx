// The one long table: only the rows in sight are in the document, and more are asked for as one
// scrolls. Columns are values; a row is a link. Where not all columns have room, those that matter less
// give way, unless the reader chose them.
import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef, useState } from "react";

export interface Column<Row> {
  id: string;
  title: string;
  /** As CSS grid says it: `140px`, `minmax(120px, 1fr)`. */
  width: string;
  numeric?: boolean;
  /** Puts the rows in the order of this column; undefined where there is no such order. */
  order?: { on: boolean; direction: "ascending" | "descending"; by: () => void };
  cell: (row: Row) => ReactNode;
}

interface Properties<Row> {
  label: string;
  rows: Row[];
  columns: Column<Row>[];
  keyOf: (row: Row) => string;
  /** Asks for the next rows; undefined where there are no more. */
  more?: () => void;
}

/** Rows above and below the window that are kept ready. */
const AHEAD = 12;
/** With fewer rows than this below what is drawn, the next are asked for once the table stands, so that one seldom
 * comes to the end. */
const BELOW = 40;
/** When a table has stood for so long, it makes those ready: what is in sight is drawn first. */
const STANDS_MS = 150;

/** The height of a row, as the styles have it. */
const rowHeight = () =>
  Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue("--row"), 10) || 34;

/** Tells how large the window onto the rows is, once that is laid out: asking earlier would lay it out twice. */
function observe(
  { scrollElement }: Virtualizer<HTMLDivElement, Element>,
  tell: (rect: { width: number; height: number }) => void,
) {
  if (!scrollElement) return;
  const observer = new ResizeObserver(([entry]) => {
    const size = entry?.borderBoxSize[0];
    if (size) tell({ width: Math.round(size.inlineSize), height: Math.round(size.blockSize) });
  });
  observer.observe(scrollElement, { box: "border-box" });
  return () => observer.disconnect();
}

export function VirtualTable<Row>({ label, rows, columns, keyOf, more }: Properties<Row>) {
  const scroll = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(rowHeight);
  const [ahead, setAhead] = useState(1);
  useEffect(() => {
    const timer = setTimeout(() => setAhead(AHEAD), STANDS_MS);
    return () => clearTimeout(timer);
  }, []);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    overscan: ahead,
    // A guess for the first drawing, so that it has its rows at once; then it is measured.
    initialRect: { width: 0, height: 0.8 * window.innerHeight },
    observeElementRect: observe,
  });
  const measured = useRef(height);
  useEffect(() => {
    // On another screen the styles may have higher rows.
    const look = () => setHeight(rowHeight());
    window.addEventListener("resize", look);
    return () => window.removeEventListener("resize", look);
  }, []);
  useEffect(() => {
    if (measured.current !== height) virtual.measure();
    measured.current = height;
  }, [height, virtual]);
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= rows.length - AHEAD) more?.();
    if (last < rows.length - BELOW || last >= rows.length - AHEAD) return;
    const timer = setTimeout(() => more?.(), STANDS_MS);
    return () => clearTimeout(timer);
  }, [last, rows.length, more]);
  const template = { gridTemplateColumns: columns.map((column) => column.width).join(" ") };
  return (
    <div ref={scroll} className="table-scroll grow" tabIndex={0} role="region" aria-label={label}>
      <div className="grid-table" role="table" aria-label={label} aria-rowcount={-1}>
        <div role="rowgroup">
          <div role="row" className="grid-row head" style={template}>
            {columns.map((column) => (
              <div
                key={column.id}
                role="columnheader"
                aria-sort={column.order?.on ? column.order.direction : undefined}
                className={column.numeric ? "grid-cell num" : "grid-cell"}
              >
                {column.order ? (
                  <button type="button" className="link-button order" onClick={column.order.by}>
                    {column.title}
                    {column.order.on && (
                      <span aria-hidden="true">
                        {column.order.direction === "ascending" ? " ↑" : " ↓"}
                      </span>
                    )}
                  </button>
                ) : (
                  column.title
                )}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {shown.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <div
                key={keyOf(row)}
                role="row"
                aria-rowindex={item.index + 2}
                className="grid-row body"
                style={{ ...template, transform: `translateY(${item.start}px)` }}
              >
                {columns.map((column) => (
                  <div
                    key={column.id}
                    role="cell"
                    className={column.numeric ? "grid-cell num" : "grid-cell"}
                  >
                    {column.cell(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
