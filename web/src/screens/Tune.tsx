import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body, partly, type Schemas } from "../api/client";
import { hasEnded, useJob } from "../api/jobs";
import { type Wishes, wishesFor } from "../api/wishes";
import { Private } from "../components/Account";
import { tonicName } from "../components/format";
import { causeOf, Page, Trouble } from "../components/parts";
import { Waiting } from "../components/states";
import { TuneEditor } from "../components/TuneEditor";
import { Work } from "../components/Work";
import { named } from "../messages/i18n";
import { noted } from "../messages/zh-notes";

const TONICS = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"] as const;
const C_MAJOR: Key = { tonic: "C", mode: "major" };
const METERS = ["2/4", "3/4", "4/4", "6/8", "5/4", "7/8"] as const;
const SAVED_AFTER_MS = 700;

type Correction = Omit<Schemas["TuneCorrection"], "tempo_map">;
type Heard = Pick<Schemas["Analysis"], "notes" | "key" | "tempo_bpm" | "meter" | "duration_s" | "warnings">;
type Key = Schemas["Key"];

export function Tune() {
  return (
    <Private>
      <Whole />
    </Private>
  );
}

function Whole() {
  const { t } = useTranslation();
  const { trackId } = useParams({ from: "/songs/$trackId/tune" });
  const queries = useQueryClient();
  const params = { path: { track_id: trackId } };
  const track = useQuery({
    queryKey: ["track", trackId],
    queryFn: () => body(api.GET("/v1/tracks/{track_id}", { params })),
  });
  const job = useJob(track.data?.job_id);
  const ended = job ? hasEnded(job) : false;
  const tune = useQuery({
    queryKey: ["tune", trackId],
    queryFn: () => body(api.GET("/v1/tracks/{track_id}/tune", { params })),
    staleTime: Infinity,
  });
  useEffect(() => {
    if (!ended) return;
    void queries.invalidateQueries({ queryKey: ["tune", trackId] });
    void queries.invalidateQueries({ queryKey: ["track", trackId] });
  }, [ended, queries, trackId]);

  const title = track.data?.title ?? t("tune.title");
  const heard = tune.data?.heard;
  if (!track.data || !tune.data)
    return <Page title={title}>{<Waiting of={track.data ? tune : track} />}</Page>;
  if (job && !ended) {
    return (
      <Page title={title} text={t("tune.listening")}>
        <Work job={job} working status="generating" error={null} />
      </Page>
    );
  }
  if (!heard || heard.notes.length === 0) {
    return (
      <Page title={title}>
        <p className="trouble" role="alert">
          {causeOf(job?.error) || heard?.message || t("tune.nothing")}
        </p>
      </Page>
    );
  }
  return (
    <Page title={title} text={t("tune.text")} wide>
      <Mending
        trackId={trackId}
        heard={heard}
        corrected={tune.data.correction}
        hum={tune.data.hum_asset_id ?? ""}
        wishes={track.data.gen_params ?? {}}
      />
    </Page>
  );
}

interface Props {
  trackId: string;
  heard: Heard;
  corrected: Correction | null;
  hum: string;
  /** By which the songs were made that there are. */
  wishes: Wishes;
}

