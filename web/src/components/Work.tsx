// What is being made, or why it wasn't: the same block wherever a job's outcome is waited for.

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { type Job, useCancel } from "../api/jobs";
import { causeOf, JobProgress, Trouble } from "./parts";

interface Props {
  job: Job | undefined;
  working: boolean;
  /** Of what is made. */
  status: Schemas["TrackStatus"] | Schemas["MatchStatus"] | Schemas["FilmStatus"] | Schemas["ProjectStatus"];
  error: Schemas["JobError"] | null | undefined;
  /** What can be done where it failed. */
  children?: ReactNode;
}

export function Work({ job, working, status, error, children }: Props) {
  const { t } = useTranslation();
  const cancel = useCancel();
  if (working) {
    return (
      <section className="card">
        <JobProgress job={job} />
        <Trouble error={cancel.error} />
        {job && (
          <div className="actions">
            <button
              type="button"
              className="button"
              disabled={cancel.isPending}
              onClick={() => cancel.mutate(job.job_id)}
            >
              {t("jobs.cancel")}
            </button>
          </div>
        )}
      </section>
    );
  }
  if (status !== "failed" && status !== "canceled") return null;
  return (
    <section className="card">
      <p className="trouble" role="alert">
        {causeOf(error) || t(`status.${status}`)}
      </p>
      {children && <div className="actions">{children}</div>}
    </section>
  );
}
