// Who is signed in, in every tab of this browser. A refresh token is good once, so one tab at a time uses it.

export interface Session {
  accessToken: string;
  refreshToken: string;
  expiresAt: number;
}

interface Tokens {
  access_token: string;
  refresh_token: string;
  expires_in: number;
}

const KEY = "soundstage.session";
const EARLY_MS = 30_000; // renewed that long before it expires, so that no call comes too late
const listeners = new Set<() => void>();

let current: Session | null = read();
let askToSignIn: () => Promise<boolean> = () => Promise.resolve(false);
let signingIn: Promise<boolean> | null = null;

function read(): Session | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "null") as Session | null;
  } catch {
    return null;
  }
}

function publish(session: Session | null): void {
  current = session;
  for (const tell of listeners) tell();
}

window.addEventListener("storage", (event) => {
  if (event.key === KEY || event.key === null) publish(read());
});

export const session = {
  get: (): Session | null => current,
  subscribe: (tell: () => void): (() => void) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  },
  keep: (tokens: Tokens): void => {
    const kept = {
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token,
      expiresAt: Date.now() + tokens.expires_in * 1000,
    };
    localStorage.setItem(KEY, JSON.stringify(kept));
    publish(kept);
  },
  end: (): void => {
    localStorage.removeItem(KEY);
    publish(null);
  },
};

/** What asks for a new session where one can't be renewed; calls wait for its answer. */
export function whenLapsed(ask: () => Promise<boolean>): void {
  askToSignIn = ask;
}

/** Whose session it is, as its token says. */
export function ownerOf(known: Session | null): string | null {
  const claims = known?.accessToken.split(".")[1];
  if (!claims) return null;
  return (JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/"))) as { sub: string }).sub;
}

/** A token that is good for at least half a minute, renewed where needed; null for nobody. */
export async function accessToken(): Promise<string | null> {
  if (current && current.expiresAt - EARLY_MS > Date.now()) return current.accessToken;
  return current ? renewed(current.accessToken) : null;
}

/** Another token than this one. Tabs wait for each other, and the later ones find what the first one got. */
export async function renewed(spent: string): Promise<string | null> {
  const token = await renewedByTurns(spent);
  if (token !== LAPSED) return token;
  // Outside the lock: meanwhile, somebody may sign in in another tab.
  signingIn ??= askToSignIn().finally(() => (signingIn = null));
  if (!(await signingIn)) session.end();
  return current?.accessToken ?? null;
}

const LAPSED = Symbol("lapsed");

async function renewedByTurns(spent: string): Promise<string | null | typeof LAPSED> {
  return navigator.locks.request(KEY, async () => {
    const known = read();
    if (!known) return null;
    if (known.accessToken !== spent) {
      publish(known);
      return known.accessToken;
    }
    const answer = await fetch("/v1/auth/refresh", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ refresh_token: known.refreshToken }),
    });
    if (answer.ok) session.keep((await answer.json()) as Tokens);
    else return answer.status === 401 ? LAPSED : spent;
    return current?.accessToken ?? null;
  });
}
