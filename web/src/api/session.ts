// Who looks at the pages: the session, how one is opened and ended, and the proof of it on each call.
//
// The session itself is a cookie that no script can read; what the pages hold is the token that calls
// which change something bring along, so that no other site's page can cause one.
import type { Problem } from "./client";
import type { Role } from "./types";

/** How the place calls itself, and its colour. */
export interface Brand {
  name: string;
  logo_url: string | null;
  accent: string | null;
  accent_dark: string | null;
  /** Where one asks for help. */
  support: string | null;
}

/** A session as the pages need it. */
export interface Session {
  person: string;
  /** Null for a session that stands for a key. */
  login: string | null;
  /** The language that the person chose, if one. */
  language: "en" | "de" | null;
  /** Nothing can be called before a second factor is set. */
  lacksSecondFactor: boolean;
  tenant: { id: string; name: string };
  /** Those that the session can be about. */
  tenants: { id: string; name: string }[];
  role: Role;
  partner: string | null;
  brand: Brand;
  /** Operation ids that this role may call. */
  may: ReadonlySet<string>;
  /** What it may state about orders, by kind. */
  mayState: ReadonlySet<string>;
}

/** How one can sign in here. */
export interface WaysIn {
  password: boolean;
  /** Whether whoever forgot a password can have a link sent. */
  forgotten: boolean;
  oidc: { id: string; name: string }[];
  demo: { as: Role; title: string; person: string; tenant: string }[];
  brand: Brand;
}

export type SignIn =
  | { login: string; password: string; code?: string }
  | { key: string }
  | { demo: Role };

/** Why one was not let in; the code says whether a second factor is wanted. */
export class SignInFailed extends Error {
  readonly code: string;
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.code = problem.code;
    this.problem = problem;
  }
}

/** The token of the session that stands. */
let csrf: string | null = null;

/** Headers that a call of this method must bring beside the cookie. */
export function proof(method: string): Record<string, string> {
  const changes = method !== "GET" && method !== "HEAD";
  return changes && csrf !== null ? { "Baton-Csrf": csrf } : {};
}

interface Answer {
  person: { name: string; login: string | null; language: "en" | "de" | null };
  lacks_second_factor: boolean;
  tenant: { id: string; name: string } | null;
  tenants: { id: string; name: string }[];
  role: Role;
  partner: { key: string } | null;
  csrf: string;
  brand: Brand;
  may: string[];
  may_state: string[];
}

function taken(answer: Answer): Session {
  csrf = answer.csrf;
  const { role, tenants, brand } = answer;
  return {
    person: answer.person.name,
    login: answer.person.login,
    language: answer.person.language,
    lacksSecondFactor: answer.lacks_second_factor,
    tenant: answer.tenant ?? { id: "", name: brand.name },
    tenants,
    role,
    partner: answer.partner?.key ?? null,
    brand,
    may: new Set(answer.may),
    mayState: new Set(answer.may_state),
  };
}

async function call(method: string, path: string, body?: object): Promise<Response> {
  const headers = { ...proof(method), ...(body && { "Content-Type": "application/json" }) };
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  if (response.ok) return response;
  const said = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const title = said.title ?? `HTTP ${response.status}`;
  const { code = "unknown", detail = "" } = said;
  throw new SignInFailed({ ...said, code, title, detail, status: response.status });
}

/** The session that stands, if one does. */
export async function currentSession(): Promise<Session | null> {
  try {
    return taken((await (await call("GET", "/v1/session")).json()) as Answer);
  } catch (error) {
    if (error instanceof SignInFailed && error.code === "no_session") return null;
    throw error;
  }
}

/** Whose door it is, the address says (`?tenant=`) where the host does not. */
export async function waysIn(tenant: string | null): Promise<WaysIn> {
  const query = tenant === null ? "" : `?tenant=${encodeURIComponent(tenant)}`;
  return (await (await call("GET", `/v1/sign-in${query}`)).json()) as WaysIn;
}

/** Opens a session; refused with [`SignInFailed`]. */
export async function signIn(by: SignIn): Promise<Session> {
  return taken((await (await call("POST", "/v1/session", by)).json()) as Answer);
}

/** What a link is for; refused with [`SignInFailed`]. */
export interface LinkShown {
  kind: "invitation" | "reset";
  login: string;
  name: string | null;
  tenant: string | null;
  expires_at: string;
}

export async function lookAtLink(link: string): Promise<LinkShown> {
  return (await (await call("POST", "/v1/invitation/look", { link })).json()) as LinkShown;
}

/** Sets a password by a link, or takes up a seat by the password that one has. */
export async function takeUpLink(link: string, password: string): Promise<void> {
  await call("POST", "/v1/invitation", { link, password });
}

/** Has a link sent to whoever has this login; the answer tells nothing of them. */
export async function forgotPassword(login: string): Promise<void> {
  await call("POST", "/v1/forgotten-password", { login });
}

export async function chooseTenant(tenant: string): Promise<Session> {
  const response = await call("PUT", "/v1/session/tenant", { tenant });
  return taken((await response.json()) as Answer);
}

/** Ends the session; says where one signs out at the provider that one came by, if that is to be. */
export async function signOut(): Promise<string | null> {
  const response = await call("DELETE", "/v1/session");
  csrf = null;
  return ((await response.json()) as { provider_url: string | null }).provider_url;
}

/** Whether the session's role may call an operation. */
export function may(session: Session, operation: string): boolean {
  return session.may.has(operation);
}
