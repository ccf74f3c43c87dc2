import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { api, body, type Schemas } from "../api/client";
import { hasEnded, type Job, useJob } from "../api/jobs";
import { Private } from "../components/Account";
import { causeOf, JobProgress, Loading, Page, Trouble } from "../components/parts";
import { Films } from "./story/Films";
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
  const project = useQuery({
    queryKey: ["project", projectId],
    queryFn: () => body(api.GET("/v1/projects/{project_id}", { params: { path } })),
    // Pictures arrive one by one, each by a job of its own: while any may come, we look for it.
    refetchInterval: ({ state }) => (isAtWork(state.data, queries) ? LOOK_MS : false),
  });
  const writing = useJob(project.data?.job_id);
  const written = writing ? hasEnded(writing) : false;
  const batch = useJob(project.data?.batch_job_id);
  const painted = batch ? hasEnded(batch) : false;
  useEffect(() => {
    if (written || painted) void queries.invalidateQueries({ queryKey: ["project", projectId] });
  }, [written, painted, queries, projectId]);

  if (project.error) return <Page title={t("film.title")}>{<Trouble error={project.error} />}</Page>;
  if (!project.data) return <Page title={t("film.title")}>{<Loading />}</Page>;
  const { title, status, error, shots, logline, revision } = project.data;
  const order = shots.map((shot) => shot.shot_id);
  return (
    <Page title={title} text={logline || undefined} wide>
      {status === "writing" && (
        <section className="card">
          <JobProgress job={writing} />
        </section>
      )}
      {status === "failed" && (
        <p className="trouble" role="alert">
          {causeOf(error)}
        </p>
      )}
      {shots.length > 0 && (
        <>
          <Films project={project.data} />
          {batch && !painted && (
            <section className="card">
              <JobProgress job={batch} />
            </section>
          )}
          <h2>{t("film.shots")}</h2>
          <ol className="shots">
            {shots.map((shot) => (
              <ShotCard key={shot.shot_id} shot={shot} projectId={projectId} order={order} />
            ))}
          </ol>
          <Telling project={project.data} />
          <Cast project={project.data} />
          <Versions projectId={projectId} revision={revision} />
        </>
      )}
      <p>
        <Link to="/film" className="button">
          {t("film.another")}
        </Link>
      </p>
    </Page>
  );
}

/** Who is in it, what the world has, and what leads to what. */
function Cast({ project: { characters, world, chain, shots } }: { project: Project }) {
  const { t } = useTranslation();
  const number = new Map(shots.map((shot) => [shot.id, shot.number]));
  const named = (beats: string[]) => beats.flatMap((shot) => number.get(shot) ?? []).join(", ");
  return (
    <details>
      <summary>{t("film.cast")}</summary>
      <ul className="notes">
        {characters.map(({ id, name, identity }) => (
          <li key={id}>
            <strong>{name}</strong> <span className="quiet">{identity}</span>
          </li>
        ))}
        {world.map(({ id, title, content }) => (
          <li key={id}>
            <strong>{title}</strong> <span className="quiet">{content}</span>
          </li>
        ))}
      </ul>
      <ol className="notes">
        {chain.beats.map(({ phase, name, shots: inIt }) => (
          <li key={`${phase} ${name}`}>
            <strong>{t(`film.phase.${phase}`)}</strong> {name}{" "}
            <span className="quiet">{named(inIt) && `(${named(inIt)})`}</span>
          </li>
        ))}
        {chain.links.map(({ cause, effect, because }) => (
          <li key={`${cause} ${effect}`}>
            {number.get(cause)} → {number.get(effect)} <span className="quiet">{because}</span>
          </li>
        ))}
        {chain.gaps.map((gap) => (
          <li key={gap} className="quiet">
            {gap}
          </li>
        ))}
      </ol>
    </details>
  );
}

function isAtWork(project: Project | undefined, queries: QueryClient): boolean {
  if (!project?.batch_job_id) return false;
  const batch = queries.getQueryData<Job>(["job", project.batch_job_id]);
  return !batch || !hasEnded(batch) || project.shots.some(({ status }) => status === "making");
}
