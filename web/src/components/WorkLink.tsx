import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Job } from "../api/jobs";
import { ago } from "./format";

// What the API calls what nobody has named yet.
const UNNAMED = "Untitled";

/** What a job makes, by the name that somebody gave it, as a link to where it can be seen. */
export function WorkLink({ job, title }: { job: Job; title: string }) {
  const { t, i18n } = useTranslation();
  const kind = t(`jobs.kinds.${job.kind as "track"}`, { defaultValue: job.kind });
  const told = (
    <>
      <strong>{title === UNNAMED ? kind : title}</strong>
      {title !== UNNAMED && <span className="quiet">{kind}</span>}
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
