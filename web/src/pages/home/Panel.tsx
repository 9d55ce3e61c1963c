// A part of the first page: a title, the way to all of it, and a list.
import type { ReactNode } from "react";

export function Panel({
  title,
  more,
  wide = false,
  children,
}: {
  title: string;
  more?: ReactNode;
  /** Whether it is as wide as the page. */
  wide?: boolean;
  children: ReactNode;
}) {
  return (
    <section className={wide ? "panel wide" : "panel"} aria-label={title}>
      <div className="panel-head">
        <h2>{title}</h2>
        <span className="end small">{more}</span>
      </div>
      {children}
    </section>
  );
}
