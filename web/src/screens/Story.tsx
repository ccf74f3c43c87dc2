import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body, partly, type Schemas } from "../api/client";
import { hasEnded, type Job, useJob } from "../api/jobs";
import { Private } from "../components/Account";
import { clock } from "../components/format";
import { causeOf, JobProgress, Loading, Page, Trouble } from "../components/parts";

type Project = Schemas["ProjectView"];
type Shot = Schemas["ShotView"];
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
  useEffect(() => {
    if (written) void queries.invalidateQueries({ queryKey: ["project", projectId] });
  }, [written, queries, projectId]);
  const batch = useJob(project.data?.batch_job_id);

  if (project.error) return <Page title={t("film.title")}>{<Trouble error={project.error} />}</Page>;
  if (!project.data) return <Page title={t("film.title")}>{<Loading />}</Page>;
  const { title, status, error, shots, logline, characters } = project.data;
  const making = shots.some((shot) => shot.status === "making");
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
          <Films project={project.data} making={making} />
          {making && (
            <section className="card">
              <JobProgress job={batch} />
            </section>
          )}
          {characters.length > 0 && (
            <p>
              <span className="quiet">{t("film.cast")}:</span>{" "}
              {characters.map(({ name }) => name).join(" · ")}
            </p>
          )}
          <h2>{t("film.shots")}</h2>
          <ol className="shots">
            {shots.map((shot) => (
              <ShotCard key={shot.shot_id} shot={shot} projectId={projectId} />
            ))}
          </ol>
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

function isAtWork(project: Project | undefined, queries: QueryClient): boolean {
  if (!project?.batch_job_id) return false;
  const batch = queries.getQueryData<Job>(["job", project.batch_job_id]);
  return !batch || !hasEnded(batch) || project.shots.some(({ status }) => status === "making");
}

function ShotCard({ shot, projectId }: { shot: Shot; projectId: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<string | null>(null);
  const params = { path: { shot_id: shot.shot_id } };
  const change = useMutation({
    mutationFn: (narration: string) =>
      body(api.PATCH("/v1/shots/{shot_id}", { params, body: partly("ShotChange", { narration }) })),
    onSuccess: async () => {
      setDraft(null);
      await queries.invalidateQueries({ queryKey: ["project", projectId] });
    },
  });
  const stale = shot.picture_state === "stale" || shot.speech_state === "stale";
  return (
    <li className="card shot">
      <div className={`shot-picture${shot.status === "making" ? " making" : ""}`}>
        {shot.picture_url && <img src={shot.picture_url} alt={shot.prompt} loading="lazy" />}
        <span className="shot-number">{shot.number}</span>
      </div>
      {draft === null ? (
        <>
          <p className="shot-words">{shot.narration}</p>
          {stale && <p className="quiet">{t("film.stale")}</p>}
          {shot.error && <p className="trouble">{causeOf(shot.error)}</p>}
          <div className="actions">
            <button
              type="button"
              className="button small"
              disabled={shot.locked}
              onClick={() => setDraft(shot.narration)}
              aria-label={`${t("film.change")}: ${t("film.shot", { number: shot.number })}`}
            >
              {t("film.change")}
            </button>
            {shot.speech_url && (
              // eslint-disable-next-line jsx-a11y/media-has-caption -- its words stand above
              <audio controls preload="none" src={shot.speech_url} />
            )}
          </div>
        </>
      ) : (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            change.mutate(draft);
          }}
        >
          <label>
            {t("film.narration")}
            <textarea rows={4} value={draft} onChange={(event) => setDraft(event.target.value)} />
          </label>
          <Trouble error={change.error} />
          <div className="actions">
            <button type="submit" className="button small primary" disabled={change.isPending}>
              {t("film.save")}
            </button>
            <button type="button" className="button small" onClick={() => setDraft(null)}>
              {t("film.cancel")}
            </button>
          </div>
        </form>
      )}
    </li>
  );
}

function Films({ project, making }: { project: Project; making: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { project_id } = project;
  const films = useQuery({
    queryKey: ["films", project_id],
    queryFn: () => body(api.GET("/v1/films", { params: { query: { limit: 50 } } })),
  }).data?.items.filter((film) => film.project_id === project_id);
  const estimate = useQuery({
    queryKey: ["estimate", project_id, project.revision],
    queryFn: () => body(api.GET("/v1/projects/{project_id}/estimate", { params: { path: { project_id } } })),
  }).data;
  const make = useMutation({
    mutationFn: (quality: "preview" | "final") =>
      body(
        api.POST("/v1/projects/{project_id}/films", {
          params: { path: { project_id } },
          body: partly("ProjectFilm", { quality }),
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["films", project_id] }),
  });
  const newest = films?.[0];
  return (
    <section className="card">
      {newest && <Film key={newest.film_id} filmId={newest.film_id} />}
      {estimate && (
        <p className="quiet">
          {t("film.estimate", {
            length: clock(estimate.film_duration_s),
            work: clock(estimate.work_s),
            money: estimate.usd > 0 ? `$${estimate.usd.toFixed(2)}` : t("film.free"),
          })}
        </p>
      )}
      <Trouble error={make.error} />
      <div className="actions">
        <button
          type="button"
          className="button primary"
          disabled={make.isPending}
          onClick={() => make.mutate("final")}
        >
          {t("film.final")}
        </button>
        <button
          type="button"
          className="button"
          disabled={make.isPending || making}
          onClick={() => make.mutate("preview")}
        >
          {t("film.preview")}
        </button>
      </div>
    </section>
  );
}

function Film({ filmId }: { filmId: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const film = useQuery({
    queryKey: ["film", filmId],
    queryFn: () => body(api.GET("/v1/films/{film_id}", { params: { path: { film_id: filmId } } })),
  }).data;
  const job = useJob(film?.job_id);
  const ended = job ? hasEnded(job) : false;
  useEffect(() => {
    if (!ended) return;
    void queries.invalidateQueries({ queryKey: ["film", filmId] });
    void queries.invalidateQueries({ queryKey: ["project"] }); // a film makes what its shots lack
  }, [ended, queries, filmId]);

  if (!film) return <Loading />;
  if (film.status === "filming") return <JobProgress job={job} />;
  if (!film.files) {
    return (
      <p className="trouble" role="alert">
        {causeOf(film.error) || t(`status.${film.status}`)}
      </p>
    );
  }
  const { film_url, poster_url, storyboard_url, contact_sheet_url, subtitle_urls } = film.files;
  return (
    <div className="cinema">
      {/* Its subtitles are in the picture. */}
      {/* eslint-disable-next-line jsx-a11y/media-has-caption */}
      <video
        controls
        playsInline
        preload="metadata"
        poster={poster_url}
        src={film_url}
        aria-label={film.title}
      />
      <div className="actions">
        <a className="button" href={film_url} download>
          {t("player.download", { name: t("film.film") })}
        </a>
        <a className="button" href={storyboard_url} target="_blank" rel="noreferrer">
          {t("film.storyboardPdf")}
        </a>
        <a className="button" href={contact_sheet_url} target="_blank" rel="noreferrer">
          {t("film.contactSheet")}
        </a>
        {Object.entries(subtitle_urls).map(([kind, url]) => (
          <a key={kind} className="button" href={url} download>
            {t("film.subtitles", { kind: kind.toUpperCase() })}
          </a>
        ))}
      </div>
    </div>
  );
}
