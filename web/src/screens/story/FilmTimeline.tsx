import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components/Button";
import { Toolbar } from "react-aria-components/Toolbar";
import { useTranslation } from "react-i18next";

import { ApiError, type Schemas } from "../../api/client";
import { marksOf } from "../../components/Chart";
import { clock } from "../../components/format";

import { type FilmResult, type Span, tracksOf } from "./timeline";
import { Waiting } from "../../components/states";

const INSIDE_S = 0.002; // players round down: exactly at a cut, they would show what is before it
const LEAST_PX_PER_S = 26; // a subtitle of two seconds can be read in part, and hit with a finger

interface Props {
  film: Omit<Schemas["FilmView"], "chapters">;
  resultUrl: string;
  project: Schemas["ProjectView"];
  player: RefObject<HTMLVideoElement | null>;
  onSeek: (atS: number) => void;
}

interface Clip extends Span {
  label: string;
  picture?: string | null | undefined;
}

/** Scenes, narration, music and subtitles under one ruler. */
export function FilmTimeline({ film, resultUrl, project, player, onSeek }: Props) {
  const { t } = useTranslation();
  const atS = usePosition(player);
  const view = useRef<HTMLDivElement>(null);
  const result = useQuery({
    queryKey: ["film-result", film.film_id],
    queryFn: async () => {
      const answer = await fetch(resultUrl);
      if (!answer.ok) throw new ApiError(answer.status, "INTERNAL", "");
      return (await answer.json()) as FilmResult;
    },
    staleTime: Infinity,
  });
  const lengthS = film.duration_s ?? 0;
  const head = lengthS ? atS / lengthS : 0;
  useEffect(() => {
    // The place that plays stays in sight, but for somebody who goes along by keys.
    const box = view.current;
    if (!box || box.querySelector(":focus-visible")) return;
    const px = head * box.scrollWidth;
    if (px < box.scrollLeft || px > box.scrollLeft + box.clientWidth)
      box.scrollLeft = px - box.clientWidth / 4;
  }, [head]);

  if (!result.data || !film.quality || !lengthS) {
    return (
      <section className="timeline timeline-place">
        <Waiting of={result} />
      </section>
    );
  }
  const same = film.revision === project.revision;
  const scored = same && project.settings.music.source === "embedded" && !("music" in film.settings);
  const tracks = tracksOf(
    { timings: film.timings, parts: film.parts, fps: film.quality.fps },
    result.data,
    scored ? project.shots : [],
  );
  const shots = new Map(project.shots.map((shot) => [shot.id, shot]));
  const named = (shot: string): string => {
    const known = shots.get(shot);
    if (known) return `${known.number} ${known.title || known.narration}`;
    return shot === "title" || shot === "credits" ? t(`film.cards.${shot}`) : "";
  };
  const lanes: [keyof typeof tracks, Clip[]][] = [
    [
      "scenes",
      tracks.scenes.map((it) => ({ ...it, label: named(it.shot), picture: shots.get(it.shot)?.picture_url })),
    ],
    ["narration", tracks.narration.map((it) => ({ ...it, label: shots.get(it.shot)?.narration ?? "" }))],
    [
      "music",
      tracks.music.map((it) => ({
        ...it,
        label: it.mood ? t(`film.moods.${it.mood}`) : t("film.lanes.music"),
      })),
    ],
    ["subtitles", tracks.subtitles.map((it) => ({ ...it, label: it.text }))],
  ];
  return (
    <section className="timeline">
      <h2>{t("film.timeline")}</h2>
      <div className="timeline-scroll" ref={view}>
        <div className="timeline-axis" style={{ minWidth: `${lengthS * LEAST_PX_PER_S}px` }}>
          <div className="timeline-ruler">
            {marksOf([0, lengthS]).map((mark) => (
              <span key={mark} className="time" style={{ left: share(mark, lengthS) }} aria-hidden="true">
                {clock(mark)}
              </span>
            ))}
            <input
              type="range"
              min={0}
              max={lengthS}
              step={0.1}
              value={atS}
              aria-label={t("film.position")}
              aria-valuetext={clock(atS)}
              onChange={(event) => onSeek(event.target.valueAsNumber)}
            />
          </div>
          {lanes
            .filter(([, clips]) => clips.length > 0)
            .map(([name, clips]) => (
              <Toolbar key={name} className={`lane lane-${name}`} aria-label={t(`film.lanes.${name}`)}>
                <span className="lane-name" aria-hidden="true">
                  {t(`film.lanes.${name}`)}
                </span>
                <span className="lane-clips">
                  {clips.map((clip) => (
                    <Button
                      key={clip.startS}
                      className="clip"
                      style={{
                        left: share(clip.startS, lengthS),
                        width: share(clip.endS - clip.startS, lengthS),
                        ...(clip.picture ? { backgroundImage: `url("${clip.picture}")` } : {}),
                      }}
                      aria-label={`${clock(clip.startS)} ${clip.label}`}
                      aria-current={clip.startS <= atS && atS < clip.endS}
                      onPress={() => onSeek(clip.startS + INSIDE_S)}
                    >
                      <span>{clip.label}</span>
                    </Button>
                  ))}
                </span>
              </Toolbar>
            ))}
          <span className="playhead" style={{ left: share(atS, lengthS) }} />
        </div>
      </div>
      <p className="quiet">
        {t("film.timelineHint")} <span className="by-keys">{t("film.timelineKeys")}</span>
      </p>
    </section>
  );
}

const share = (seconds: number, lengthS: number): string => `${((100 * seconds) / lengthS).toFixed(3)}%`;

function usePosition(player: RefObject<HTMLVideoElement | null>): number {
  const [atS, setAtS] = useState(0);
  useEffect(() => {
    const video = player.current;
    if (!video) return;
    const tell = () => setAtS(video.currentTime);
    const events = ["timeupdate", "seeking"] as const;
    events.forEach((name) => video.addEventListener(name, tell));
    return () => events.forEach((name) => video.removeEventListener(name, tell));
  }, [player]);
  return atS;
}
