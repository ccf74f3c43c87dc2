// Errors of the console go to Sentry where /config.json names a project of it. Nothing is fetched before there is one.

import type { Scope } from "@sentry/browser";

import { ApiError } from "./api/client";
import type { Config } from "./sentry";

const MOST = 20; // of a page: one that fails over and over tells no more

let scope: Promise<Scope | null> | null = null;
let left = MOST;

/** What nobody expected: errors of programming, and answers of the API that are its own fault. */
export async function report(error: unknown): Promise<void> {
  if (!(error instanceof Error) || (error instanceof ApiError && error.status < 500) || left-- <= 0) return;
  const reporting = await (scope ??= begun().catch(() => null));
  const about = reporting?.clone();
  about?.setTags(tags(error));
  about?.captureException(error);
}

/** The ids by which the API's logs and errors are found. A track's, match's or film's is its trace's, too. */
function tags(error: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  if (error instanceof ApiError) {
    found.code = error.code;
    if (error.requestId) found.request_id = error.requestId;
  }
  const [, place, id] = /^\/(\w+)\/([0-9a-f]{32})(?:\/|$)/.exec(window.location.pathname) ?? [];
  if (place && id) found[place === "jobs" ? "job_id" : "trace_id"] = id;
  return found;
}

async function begun(): Promise<Scope | null> {
  const answer = await fetch("/config.json", { cache: "no-store" });
  if (!answer.ok) return null;
  const config = (await answer.json()) as Config;
  return (await import("./sentry")).scopeOf(config);
}
