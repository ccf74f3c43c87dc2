// Following a job: its changes are pushed as server-sent events; where no stream comes through, the API holds each call
// until something changes. What was missed is in the next answer.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { api, ApiError, body, type Schemas } from "./client";
import { pause } from "./connection";
import { pushed } from "./push";

export type Job = Schemas["JobView"];

const WAIT_S = 20;
const LONGEST_PAUSE_MS = 15_000;
const HELD_MS = 10_000; // a call that found nothing new sooner was not held: this person has too many of them
const LATELY_MS = 60_000; // as far as the clocks of people and clouds are apart

export const hasEnded = (job: Job): boolean => ["succeeded", "failed", "canceled"].includes(job.status);

/** The job as it is now and as it changes, until it has ended. Lost connections are tried again, ever more slowly. */
export function useJob(jobId: string | null | undefined): Job | undefined {
  const cache = useQueryClient();
  const known = useQuery<Job>({
    queryKey: ["job", jobId],
    queryFn: () => body(api.GET("/v1/jobs/{job_id}", { params: { path: { job_id: jobId ?? "" } } })),
    enabled: Boolean(jobId),
    staleTime: Infinity,
  }).data;
  const following = Boolean(jobId && known && !hasEnded(known));

  useEffect(() => {
    if (!jobId || !following) return;
    const stop = new AbortController();
    void follow(jobId, stop.signal, (job) => {
      cache.setQueryData(["job", jobId], job);
      // Lists that show it among what is being made look again, and so do those of what is there.
      if (hasEnded(job))
        for (const list of ["jobs", "shelf"]) void cache.invalidateQueries({ queryKey: [list] });
    });
    return () => stop.abort();
  }, [cache, jobId, following]);
  return known;
}

/** The job that makes something, under `queryKey`, which is asked for anew once the job has ended. Not where it is ready
 *  already: it would bring other addresses of the same files, and they would be fetched twice. */
export function useJobOf(
  made: { job_id?: string | null; status: string } | undefined,
  queryKey: readonly [string, string],
): Job | undefined {
  const cache = useQueryClient();
  const [kind, id] = queryKey;
  const job = useJob(made?.job_id);
  const ripe = Boolean(job && hasEnded(job)) && made?.status !== "ready";
  useEffect(() => {
    if (ripe) void cache.invalidateQueries({ queryKey: [kind, id] });
  }, [ripe, cache, kind, id]);
  return job;
}

/** Whether a job has ended while somebody looked, or just before: what it made may not have been there when it was asked
 *  for. Of what ended long ago all is known. */
export function useJustEnded(job: Job | undefined): boolean {
  const [ran, setRan] = useState(false);
  const [openedAt] = useState(Date.now);
  if (!job) return false;
  const ended = hasEnded(job);
  if (!ended && !ran) setRan(true);
  return ended && (ran || openedAt - Date.parse(job.updated_at) < LATELY_MS);
}

/** Stops a job; its page knows at once. */
export function useCancel() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (job_id: string) =>
      body(api.POST("/v1/jobs/{job_id}/cancel", { params: { path: { job_id } } })),
    onSuccess: (job) => {
      cache.setQueryData(["job", job.job_id], job);
      void cache.invalidateQueries({ queryKey: ["jobs"] });
    },
  });
}

async function follow(jobId: string, signal: AbortSignal, tell: (job: Job) => void): Promise<void> {
  let etag = null as string | null;
  let missed = 0;
  let pushes = true;
  let last = null as string | null;
  let restMs = 0;
  const ask = async (held: boolean): Promise<Job | null> => {
    const answer = await api.GET("/v1/jobs/{job_id}", {
      params: { path: { job_id: jobId }, ...(held && etag ? { query: { wait: WAIT_S } } : {}) },
      headers: etag ? { "If-None-Match": etag } : {},
      signal,
    });
    restMs = 1000 * Number(answer.response.headers.get("Retry-After") ?? 0);
    if (answer.response.status === 304) return null;
    if (!answer.data) throw new ApiError(answer.response.status, "", "");
    etag = answer.response.headers.get("ETag");
    tell(answer.data);
    return answer.data;
  };
  for (;;) {
    try {
      const askedMs = Date.now();
      const job = await ask(!pushes);
      missed = 0;
      if (job && hasEnded(job)) return;
      if (!pushes) {
        if (!job && Date.now() - askedMs < HELD_MS) await pause(restMs);
        continue;
      }
      // An event says that something changed; how the whole job stands, the next call does. A stream that brings
      // nothing at all is one that somebody between us keeps: then calls are held instead.
      const stream = await pushed(jobId, last, signal, () => ask(false));
      pushes = last !== null || stream.through;
      last = stream.last;
    } catch (error) {
      if (signal.aborted || (error instanceof ApiError && !error.passing)) return;
      pushes = false;
      missed += 1;
      await pause(Math.min(LONGEST_PAUSE_MS, 1000 * missed));
    }
  }
}
