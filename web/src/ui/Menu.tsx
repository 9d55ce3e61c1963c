// A button that opens a small list under it; Escape and a click elsewhere close it again.
import { type ReactNode, useEffect, useRef } from "react";

export function Menu({
  title,
  label,
  on = false,
  opened,
  children,
}: {
  title: string;
  /** What it is the menu of, where the title alone does not say it. */
  label?: string;
  /** Whether something in it is set. */
  on?: boolean;
  /** Called when it is opened. */
  opened?: () => void;
  children: ReactNode;
}) {
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = () => {
      if (menu.current) menu.current.open = false;
    };
    const click = (event: MouseEvent) => {
      const on = event.target as HTMLElement;
      // A button in it has done what it does; a box or a choice may be followed by another.
      if (!menu.current?.contains(on) || on.closest(".menu-list > button")) close();
    };
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !menu.current?.open) return;
      close();
      menu.current.querySelector("summary")?.focus();
    };
    window.addEventListener("click", click);
    window.addEventListener("keydown", key);
    return () => {
      window.removeEventListener("click", click);
      window.removeEventListener("keydown", key);
    };
  }, []);
  return (
    <details
      ref={menu}
      className={on ? "menu on" : "menu"}
      onToggle={(event) => event.currentTarget.open && opened?.()}
    >
      <summary className="button" aria-label={label}>
        {title}
      </summary>
      <div className="menu-list">{children}</div>
    </details>
  );
}
