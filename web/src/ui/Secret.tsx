// A secret that is shown once: what it is, the text to copy, and that it will not come again.
import type { ReactNode } from "react";
import { text } from "@/i18n";
import { Dialog } from "./Dialog";

export function Secret({
  title,
  secret,
  close,
  children,
}: {
  title: string;
  secret: string;
  close: () => void;
  children?: ReactNode;
}) {
  return (
    <Dialog title={title} close={close}>
      {children}
      <p>{text("secret.once")}</p>
      <pre className="raw">{secret}</pre>
      <div className="form-foot">
        <button
          type="button"
          className="button"
          onClick={() => navigator.clipboard.writeText(secret)}
        >
          {text("action.copy")}
        </button>
      </div>
    </Dialog>
  );
}
