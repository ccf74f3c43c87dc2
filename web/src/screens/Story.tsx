import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { type CSSProperties, type ReactNode, useDeferredValue, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body, type Schemas } from "../api/client";
import { hasEnded, type Job, useJob, useJustEnded } from "../api/jobs";
import { Private } from "../components/Account";
import { Page } from "../components/parts";
import { Loading, WaitingPage } from "../components/states";
import { Work } from "../components/Work";
import { Cast } from "./story/Cast";
import { Films, shapeOf, useFilmKnown } from "./story/Films";
import { ShotOrder } from "./story/ShotOrder";
import { ShotCard } from "./story/ShotCard";
import { Telling } from "./story/Telling";
import { Versions } from "./story/Versions";

type Project = Schemas["ProjectView"];
const LOOK_MS = 2_000;

export function Story() {
  return (
    <Private>
      <Whole />
    </Private>
  );
}

function Whole() {
  const { t } = useTranslation();
  const { projectId } = useParams({ from: "/stories/$projectId" });
  const path = { project_id: projectId };
  const queries = useQueryClient();
  const [ordering, setOrdering] = useState(false);
  const project = useQuery({
    queryKey: ["project", projectId],
    queryFn: () => body(api.GET("/v1/projects/{project_id}", { params: { path } })),
    // Pictures arrive one by one, each by a job of its own: while any may come, we look for it.
    refetchInterval: ({ state }) => (isAtWork(state.data, queries) ? LOOK_MS : false),
  });
  const filmKnown = useFilmKnown(projectId);
  const writing = useJob(project.data?.job_id);
  const written = useJustEnded(writing);
  const batch = useJob(project.data?.batch_job_id);
  const painted = useJustEnded(batch);
  useEffect(() => {
    if (written || painted) void queries.invalidateQueries({ queryKey: ["project", projectId] });
  }, [written, painted, queries, projectId]);

  if (!project.data) return <WaitingPage title={t("film.title")} of={project} />;
  const { title, status, error, shots, logline, revision } = project.data;
  const order = shots.map((shot) => shot.shot_id);
  const unplaced = shots.length > 0 && !filmKnown;
  return (
    <Page title={title} text={logline || undefined} wide>
      <Work job={writing} working={status === "writing"} status={status} error={error} />
      {unplaced && <Loading />}
      {shots.length > 0 && filmKnown && (
        <>
          <Films project={project.data} />
          {batch && !hasEnded(batch) && <Work job={batch} working status={status} error={null} />}
          <Later>
            <header className="song-head">
              <h2>{t("film.shots")}</h2>
              <button
                type="button"
                className="button small"
                aria-pressed={ordering}
                onClick={() => setOrdering(!ordering)}
              >
                {t(ordering ? "film.orderDone" : "film.order")}
              </button>
            </header>
            {ordering && <ShotOrder shots={shots} projectId={projectId} />}
            {!ordering && (
              <ol className="shots" style={{ "--aspect": shapeOf(project.data) } as CSSProperties}>
                {shots.map((shot) => (
                  <ShotCard key={shot.shot_id} shot={shot} projectId={projectId} order={order} />
                ))}
              </ol>
            )}
            <Telling project={project.data} />
            <Cast project={project.data} />
            <Versions projectId={projectId} revision={revision} />
          </Later>
        </>
      )}
      {!unplaced && (
        <p>
          <Link to="/film" className="button">
            {t("film.another")}
          </Link>
        </p>
      )}
    </Page>
  );
}

/** What stands below what is seen first: laid out piece by piece, so that a press meanwhile is answered. */
function Later({ children }: { children: ReactNode }) {
  return useDeferredValue(true, false) && children;
}

function isAtWork(project: Project | undefined, queries: QueryClient): boolean {
  if (!project?.batch_job_id) return false;
  const batch = queries.getQueryData<Job>(["job", project.batch_job_id]);
  return !batch || !hasEnded(batch) || project.shots.some(({ status }) => status === "making");
}
