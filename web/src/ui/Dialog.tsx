// The browser's own dialog: focus and the backdrop are its business.
import { type ReactNode, useEffect, useRef } from "react";
import { text } from "@/i18n";

export function Dialog({
  title,
  close,
  children,
}: {
  title: string;
  close: () => void;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Where one writes, not the button that closes: a blank would press it.
    element?.querySelector<HTMLElement>("form textarea, form input")?.focus();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="dialog-title"
      onClose={close}
      onKeyDown={(event) => {
        // The browser would hide it now and say so a moment later; whoever opens it again between would
        // see it closed by that.
        if (event.key !== "Escape") return;
        event.preventDefault();
        close();
      }}
    >
      <div className="page-head">
        <h2 id="dialog-title">{title}</h2>
        <button type="button" className="button quiet end" onClick={close}>
          {text("action.close")}
        </button>
      </div>
      {children}
    </dialog>
  );
}
