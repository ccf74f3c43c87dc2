import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body, type Schemas } from "../api/client";
import { hasEnded, useJob, useJobOf } from "../api/jobs";
import { Private } from "../components/Account";
import { clock, keyName } from "../components/format";
import { MoreSongs } from "../components/MoreSongs";
import { Page, Trouble } from "../components/parts";
import { WaitingPage } from "../components/states";
import { Shares } from "../components/Shares";
import { HowItWasUnderstood } from "../components/Understood";
import { VersionPlayer } from "../components/VersionPlayer";
import { Work } from "../components/Work";
import { named } from "../messages/i18n";

type Track = Schemas["TrackView"];
type Variant = Schemas["VariantView"];

export function Songs() {
  return (
    <Private>
      <Track />
    </Private>
  );
}

const EQUAL = 0.02;

/** Why one is recommended: the API's sentence, or ours from the same scores. */
function useReason(): (score: NonNullable<Track["score"]>) => string {
  const { t, i18n } = useTranslation();
  return (score) => {
    if (i18n.language === "en") return score.reason;
    const { recommended: better } = score;
    const other = better === "A" ? "B" : "A";
    const of = (label: "A" | "B") => {
      const { input_similarity, audio_quality } = score.variants[label] ?? {};
      return [input_similarity?.value ?? 0, audio_quality?.value ?? 0] as const;
    };
    const melody = of(better)[0] - of(other)[0];
    const sound = of(better)[1] - of(other)[1];
    const why = Math.abs(melody) + Math.abs(sound) < EQUAL ? "equal" : melody >= sound ? "tune" : "sound";
    return t(`song.because.${why}`, { better, other });
  };
}

function Track() {
  const { t } = useTranslation();
  const reasonOf = useReason();
  const { trackId } = useParams({ from: "/songs/$trackId" });
  const key = ["track", trackId] as const;
  const path = { track_id: trackId };
  const track = useQuery({
    queryKey: key,
    queryFn: () => body(api.GET("/v1/tracks/{track_id}", { params: { path } })),
  });
  const job = useJobOf(track.data, key);

  if (!track.data) return <WaitingPage title={t("song.ready")} of={track} />;
  const { title, status, variants, error, score } = track.data;
  const working = status === "generating" || (job && !hasEnded(job) && variants.length === 0);
  return (
    <Page
      title={title}
      text={working ? t("song.making") : score ? reasonOf(score) : undefined}
      wide={variants.length > 0}
    >
      <Work job={job} working={Boolean(working)} status={status} error={error}>
        <Link to="/hum" className="button primary">
          {t("hum.anew")}
        </Link>
      </Work>
      {!working && variants.length > 0 && <Ready track={track.data} />}
    </Page>
  );
}

function Ready({ track }: { track: Track }) {
  const { t } = useTranslation();
  const best = Math.max(
    0,
    track.variants.findIndex(({ recommended }) => recommended),
  );
  const [heard, setHeard] = useState(best);
  return (
    <>
      <section className="card stage">
        {track.cover_url && (
          <img
            className="cover"
            src={track.cover_preview_url ?? track.cover_url}
            alt={t("song.cover", { title: track.title })}
            fetchPriority="high"
          />
        )}
        <div className="stage-main">
          <VersionPlayer
            versions={track.variants.map((variant) => ({
              label: `${variant.label} · ${named(variant.style)}`,
              url: variant.preview_url ?? variant.audio_url,
              lufs: variant.integrated_lufs,
            }))}
            first={best}
            onHeard={setHeard}
          />
        </div>
      </section>
      <div className="pair">
        {track.variants.map((variant, version) => (
          <Card
            key={variant.label}
            track={track}
            variant={variant}
            heard={version === heard}
            tone={version}
          />
        ))}
      </div>
      {track.understood && (
        <HowItWasUnderstood understood={track.understood} prompt={track.gen_params?.prompt} />
      )}
      <Shares kind="track" id={track.track_id} />
      <MoreSongs key={track.track_id} track={track} />
      <p>
        <Link to="/hum" className="button">
          {t("song.another")}
        </Link>{" "}
        <Link to="/songs/$trackId/tune" params={{ trackId: track.track_id }} className="button">
          {t("song.mend")}
        </Link>
      </p>
    </>
  );
}

