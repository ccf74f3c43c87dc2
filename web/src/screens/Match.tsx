import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, ApiError, body, partly, type Schemas } from "../api/client";
import { useJobOf } from "../api/jobs";
import { LinearStages, linearOf, type Style } from "../audio/linear-stages";
import { RegionPreview, type Render } from "../audio/region-preview";
import type { Version } from "../audio/switch-player";
import { Private } from "../components/Account";
import { Page } from "../components/parts";
import { Loading, WaitingPage } from "../components/states";
import { Shares } from "../components/Shares";
import { VersionPlayer } from "../components/VersionPlayer";
import { Work } from "../components/Work";
import { matchNoteInChinese } from "../messages/zh-match";
import { Adjust } from "./match/Adjust";
import { type Curves, CurvesOf } from "./match/Curves";
import { useHistory } from "./match/history";
import { originOf } from "./match/origin";

type Matched = Schemas["MatchView"];

export function Match() {
  return (
    <Private>
      <Whole />
    </Private>
  );
}

function Whole() {
  const { t } = useTranslation();
  const { matchId } = useParams({ from: "/matches/$matchId" });
  const match = useQuery(matchQuery(matchId));
  const job = useJobOf(match.data, ["match", matchId]);
  if (!match.data) return <WaitingPage title={t("match.title")} of={match} />;
  const { title, status, error, files } = match.data;
  return (
    <Page title={title || t("match.title")} text={files ? t("match.ready") : undefined} wide={Boolean(files)}>
      <Work job={job} working={status === "matching"} status={status} error={error} />
      {files && <Ready key={matchId} match={match.data} files={files} />}
      {status !== "matching" && (
        <p>
          <Link to="/match" className="button">
            {t("match.another")}
          </Link>
        </p>
      )}
    </Page>
  );
}

const matchQuery = (match_id: string) =>
  queryOptions({
    queryKey: ["match", match_id],
    queryFn: () => body(api.GET("/v1/matches/{match_id}", { params: { path: { match_id } } })),
  });

/** Until the style is known. */
const UNCHANGED = partly("StyleParams", { eq: [], amounts: partly("Amounts", { eq: 1, stereo: 1 }) });

function Ready({ match, files }: { match: Matched; files: Schemas["MatchFiles"] }) {
  const { t, i18n } = useTranslation();
  // A match that was adjusted by hand has no references of its own.
  const origin = match.params.references.length > 0 ? match.match_id : originOf(match.match_id);
  const first = useQuery({ ...matchQuery(origin ?? ""), enabled: origin !== undefined });
  const before = files.sounds.before_url;
  const wanted = first.data?.files?.sounds.reference_urls.filter((url) => url !== null) ?? [];
  const curves = useQuery({
    queryKey: ["curves", match.match_id],
    queryFn: async () => {
      const answer = await fetch(files.viz_url);
      if (!answer.ok) throw new ApiError(answer.status, "INTERNAL", "");
      return (await answer.json()) as Curves;
    },
    staleTime: Infinity,
  }).data;
  const history = useHistory(`soundstage.adjusted.${match.match_id}`, match.style ?? UNCHANGED);
  const spectrum = curves?.spectra.target;
  const linear = useMemo(() => linearOf(history.value, spectrum), [history.value, spectrum]);
  const [stages] = useState(() => new LinearStages(linear));
  const [regions] = useState(() => new RegionPreview(history.value, renderOf(match.match_id)));
  useEffect(() => {
    regions.set(history.value, stages.set(linear));
  }, [regions, stages, linear, history.value]);
  const beforeLufs = match.metrics_before?.integrated_lufs;
  const loudness = (of: "reference" | "target" | "result") => curves?.loudness[of]?.short_term_lufs;
  const original = before === null ? [] : [{ url: before, lufs: beforeLufs, loudness: loudness("target") }];
  const versions: Version[] = [
    {
      label: t("match.after"),
      url: files.sounds.after_url,
      lufs: match.metrics_after?.integrated_lufs,
      loudness: loudness("result"),
    },
    ...original.map((sound) => ({ ...sound, label: t("match.before") })),
    ...wanted.map((url, index) => ({
      label: wanted.length > 1 ? t("match.references", { number: index + 1 }) : t("match.reference"),
      url,
      lufs: match.style?.lufs?.target_db,
      loudness: wanted.length > 1 ? undefined : loudness("reference"),
    })),
    ...(match.style
      ? original.map((sound) => ({ ...sound, label: t("sound.preview"), stages, regions, tone: 3 }))
      : []),
  ];
  return (
    <>
      <section className="card">
        {first.isLoading ? <Loading /> : <VersionPlayer versions={versions} />}
      </section>
      {match.style && <Adjust match={match} origin={origin} history={history} />}
      <div className="pair">
        <section className="card">
          <h2>{t("match.done")}</h2>
          <ul className="notes">
            {match.style?.notes.map(({ stage, sentence, applied }) => (
              <li key={stage + sentence} className={applied ? "" : "quiet"}>
                {i18n.language === "zh" ? matchNoteInChinese(sentence) : sentence}
              </li>
            ))}
          </ul>
        </section>
        <section className="card">
          <h2>{t("match.figures")}</h2>
          <Figures match={match} />
          <div className="actions">
            <a className="button primary" href={files.audio_url} download>
              {t("player.download", { name: t("match.audio") })}
            </a>
            <a
              className="button"
              href={`${files.page_url}#${i18n.language}`}
              target="_blank"
              rel="noreferrer"
            >
              {t("match.report")}
            </a>
            <a className="button" href={files.preset_url} download>
              {t("match.preset")}
            </a>
          </div>
        </section>
      </div>
      {curves && <CurvesOf curves={curves} />}
      <Shares kind="match" id={match.match_id} />
    </>
  );
}

/** A region of the target in a changed style, from the API, which runs every stage. */
function renderOf(match_id: string): Render<Style> {
  return async (style, start_s, duration_s, signal) => {
    const { data, error, response } = await api.POST("/v1/matches/{match_id}/preview", {
      params: { path: { match_id } },
      body: { style, start_s, duration_s },
      parseAs: "arrayBuffer",
      signal,
    });
    if (!data) throw error;
    const lufs = response.headers.get("Integrated-Lufs");
    const decoder = new OfflineAudioContext(1, 1, 48_000);
    return { buffer: await decoder.decodeAudioData(data), lufs: lufs === null ? null : Number(lufs) };
  };
}

function Figures({ match }: { match: Matched }) {
  const { t } = useTranslation();
  const before = match.metrics_before;
  const after = match.metrics_after;
  if (!before || !after) return null;
  const rows = [
    [t("match.lufs"), before.integrated_lufs, after.integrated_lufs, "LUFS"],
    [t("match.peak"), before.tp_db, after.tp_db, "dBTP"],
    [t("match.tone"), before.tone_err_db, after.tone_err_db, "dB"],
    [t("match.width"), before.width_err_db, after.width_err_db, "dB"],
  ] as const;
  return (
    <table className="figures">
      <thead>
        <tr>
          <td />
          <th scope="col">{t("match.before")}</th>
          <th scope="col">{t("match.after")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([label, was, is, unit]) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>{figure(was, unit)}</td>
            <td>{figure(is, unit)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function figure(value: number | null | undefined, unit: string): string {
  return typeof value === "number" ? `${value.toFixed(1).replace("-", "−")} ${unit}` : "–";
}
