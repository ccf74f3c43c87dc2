import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body, partly, type Schemas } from "../api/client";
import { upload } from "../api/uploads";
import { keepWishes } from "../api/wishes";
import { useAccount } from "../components/Account";
import { DropZone, SOUND } from "../components/DropZone";
import { Bar, called, Choice, Page, Trouble } from "../components/parts";
import { PromptField } from "../components/PromptField";
import { Recorder } from "../components/Recorder";
import { sharedFile } from "../shared-file";

type Mood = NonNullable<Schemas["GenParams"]["mood"]>;
const MOODS = ["auto", "calm", "happy", "dark", "epic", "dreamy"] as const satisfies readonly Mood[];
const LENGTHS_S = ["30", "60", "90", "120"] as const;

export function Hum() {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  useEffect(() => {
    void sharedFile().then((shared) => shared && setFile(shared));
  }, []);
  return (
    <Page title={t("hum.title")} text={t("hum.text")}>
      {file ? (
        <Order key={`${file.name} ${file.lastModified}`} file={file} onAnew={() => setFile(null)} />
      ) : (
        <section className="card">
          <Recorder onTake={setFile} />
          <DropZone label={t("hum.file")} action={t("hum.drop")} accept={SOUND} onFile={setFile} />
        </section>
      )}
    </Page>
  );
}

function Order({ file, onAnew }: { file: File; onAnew: () => void }) {
  const { t, i18n } = useTranslation();
  const ensureAccount = useAccount();
  const navigate = useNavigate();
  const [title, setTitle] = useState("");
  const [prompt, setPrompt] = useState("");
  const [mood, setMood] = useState<Mood>("auto");
  const [length, setLength] = useState<(typeof LENGTHS_S)[number]>("60");
  const [sent, setSent] = useState<number | null>(null);
  const [assetId, setAssetId] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const preview = useMemo(() => URL.createObjectURL(file), [file]);
  const today = new Date().toLocaleDateString(i18n.language, { day: "numeric", month: "long" });
  const proposed = t("hum.titleOf", { date: today });

  async function order(listenFirst: boolean) {
    setError(null);
    if (!(await ensureAccount())) return;
    try {
      setSent(0);
      const hum_asset_id = assetId ?? (await upload(file, setSent)); // what has arrived need not be sent again
      setAssetId(hum_asset_id);
      const device = matchMedia("(pointer: coarse)").matches ? "mobile" : "desktop";
      const metadata = { schema_version: 1, platform: "web", device } as const;
      const track = await body(
        api.POST("/v1/tracks", { body: { title: title.trim() || proposed, metadata } }),
      );
      const trackId = track.track_id;
      const params = { path: { track_id: trackId } };
      const wishes = { prompt: prompt.trim() || null, mood, duration_s: Number(length) };
      if (listenFirst) {
        keepWishes(trackId, wishes);
        await body(api.POST("/v1/tracks/{track_id}/listen", { params, body: { hum_asset_id } }));
        await navigate({ to: "/songs/$trackId/tune", params: { trackId } });
      } else {
        const gen_params = partly("GenParams", wishes);
        await body(
          api.POST("/v1/tracks/{track_id}/generate", { params, body: { hum_asset_id, gen_params } }),
        );
        await navigate({ to: "/songs/$trackId", params: { trackId } });
      }
    } catch (reason) {
      setError(reason);
      setSent(null);
    }
  }

  return (
    <form
      className="card form"
      onSubmit={(event) => {
        event.preventDefault();
        void order(false);
      }}
    >
      <h2>{t("hum.take")}</h2>
      {/* eslint-disable-next-line jsx-a11y/media-has-caption -- a hum has no words */}
      <audio controls src={preview} />
      <label>
        {t("hum.songTitle")}
        <input
          value={title}
          maxLength={200}
          placeholder={proposed}
          onChange={(event) => setTitle(event.target.value)}
        />
      </label>
      <PromptField value={prompt} onChange={setPrompt} />
      <Choice
        label={t("hum.mood")}
        name="mood"
        value={mood}
        onChange={setMood}
        options={called(MOODS, (name) => t(`hum.moods.${name}`))}
      />
      <Choice
        label={t("hum.length")}
        name="length"
        value={length}
        onChange={setLength}
        options={called(LENGTHS_S, (count) => t("hum.seconds", { count: Number(count) }))}
      />
      <Trouble error={error} />
      {sent !== null && <Bar label={t("hum.sending")} value={Math.round(sent * 100)} />}
      <div className="actions">
        <button type="submit" className="button primary" disabled={sent !== null}>
          {t("hum.make")}
        </button>
        <button type="button" className="button" disabled={sent !== null} onClick={() => void order(true)}>
          {t("hum.listenFirst")}
        </button>
        <button type="button" className="button" disabled={sent !== null} onClick={onAnew}>
          {t("hum.anew")}
        </button>
      </div>
    </form>
  );
}
