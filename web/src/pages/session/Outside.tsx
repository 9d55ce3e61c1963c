// What pages for those who are not signed in have in common: one panel in the middle.
import type { ReactNode } from "react";
import { LanguageChoice } from "../Frame";
import "./session.css";

export function Outside({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="page sign-in">
      <div className="panel">
        <div className="panel-head">
          <h1>{title}</h1>
          <span className="end">
            <LanguageChoice />
          </span>
        </div>
        {children}
      </div>
    </main>
  );
}
