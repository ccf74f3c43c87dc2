import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { api, body, partly, type Schemas } from "../../api/client";
import { useJob, useJustEnded } from "../../api/jobs";
import { clock } from "../../components/format";
import { Trouble } from "../../components/parts";
import { Waiting } from "../../components/states";
import { Shares } from "../../components/Shares";
import { Work } from "../../components/Work";
import { FilmTimeline } from "./FilmTimeline";

/** Of its pictures, in CSS: their place is there before they are. */
export const shapeOf = ({ settings }: Schemas["ProjectView"]): string => settings.aspect.replace(":", " / ");

const useFilms = (projectId: string) =>
  useQuery({
    queryKey: ["films", projectId],
    queryFn: () => body(api.GET("/v1/films", { params: { query: { limit: 50 } } })),
    select: ({ items }) => items.filter((film) => film.project_id === projectId),
  });

const useFilm = (filmId: string | undefined) =>
  useQuery({
    queryKey: ["film", filmId],
    queryFn: () => body(api.GET("/v1/films/{film_id}", { params: { path: { film_id: filmId ?? "" } } })),
    enabled: Boolean(filmId),
  });

/** Whether the newest film is known, or that there is none: until then nobody knows where what follows has its place. */
export function useFilmKnown(projectId: string): boolean {
  const films = useFilms(projectId);
  const newest = films.data?.[0];
  const film = useFilm(newest?.film_id);
  // Who waits for a second answer doesn't keep the rest from being seen.
  const known = (asked: { isPending: boolean; failureCount: number }) =>
    !asked.isPending || asked.failureCount > 0;
  return known(films) && (!newest || known(film));
}

/** What it would take, the way to a film, and the newest one. */
export function Films({ project }: { project: Schemas["ProjectView"] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { project_id } = project;
  const films = useFilms(project_id).data;
  const estimate = useQuery({
    queryKey: ["estimate", project_id, project.revision],
    queryFn: () => body(api.GET("/v1/projects/{project_id}/estimate", { params: { path: { project_id } } })),
  }).data;
  const make = useMutation({
    mutationFn: (quality: "preview" | "final") => {
      const params = { path: { project_id } };
      return body(
        api.POST("/v1/projects/{project_id}/films", { params, body: partly("ProjectFilm", { quality }) }),
      );
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["films", project_id] }),
  });
  const newest = films?.[0];
  const filming = newest?.status === "filming";
  return (
    <section className="card">
      {newest && <Film key={newest.film_id} filmId={newest.film_id} project={project} />}
      <p className="quiet estimate">
        {estimate &&
          t("film.estimate", {
            length: clock(estimate.film_duration_s),
            work: clock(estimate.work_s),
            money: estimate.usd > 0 ? `$${estimate.usd.toFixed(2)}` : t("film.free"),
          })}
      </p>
      <Trouble error={make.error} />
      <div className="actions cinema-orders">
        {(["final", "preview"] as const).map((quality) => (
          <button
            key={quality}
            type="button"
            className={quality === "final" ? "button primary" : "button"}
            disabled={make.isPending || filming}
            onClick={() => make.mutate(quality)}
          >
            {t(`film.${quality}`)}
          </button>
        ))}
      </div>
    </section>
  );
}

function Film({ filmId, project }: { filmId: string; project: Schemas["ProjectView"] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const asked = useFilm(filmId);
  const film = asked.data;
  const player = useRef<HTMLVideoElement>(null);
  const job = useJob(film?.job_id);
  const ended = useJustEnded(job);
  useEffect(() => {
    if (!ended) return;
    // A film makes what its shots lack.
    for (const kind of ["film", "films", "project"]) void queries.invalidateQueries({ queryKey: [kind] });
  }, [ended, queries]);

  if (!film) return <Waiting of={asked} />;
  if (!film.files) {
    return <Work job={job} working={film.status === "filming"} status={film.status} error={film.error} />;
  }
  const { film_url, poster_url, storyboard_url, contact_sheet_url, subtitle_urls, result_url } = film.files;
  const seek = (atS: number) => {
    const video = player.current;
    if (!video) return;
    const go = () => (video.currentTime = atS);
    go();
    // Just after a page was opened there may be no place to go to yet.
    if (video.seekable.length === 0) video.addEventListener("loadeddata", go, { once: true });
  };
  return (
    <div className="cinema">
      {/* Its subtitles are in the picture. */}
      {/* eslint-disable-next-line jsx-a11y/media-has-caption */}
      <video
        ref={player}
        controls
        playsInline
        preload="metadata"
        poster={poster_url}
        src={film_url}
        aria-label={film.title}
        style={{ aspectRatio: shapeOf(project) }}
      />
      <Chapters
        chapters={film.chapters as [number, string][]}
        onChoose={(atS) => {
          seek(atS);
          void player.current?.play().catch(() => undefined);
        }}
      />
      <FilmTimeline film={film} resultUrl={result_url} project={project} player={player} onSeek={seek} />
      <div className="actions">
        <a className="button" href={film_url} download>
          {t("film.download")}
        </a>
      </div>
      <details>
        <summary>{t("film.files")}</summary>
        <div className="actions">
          <a className="button small" href={storyboard_url} target="_blank" rel="noreferrer">
            {t("film.storyboardPdf")}
          </a>
          <a className="button small" href={contact_sheet_url} target="_blank" rel="noreferrer">
            {t("film.contactSheet")}
          </a>
          {Object.entries(subtitle_urls).map(([kind, url]) => (
            <a key={kind} className="button small" href={url} download>
              {t("film.subtitles", { kind: kind.toUpperCase() })}
            </a>
          ))}
        </div>
      </details>
      <Shares kind="film" id={filmId} />
    </div>
  );
}

function Chapters({ chapters, onChoose }: ChaptersProps) {
  const { t } = useTranslation();
  if (chapters.length === 0) return null;
  return (
    <nav aria-label={t("film.chapters")}>
      <ol className="chapters">
        {chapters.map(([atS, title]) => (
          <li key={atS}>
            <button type="button" className="button small" onClick={() => onChoose(atS)}>
              <span className="time">{clock(atS)}</span> {title}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

interface ChaptersProps {
  chapters: readonly (readonly [atS: number, title: string])[];
  onChoose: (atS: number) => void;
}
