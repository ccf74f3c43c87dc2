// Following a job: the API holds each call until something changes; what was missed is in the next answer.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { api, ApiError, body, type Schemas } from "./client";

export type Job = Schemas["JobView"];

const WAIT_S = 20;
const LONGEST_PAUSE_MS = 15_000;

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
    void follow(jobId, stop.signal, (job) => cache.setQueryData(["job", jobId], job));
    return () => stop.abort();
  }, [cache, jobId, following]);
  return known;
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
  for (;;) {
    try {
      const answer = await api.GET("/v1/jobs/{job_id}", {
        params: { path: { job_id: jobId }, ...(etag ? { query: { wait: WAIT_S } } : {}) },
        headers: etag ? { "If-None-Match": etag } : {},
        signal,
      });
      missed = 0;
      if (answer.response.status === 304) continue;
      if (!answer.data) throw new ApiError(answer.response.status, "", "");
      etag = answer.response.headers.get("ETag");
      tell(answer.data);
      if (hasEnded(answer.data)) return;
    } catch (error) {
      if (signal.aborted || (error instanceof ApiError && !error.passing)) return;
      missed += 1;
      await new Promise((resolve) => setTimeout(resolve, Math.min(LONGEST_PAUSE_MS, 1000 * missed)));
    }
  }
}
