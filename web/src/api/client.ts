// Calls of the API, typed by its OpenAPI document, with the session's token and errors in one form.

import createClient, { type Middleware } from "openapi-fetch";

import { connection } from "./connection";
import type { components, paths } from "./schema";
import { accessToken, renewed } from "./session";

export type Schemas = components["schemas"];

/** What the API, or the lack of a network, said. `code` is stable; `message` is a sentence for a person. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId: string | null = null,
    readonly retryAfterS: number | null = null,
  ) {
    super(message);
  }

  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const authorise: Middleware = {
  async onRequest({ request }) {
    if (new URL(request.url).pathname.startsWith("/v1/auth/")) return; // the way in waits for no session
    const token = await accessToken();
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
  },
};

/** Once more with a new token, where the one that was used is not taken any more. */
async function patientFetch(request: Request): Promise<Response> {
  const again = request.clone();
  let answer: Response;
  try {
    answer = await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    connection.lost();
    throw new ApiError(0, "OFFLINE", "");
  }
  connection.answered(answer.status, retryAfterS(answer));
  const used = request.headers.get("Authorization")?.replace("Bearer ", "");
  if (answer.status !== 401 || !used) return answer;
  const token = await renewed(used);
  if (!token) return answer;
  again.headers.set("Authorization", `Bearer ${token}`);
  return fetch(again);
}

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: patientFetch });
api.use(authorise);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of an answer, or an ApiError. */
export async function body<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  const told = (error ?? {}) as Partial<Schemas["ErrorBody"]>;
  throw new ApiError(
    response.status,
    told.code ?? "INTERNAL",
    told.message ?? "",
    told.request_id ?? null,
    retryAfterS(response),
  );
}

function retryAfterS(response: Response): number | null {
  return Number(response.headers.get("Retry-After")) || null;
}

/** A body of which only these fields are said; the API has defaults for the others, which the types don't tell. */
export function partly<Name extends keyof Schemas>(
  _name: Name,
  fields: Partial<Schemas[Name]>,
): Schemas[Name] {
  return fields as Schemas[Name];
}
