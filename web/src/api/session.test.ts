import { afterEach, beforeEach, expect, test, vi } from "vitest";

// Tabs share one storage; jsdom has no locks, so here is what a browser does: one at a time, in order.
let last: Promise<unknown> = Promise.resolve();
const locks = {
  request<T>(_name: string, work: () => Promise<T>): Promise<T> {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  },
};

const tokens = (name: string) => ({
  access_token: `access ${name}`,
  refresh_token: `refresh ${name}`,
  expires_in: 900,
});

async function tab() {
  vi.resetModules();
  return import("./session");
}

beforeEach(() => {
  localStorage.clear();
  Object.defineProperty(navigator, "locks", { value: locks, configurable: true });
});
afterEach(() => vi.unstubAllGlobals());

test("two tabs that find the same token spent refresh it once", async () => {
  const refreshed = vi.fn(() => Promise.resolve(Response.json(tokens("two"))));
  vi.stubGlobal("fetch", refreshed);
  const one = await tab();
  one.session.keep(tokens("one"));
  const other = await tab();
  const both = await Promise.all([one.renewed("access one"), other.renewed("access one")]);
  expect(both).toEqual(["access two", "access two"]);
  expect(refreshed).toHaveBeenCalledTimes(1);
});

test("a refresh token that is not taken any more ends the session, in storage too", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(null, { status: 401 })));
  const { session, renewed } = await tab();
  session.keep(tokens("one"));
  expect(await renewed("access one")).toBeNull();
  expect(session.get()).toBeNull();
  expect(localStorage.length).toBe(0);
});

test("a server that fails ends nothing", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(null, { status: 503 })));
  const { session, renewed } = await tab();
  session.keep(tokens("one"));
  expect(await renewed("access one")).toBe("access one");
  expect(session.get()?.refreshToken).toBe("refresh one");
});

test("a token is renewed before it expires", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json(tokens("two"))));
  const { session, accessToken } = await tab();
  session.keep({ ...tokens("one"), expires_in: 20 });
  expect(await accessToken()).toBe("access two");
  expect(await accessToken()).toBe("access two");
});

test("what another tab keeps is known here, and so is its end", async () => {
  const { session } = await tab();
  const told = vi.fn();
  session.subscribe(told);
  localStorage.setItem(
    "soundstage.session",
    JSON.stringify({ accessToken: "a", refreshToken: "r", expiresAt: Date.now() + 1e6 }),
  );
  window.dispatchEvent(new StorageEvent("storage", { key: "soundstage.session" }));
  expect(session.get()?.accessToken).toBe("a");
  localStorage.clear();
  window.dispatchEvent(new StorageEvent("storage", { key: null }));
  expect(session.get()).toBeNull();
  expect(told).toHaveBeenCalledTimes(2);
});
