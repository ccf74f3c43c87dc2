// A job's changes as server-sent events, read by fetch: EventSource can't send a token.

import { api, ApiError } from "./client";

interface Stream {
  /** The id of the last event that was read, for the next stream to go on from. */
  last: string | null;
  /** Whether anything came through. */
  through: boolean;
}

/** Reads one stream to its end; `heard` is awaited for each batch of events that arrives. */
export async function pushed(
  jobId: string,
  last: string | null,
  signal: AbortSignal,
  heard: () => Promise<unknown>,
): Promise<Stream> {
  const { response } = await api.GET("/v1/jobs/{job_id}/events", {
    params: { path: { job_id: jobId }, ...(last ? { header: { "Last-Event-ID": last } } : {}) },
    parseAs: "stream",
    signal,
  });
  if (response.status === 204) return { last, through: true }; // it has ended, and all of it is known
  if (!response.ok) throw new ApiError(response.status, "", "");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return { last, through: false };
  let text = "";
  let through = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { last, through };
    text += value;
    if (/^event: ?refused$/m.test(text)) throw new ApiError(429, "TOO_MANY_CONNECTIONS", "");
    const end = text.lastIndexOf("\n\n");
    if (end < 0) continue;
    for (const [, id] of text.slice(0, end + 1).matchAll(/^id: ?(.*)$/gm)) {
      last = id ?? last;
      through = true;
    }
    text = text.slice(end + 2);
    if (through) await heard();
  }
}
