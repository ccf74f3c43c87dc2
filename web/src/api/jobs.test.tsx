import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { useJob } from "./jobs";

const JOB_ID = "0".repeat(32);
const job = (status: string, progress: number) => ({ job_id: JOB_ID, status, progress, history: [] });

function answers(...queue: (() => Response)[]) {
  const asked: Request[] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    asked.push(request);
    const next = queue.shift();
    return next ? Promise.resolve(next()) : new Promise(() => undefined); // then the server holds the call
  });
  return asked;
}

const json = (body: object, etag: string) => () => Response.json(body, { headers: { ETag: etag } });

function follow() {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  );
  return renderHook(() => useJob(JOB_ID), { wrapper });
}

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

const events = (...ids: string[]) => {
  const text = ids.map((id) => `id: ${id}\nevent: job.progressed\ndata: {}\n\n`).join("");
  return () => new Response(text, { headers: { "Content-Type": "text/event-stream" } });
};

test("a job is followed by its events until it has ended, and asked for no more then", async () => {
  const asked = answers(
    json(job("queued", 0), '"1"'),
    json(job("queued", 0), '"1"'),
    events("1", "2"),
    json(job("running", 20), '"2"'),
    () => new Response(null, { status: 304 }),
    events("3"),
    json(job("succeeded", 100), '"3"'),
    json(job("succeeded", 100), '"3"'),
  );
  const { result } = follow();
  await waitFor(() => expect(result.current?.status).toBe("succeeded"));
  await waitFor(() => expect(asked).toHaveLength(8));
  const streams = asked.filter(({ url }) => url.endsWith("/events"));
  expect(streams.map(({ headers }) => headers.get("Last-Event-ID"))).toEqual([null, "2"]);
  expect(asked.some(({ url }) => url.includes("wait="))).toBe(false);
});

test("where no stream comes through, calls are held", async () => {
  const asked = answers(
    json(job("queued", 0), '"1"'),
    json(job("running", 20), '"2"'),
    () => new Response(""),
    () => new Response(null, { status: 304 }),
    json(job("succeeded", 100), '"3"'),
  );
  const { result } = follow();
  await waitFor(() => expect(result.current?.status).toBe("succeeded"));
  expect(asked.slice(3).map(({ url }) => new URL(url).searchParams.get("wait"))).toEqual(["20", "20"]);
  expect(asked.slice(3).map(({ headers }) => headers.get("If-None-Match"))).toEqual(['"2"', '"2"']);
});

test("a call that is not held is made again when the answer says so", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const asked = answers(
    json(job("queued", 0), '"1"'),
    json(job("running", 20), '"2"'),
    () => new Response(""),
    () => new Response(null, { status: 304, headers: { "Retry-After": "5" } }),
    json(job("succeeded", 100), '"3"'),
  );
  const { result } = follow();
  await waitFor(() => expect(asked).toHaveLength(4));
  await vi.advanceTimersByTimeAsync(4_000);
  expect(asked).toHaveLength(4);
  await vi.advanceTimersByTimeAsync(2_000);
  await waitFor(() => expect(result.current?.status).toBe("succeeded"));
});

test("of too many streams the oldest is given up, and calls are held", async () => {
  const refused = "retry: 1000\nid: 4\n\nretry: 30000\nevent: refused\ndata: {}\n\n";
  const asked = answers(
    json(job("queued", 0), '"1"'),
    json(job("running", 20), '"2"'),
    events("3"),
    () => new Response(null, { status: 304 }),
    () => new Response(null, { status: 304 }),
    () => new Response(refused),
    json(job("succeeded", 100), '"3"'),
  );
  const { result } = follow();
  await waitFor(() => expect(result.current?.status).toBe("succeeded"), { timeout: 3000 });
  expect(new URL(asked.at(-1)?.url ?? "").searchParams.get("wait")).toBe("20");
});

test("a lost connection is tried again", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  answers(
    json(job("running", 10), '"1"'),
    () => {
      throw new TypeError("network");
    },
    () => new Response("{}", { status: 503 }),
    json(job("running", 60), '"2"'),
  );
  const { result } = follow();
  await vi.advanceTimersByTimeAsync(5_000);
  await waitFor(() => expect(result.current?.progress).toBe(60));
  vi.useRealTimers();
});