function Card({
  track,
  variant,
  heard,
  tone,
}: {
  track: Track;
  variant: Variant;
  heard: boolean;
  tone: number;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ["track", track.track_id] });
  const path = { track_id: track.track_id };
  const choose = useMutation({
    mutationFn: () =>
      body(api.POST("/v1/tracks/{track_id}/primary", { params: { path }, body: { label: variant.label } })),
    onSuccess: refresh,
  });
  return (
    <article
      className={`card song tone-${tone}${heard ? " heard" : ""}`}
      aria-label={`${variant.label}: ${named(variant.style)}`}
    >
      <header className="song-head">
        <span className="letter">{variant.label}</span>
        <h2>{named(variant.style)}</h2>
        {variant.recommended && <span className="badge">{t("song.recommended")}</span>}
        {variant.primary && <span className="badge succeeded">{t("song.primary")}</span>}
      </header>
      <dl className="facts">
        <div>
          <dt>{t("hum.length")}</dt>
          <dd>{clock(variant.duration_s)}</dd>
        </div>
        <div>
          <dt>{t("song.tempo")}</dt>
          <dd>{t("song.bpm", { value: Math.round(variant.tempo_bpm) })}</dd>
        </div>
        <div>
          <dt>{t("song.key")}</dt>
          <dd>{keyName(variant.key, t)}</dd>
        </div>
      </dl>
      <Score label={t("song.keeps")} value={variant.scores.input_similarity.value} />
      <Score label={t("song.sounds")} value={variant.scores.audio_quality.value} />
      {variant.picture_urls["piano_roll"] && (
        <img
          src={variant.picture_urls["piano_roll"]}
          alt={t("song.picture", { name: named("piano_roll"), label: variant.label })}
          loading="lazy"
        />
      )}
      <details>
        <summary>{t("song.details")}</summary>
        <p>
          <span className="quiet">{t("song.chords")}:</span> {variant.chords.slice(0, 16).join(" ")}
        </p>
        {Object.entries(variant.picture_urls).map(([name, url]) => (
          <img
            key={name}
            src={url}
            alt={t("song.picture", { name: named(name), label: variant.label })}
            loading="lazy"
          />
        ))}
      </details>
      <div className="actions">
        <button
          type="button"
          className="button"
          disabled={variant.primary || choose.isPending}
          onClick={() => choose.mutate()}
        >
          {t(variant.primary ? "song.chosen" : "song.choose", { label: variant.label })}
        </button>
        <a className="button" href={variant.audio_url} download>
          WAV
        </a>
        <a className="button" href={variant.midi_url} download>
          MIDI
        </a>
        <Video track={track} variant={variant} onMade={() => void refresh()} />
      </div>
      <Trouble error={choose.error} />
    </article>
  );
}

function Score({ label, value }: { label: string; value: number }) {
  return (
    <div className="score">
      <span>{label}</span>
      <meter min={0} max={1} value={value} aria-label={label} />
      <span className="time">{value.toFixed(2)}</span>
    </div>
  );
}

function Video({ track, variant, onMade }: { track: Track; variant: Variant; onMade: () => void }) {
  const { t } = useTranslation();
  const path = { track_id: track.track_id, label: variant.label };
  const start = useMutation({
    mutationFn: () => body(api.POST("/v1/tracks/{track_id}/variants/{label}/video", { params: { path } })),
  });
  const job = useJob(start.data?.job_id);
  const done = job?.status === "succeeded";
  useEffect(() => {
    if (done) onMade();
  }, [done, onMade]);
  if (variant.video_url) {
    return (
      <a className="button" href={variant.video_url} download>
        MP4
      </a>
    );
  }
  const busy = start.isPending || (job && !hasEnded(job));
  return (
    <button type="button" className="button" disabled={Boolean(busy)} onClick={() => start.mutate()}>
      {busy ? t("song.drawing", { percent: job?.progress ?? 0 }) : t("song.video")}
    </button>
  );
}
