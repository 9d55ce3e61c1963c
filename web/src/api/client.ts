// The one way to the API: a client made from its own description, with the session's proof on each
// call and every refusal as one kind of error.
import createClient from "openapi-fetch";
import type { paths } from "./openapi";
import { proof } from "./session";
import type { Wording } from "./types";

export const client = createClient<paths>({ baseUrl: window.location.origin });

client.use({
  onRequest({ request }) {
    for (const [name, value] of Object.entries(proof(request.method)))
      request.headers.set(name, value);
    // A click that is sent twice, by a person or by a network, acts once.
    if (request.method === "POST") request.headers.set("Idempotency-Key", crypto.randomUUID());
    return request;
  },
});

/** What the API says when it refuses (RFC 9457); `detail` is in the user's words. */
export interface Problem {
  code: string;
  title: string;
  detail: string;
  status: number;
  /** The detail as a sentence's name and values. */
  wording?: Wording | null;
  /** What else the refusal says, by its code. */
  [more: string]: unknown;
}

/** A call that was refused, or that got no answer (`status` 0). */
export class Refused extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

function problemOf(body: unknown, status: number): Problem {
  const given = (typeof body === "object" && body !== null ? body : {}) as Partial<Problem>;
  const title = given.title ?? `HTTP ${status}`;
  return { ...given, code: given.code ?? "unknown", title, detail: given.detail ?? "", status };
}

/** The answer's body, or a [`Refused`]. */
export async function ask<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  let answered: Awaited<typeof call>;
  try {
    answered = await call;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new Refused({ code: "no_answer", title: "no answer", detail, status: 0 });
  }
  const { data, error, response } = answered;
  if (!response.ok) throw new Refused(problemOf(error, response.status));
  return data as T;
}

/** A message's body, byte for byte. */
export async function rawMessage(id: string): Promise<Uint8Array> {
  const call = client.GET("/v1/messages/{id}/raw", {
    params: { path: { id } },
    parseAs: "arrayBuffer",
  });
  return new Uint8Array((await ask(call)) as unknown as ArrayBuffer);
}
