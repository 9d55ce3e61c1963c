// The session, for whoever is drawn within the frame.
import { createContext, useContext } from "react";
import { may, type Session } from "@/api/session";

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("drawn outside of the frame");
  return session;
}

/** Whether the reader's role may do this; the API refuses it otherwise, so pages do not offer it. */
export const useMay = (operation: string): boolean => may(useSession(), operation);
