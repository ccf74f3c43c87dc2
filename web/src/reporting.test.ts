import { afterEach, beforeEach, expect, test, vi } from "vitest";

const TRACK = "0193a1c7e5f07b6e8d1f2a3b4c5d6e7f";
const DSN = "https://key@sentry.example.org/42";

interface Sent {
  address: string;
  body: string;
}
let sent: Sent[];
let config: object | null;

beforeEach(() => {
  sent = [];
  config = null;
  vi.stubGlobal("fetch", (address: string, how?: RequestInit) => {
    sent.push({ address, body: typeof how?.body === "string" ? how.body : "" });
    const missing = address === "/config.json" && !config;
    return Promise.resolve(new Response(JSON.stringify(config ?? {}), { status: missing ? 404 : 200 }));
  });
  vi.resetModules();
});

afterEach(() => vi.unstubAllGlobals());

async function modules() {
  const [{ report }, { ApiError }] = await Promise.all([import("./reporting"), import("./api/client")]);
  return { report, ApiError };
}

async function arrived(count: number): Promise<Sent[]> {
  const envelopes = () =>
    sent.filter(({ address }) => address.startsWith("https://sentry.example.org/api/42/envelope/"));
  await vi.waitFor(() => expect(envelopes()).toHaveLength(count));
  return envelopes();
}

test("an error is told with the ids by which the API's logs are found", async () => {
  config = { sentry_dsn: DSN, release: "1.2.3", environment: "prod" };
  window.history.pushState(null, "", `/songs/${TRACK}?token=a-secret`);
  const { report, ApiError } = await modules();

  await report(new ApiError(503, "DEPENDENCY_UNAVAILABLE", "The catalog did not answer.", "req-7"));

  const [envelope] = await arrived(1);
  const event = JSON.parse(envelope?.body.split("\n")[2] ?? "") as Record<string, unknown>;
  expect(event).toMatchObject({ release: "1.2.3", environment: "prod" });
  expect(event.tags).toEqual({ code: "DEPENDENCY_UNAVAILABLE", request_id: "req-7", trace_id: TRACK });
  expect(envelope?.body).not.toContain("a-secret");
});

test("what the person can mend is not told, and one that fails over and over stops", async () => {
  config = { sentry_dsn: DSN };
  const { report, ApiError } = await modules();

  await report(new ApiError(422, "INVALID_INPUT", "Correct it."));
  expect(sent).toEqual([]);
  for (let time = 0; time < 30; time++) await report(new TypeError("undefined is no function"));

  await arrived(20);
  expect(sent.filter(({ address }) => address === "/config.json")).toHaveLength(1);
});

test("without a project nothing leaves", async () => {
  const { report } = await modules();

  await report(new TypeError("undefined is no function"));
  await report(new TypeError("undefined is no function"));

  expect(sent.map(({ address }) => address)).toEqual(["/config.json"]);
});