function Mending({ trackId, heard, corrected, hum, wishes }: Props) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const params = { path: { track_id: trackId } };
  const [change, setChange] = useState<Partial<Correction>>(corrected ?? {});
  const [touched, setTouched] = useState(false);
  const unsaved = useRef(false);
  const now = {
    notes: change.notes ?? heard.notes,
    key: change.key ?? heard.key,
    tempo_bpm: change.tempo_bpm ?? heard.tempo_bpm ?? 100,
    meter: change.meter ?? heard.meter ?? "4/4",
  };
  const recording = useQuery({
    queryKey: ["download", hum],
    queryFn: () => body(api.GET("/v1/assets/{asset_id}/download", { params: { path: { asset_id: hum } } })),
    enabled: Boolean(hum),
    staleTime: 600_000,
  }).data?.url;
  const save = useMutation({
    mutationFn: async (wanted: Partial<Correction>) => {
      const saved = partly("TuneCorrection", wanted);
      await body(api.PUT("/v1/tracks/{track_id}/tune/correction", { params, body: saved }));
      unsaved.current = false;
    },
  });
  const withdraw = useMutation({
    mutationFn: () => body(api.DELETE("/v1/tracks/{track_id}/tune/correction", { params })),
    onSuccess: async () => {
      setChange({});
      setTouched(false);
      await queries.invalidateQueries({ queryKey: ["tune", trackId] });
    },
  });
  const make = useMutation({
    mutationFn: async () => {
      if (unsaved.current) await save.mutateAsync(change);
      const gen_params = partly("GenParams", { ...wishes, ...wishesFor(trackId) });
      const order = { hum_asset_id: hum, gen_params };
      return body(api.POST("/v1/tracks/{track_id}/generate", { params, body: order }));
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["track", trackId] });
      await navigate({ to: "/songs/$trackId", params: { trackId } });
    },
  });

  const { mutate } = save;
  useEffect(() => {
    if (!unsaved.current) return;
    const timer = setTimeout(() => mutate(change), SAVED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [change, mutate]);

  function mend(part: Partial<Correction>) {
    unsaved.current = true;
    setTouched(true);
    setChange({ ...change, ...part });
  }

  return (
    <>
      <section className="card">
        {recording && (
          // eslint-disable-next-line jsx-a11y/media-has-caption -- a hum has no words
          <audio controls src={recording} aria-label={t("hum.take")} />
        )}
        <TuneEditor
          notes={now.notes}
          musicalKey={now.key ?? C_MAJOR}
          durationS={heard.duration_s}
          onChange={(notes) => mend({ notes })}
        />
        {heard.warnings.map((warning) => (
          <p key={warning} className="notice">
            {noted(warning, i18n.language)}
          </p>
        ))}
      </section>
      <section className="card form">
        <div className="trio">
          <label>
            {t("song.key")}
            <KeyFields value={now.key} onChange={(key) => mend({ key })} />
          </label>
          <label>
            {t("song.tempo")}
            <input
              type="number"
              min={20}
              max={300}
              value={Math.round(now.tempo_bpm)}
              onChange={(event) => {
                if (event.target.validity.valid) mend({ tempo_bpm: event.target.valueAsNumber });
              }}
            />
          </label>
          <label>
            {t("tune.meter")}
            <select
              value={now.meter}
              onChange={(event) => mend({ meter: event.target.value as (typeof METERS)[number] })}
            >
              {METERS.map((meter) => (
                <option key={meter}>{meter}</option>
              ))}
            </select>
          </label>
        </div>
        <Trouble error={save.error ?? make.error ?? withdraw.error} />
        <div className="actions">
          <button
            type="button"
            className="button primary"
            disabled={make.isPending}
            onClick={() => make.mutate()}
          >
            {t("hum.make")}
          </button>
          <button
            type="button"
            className="button"
            disabled={withdraw.isPending || !(touched || corrected)}
            onClick={() => withdraw.mutate()}
          >
            {t("tune.asHeard")}
          </button>
        </div>
      </section>
    </>
  );
}

function KeyFields({ value, onChange }: { value: Key | null | undefined; onChange: (key: Key) => void }) {
  const { t } = useTranslation();
  const [heard] = useState(value); // the scale that was heard stays among the choices
  const known = value ?? C_MAJOR;
  return (
    <span className="both">
      <select
        value={known.tonic}
        onChange={(event) => onChange({ ...known, tonic: event.target.value as Key["tonic"] })}
      >
        {TONICS.map((tonic) => (
          <option key={tonic} value={tonic}>
            {tonicName({ tonic, mode: known.mode })}
          </option>
        ))}
      </select>
      <select
        aria-label={t("tune.mode")}
        value={known.scale ?? known.mode}
        onChange={({ target: { value: chosen } }) =>
          onChange(
            chosen === "major" || chosen === "minor"
              ? { tonic: known.tonic, mode: chosen }
              : { ...(heard ?? known), tonic: known.tonic },
          )
        }
      >
        {(["major", "minor"] as const).map((mode) => (
          <option key={mode} value={mode}>
            {t(`song.${mode}`)}
          </option>
        ))}
        {heard?.scale && <option value={heard.scale}>{named(heard.scale)}</option>}
      </select>
    </span>
  );
}
