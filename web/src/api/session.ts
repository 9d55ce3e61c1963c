// Who looks at the pages: the session, and the proof of it that each call carries.
//
// An API key that was pasted is held in memory only, and goes when the page goes.
import type { Role } from "./types";

/** A session as the pages need it. */
export interface Session {
  person: string;
  tenant: { id: string; name: string };
  role: Role;
  partner: string | null;
  /** Operation ids that this role may call; null where that is not known. */
  may: ReadonlySet<string> | null;
}

let key: string | null = null;

/** Headers that prove to the API who calls. */
export function proof(_method: string): Record<string, string> {
  return key === null ? {} : { Authorization: `Bearer ${key}` };
}

export class SignInFailed extends Error {}

async function get<T>(path: string): Promise<T | null> {
  const response = await fetch(path, { headers: proof("GET") });
  if (response.status === 401 || response.status === 403) return null;
  if (!response.ok) throw new SignInFailed(`HTTP ${response.status}`);
  return (await response.json()) as T;
}

interface Caller {
  person: string;
  role: Role;
  tenant: string | null;
  partner: string | null;
}

/** The session that stands, if one does. */
export async function currentSession(): Promise<Session | null> {
  if (key === null) return null;
  const caller = await get<Caller>("/v1/caller");
  if (caller === null) return null;
  const id = caller.tenant ?? "";
  const tenants = await get<{ items: { tenant: string; name: string }[] }>("/v1/tenants");
  const name = tenants?.items.find((tenant) => tenant.tenant === id)?.name ?? id;
  const { person, role, partner } = caller;
  return { person, role, partner, tenant: { id, name }, may: null };
}

/** Signs in with an API key; null where the key is not right. */
export async function signInByKey(given: string): Promise<Session | null> {
  key = given.trim();
  const session = await currentSession();
  if (session === null) key = null;
  return session;
}

export async function signOut(): Promise<void> {
  key = null;
}

/** Whether the session's role may call an operation. */
export function may(session: Session, operation: string): boolean {
  return session.may?.has(operation) ?? true;
}
