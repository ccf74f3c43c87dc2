// How the API answers just now, for the one notice that every screen shows: a call tells it, nothing is asked for it.

export type Connection = { state: "fine" } | { state: "offline" } | { state: "limited"; untilMs: number };

const FINE: Connection = { state: "fine" };
const PAUSE_S = 10; // where an answer says nothing about it
const listeners = new Set<() => void>();
let clock: ReturnType<typeof setInterval> | undefined;
let now: Connection = navigator.onLine ? FINE : { state: "offline" };

function become(next: Connection): void {
  if (next.state === now.state && next.state !== "limited") return;
  now = next;
  for (const tell of listeners) tell();
  clearInterval(clock);
  if (next.state === "limited") clock = setInterval(tick, 1000);
}

function tick(): void {
  if (connection.secondsLeft() === 0) become(FINE);
  else for (const tell of listeners) tell();
}

export const connection = {
  get: (): Connection => now,
  subscribe: (tell: () => void): (() => void) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  },
  lost: (): void => become({ state: "offline" }),
  answered: (status: number, retryAfterS: number | null): void => {
    if (status === 429) become({ state: "limited", untilMs: Date.now() + (retryAfterS ?? PAUSE_S) * 1000 });
    else if (now.state === "offline" || (now.state === "limited" && now.untilMs <= Date.now())) become(FINE);
  },
  /** Until the API takes the next call, where it asked us to wait. */
  secondsLeft: (): number =>
    now.state === "limited" ? Math.max(0, Math.ceil((now.untilMs - Date.now()) / 1000)) : 0,
  waited: (): void => become(FINE),
};

window.addEventListener("offline", connection.lost);
window.addEventListener("online", connection.waited);

/** Waits, but no longer than until the network is back. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    window.addEventListener("online", done);
  });
}
