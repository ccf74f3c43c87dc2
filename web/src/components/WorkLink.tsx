import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Job } from "../api/jobs";
import { ago } from "./format";

/** What a job makes, as a link to where it can be seen. */
export function WorkLink({ job }: { job: Job }) {
  const { t, i18n } = useTranslation();
  const name = t(`jobs.kinds.${job.kind as "track"}`, { defaultValue: job.kind });
  const told = (
    <>
      <strong>{name}</strong>
      <span className={`badge ${job.status}`}>{t(`jobs.status.${job.status}`)}</span>
      <span className="quiet">{ago(job.updated_at, i18n.language)}</span>
    </>
  );
  const subject = job.subject_id ?? "";
  if (job.kind === "track" || job.kind === "video") {
    const trackId = subject.split(":")[0] ?? subject;
    return (
      <Link className="work" to="/songs/$trackId" params={{ trackId }}>
        {told}
      </Link>
    );
  }
  if (job.kind === "match") {
    return (
      <Link className="work" to="/matches/$matchId" params={{ matchId: subject }}>
        {told}
      </Link>
    );
  }
  const projectId =
    (job.inputs["project_id"] as string | undefined) ?? (job.kind === "storyboard" ? subject : "");
  if (!projectId) return <span className="work">{told}</span>;
  return (
    <Link className="work" to="/stories/$projectId" params={{ projectId }}>
      {told}
    </Link>
  );
}
