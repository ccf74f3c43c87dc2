import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { api, body, type Schemas } from "../api/client";
import { hasEnded, type Job, useCancel, useJob } from "../api/jobs";
import { Private } from "../components/Account";
import { causeOf, JobProgress, Page, Trouble } from "../components/parts";
import { Empty, Waiting } from "../components/states";
import { WorkLink } from "../components/WorkLink";

// Only where the studio runs on one's own machine.
const EXECUTIONS = document.querySelector<HTMLMetaElement>("meta[name=soundstage-executions]")?.content;

export function Jobs() {
  return (
    <Private>
      <All />
    </Private>
  );
}

function All() {
  const { t } = useTranslation();
  const jobs = useInfiniteQuery({
    queryKey: ["jobs", "all"],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      body(
        api.GET("/v1/jobs", {
          params: { query: { limit: 30, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 20_000,
  });
  // Shots that went well are told by their batch.
  const all = (jobs.data?.pages.flatMap(({ items }) => items) ?? []).filter(
    (job) => job.kind !== "shot" || job.status !== "succeeded",
  );
  return (
    <Page title={t("jobs.title")}>
      <Waiting of={jobs} />
      {jobs.data && all.length === 0 && (
        <Empty icon="jobs" title={t("jobs.none")} text={t("jobs.noneText")}>
          <Link to="/" className="button">
            {t("home.start")}
          </Link>
        </Empty>
      )}
      <ul className="list">
        {all.map((job) => (
          <Row key={job.job_id} listed={job} />
        ))}
      </ul>
      {jobs.hasNextPage && (
        <button type="button" className="button" onClick={() => void jobs.fetchNextPage()}>
          {t("app.more")}
        </button>
      )}
    </Page>
  );
}

function Row({ listed }: { listed: Schemas["ListedJob"] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const live = useJob(hasEnded(listed) ? null : listed.job_id);
  const job = live ?? listed;
  const params = { path: { job_id: job.job_id } };
  const told = (now: Job) => {
    queries.setQueryData(["job", now.job_id], now);
    void queries.invalidateQueries({ queryKey: ["jobs"] });
  };
  const cancel = useCancel();
  const retry = useMutation({
    mutationFn: () => body(api.POST("/v1/jobs/{job_id}/retry", { params })),
    onSuccess: told,
  });
  return (
    <li>
      <WorkLink job={job} title={listed.title} />
      {!hasEnded(job) && <JobProgress job={job} />}
      {job.error && (
        <p className="cause">
          {causeOf(job.error)} <code>{job.error.code}</code>
        </p>
      )}
      {job.history.length > 0 && (
        <details>
          <summary>{t("jobs.steps")}</summary>
          <ol className="steps">
            {job.history.map((step) => (
              <li key={`${step.step}${step.attempt}${step.started_at}`}>
                <span>{t(`jobs.step.${step.step as "persist"}`, { defaultValue: step.step })}</span>
                <span className="time">{step.ended_at && t("jobs.took", { seconds: lasted(step) })}</span>
              </li>
            ))}
          </ol>
        </details>
      )}
      <Trouble error={cancel.error ?? retry.error} />
      <div className="actions">
        {!hasEnded(job) && (
          <button
            type="button"
            className="button small"
            disabled={cancel.isPending}
            onClick={() => cancel.mutate(job.job_id)}
          >
            {t("jobs.cancel")}
          </button>
        )}
        {EXECUTIONS && (
          <a className="button small" href={EXECUTIONS + job.job_id}>
            {t("jobs.execution")}
          </a>
        )}
        {(job.status === "failed" || job.status === "canceled") && (
          <button
            type="button"
            className="button small"
            disabled={retry.isPending}
            onClick={() => retry.mutate()}
          >
            {t("jobs.retry")}
          </button>
        )}
      </div>
    </li>
  );
}

function lasted({ started_at, ended_at }: Job["history"][number]): string {
  return ended_at ? ((new Date(ended_at).getTime() - new Date(started_at).getTime()) / 1000).toFixed(1) : "";
}
