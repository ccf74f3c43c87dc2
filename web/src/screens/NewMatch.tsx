import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body, partly } from "../api/client";
import { upload } from "../api/uploads";
import { useAccount } from "../components/Account";
import { DropZone, SOUND } from "../components/DropZone";
import { Bar, called, Choice, Page, Trouble } from "../components/parts";
import { Slider } from "../components/Slider";

const STRENGTHS = ["natural", "close", "imitate"] as const;
type Strength = (typeof STRENGTHS)[number];
const MOST_REFERENCES = 8;

interface Brought {
  file: File;
  /** Once it was sent. */
  asset?: string;
}

interface Reference extends Brought {
  /** How much it counts, beside the others. */
  weight: number;
}

export function NewMatch() {
  const { t } = useTranslation();
  const ensureAccount = useAccount();
  const navigate = useNavigate();
  const { preset, name } = useSearch({ from: "/match" });
  const [target, setTarget] = useState<Brought | null>(null);
  const [references, setReferences] = useState<Reference[]>([]);
  const [strength, setStrength] = useState<Strength>("natural");
  const [sending, setSending] = useState<{ name: string; sent: number } | null>(null);
  const [error, setError] = useState<unknown>(null);

  const all = references.reduce((sum, { weight }) => sum + weight, 0);
  const change = (index: number, change: Partial<Reference>) =>
    setReferences((before) => before.map((it, at) => (at === index ? { ...it, ...change } : it)));

  async function arrived({ file, asset }: Brought): Promise<string> {
    return asset ?? (await upload(file, (sent) => setSending({ name: file.name, sent })));
  }

  async function make() {
    setError(null);
    if (!target || !(await ensureAccount())) return;
    try {
      const target_asset_id = await arrived(target);
      setTarget({ ...target, asset: target_asset_id });
      const title = target.file.name.replace(/\.[^.]+$/, "");
      const wanted = [];
      for (const [index, reference] of preset ? [] : references.entries()) {
        const asset_id = await arrived(reference);
        change(index, { asset: asset_id });
        wanted.push({ asset_id, weight: reference.weight });
      }
      const how = preset ? { preset_id: preset } : { strength, references: wanted };
      const order = partly("MatchRequest", { target_asset_id, title, ...how });
      const job = await body(api.POST("/v1/matches", { body: order }));
      await navigate({ to: "/matches/$matchId", params: { matchId: job.subject_id ?? "" } });
    } catch (reason) {
      setError(reason);
      setSending(null);
    }
  }

  const complete = target && (preset || references.length > 0);
  return (
    <Page title={t("match.title")} text={t("match.text")}>
      <form
        className="card form"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <div className="pair">
          <DropZone
            label={t("match.target")}
            action={t("match.choose")}
            accept={SOUND}
            file={target?.file ?? null}
            onFile={(file) => setTarget({ file })}
          />
          {!preset && (
            <DropZone
              label={t("match.reference")}
              action={t("match.choose")}
              accept={SOUND}
              file={references[0]?.file ?? null}
              onFile={(file) =>
                setReferences([{ file, weight: references[0]?.weight ?? 1 }, ...references.slice(1)])
              }
            />
          )}
        </div>
        {!preset && references.length > 0 && (
          <div className="pair">
            {references.length > 1 &&
              references.map(({ file, weight }, index) => (
                <div key={`${index} ${file.name}`} className="reference">
                  <Slider
                    label={file.name}
                    value={weight}
                    range={[0.1, 3, 0.1]}
                    word={(value) => t("match.share", { share: Math.round((100 * value) / all) })}
                    onChange={(weight) => change(index, { weight })}
                  />
                  <button
                    type="button"
                    className="button small"
                    aria-label={t("match.withoutIt", { name: file.name })}
                    onClick={() => setReferences(references.filter((_, at) => at !== index))}
                  >
                    {t("match.without")}
                  </button>
                </div>
              ))}
            {references.length < MOST_REFERENCES && (
              <DropZone
                key={references.length}
                label={t("match.oneMore")}
                action={t("match.oneMoreText")}
                accept={SOUND}
                onFile={(file) => setReferences([...references, { file, weight: 1 }])}
              />
            )}
          </div>
        )}
        {preset ? (
          <p>
            {t("presets.applying", { name: name ?? "" })} <Link to="/match">{t("presets.reference")}</Link>
          </p>
        ) : (
          <Choice
            label={t("match.strength")}
            name="strength"
            value={strength}
            onChange={setStrength}
            text={t(`match.strengthText.${strength}`)}
            options={called(STRENGTHS, (name) => t(`match.strengths.${name}`))}
          />
        )}
        <Trouble error={error} />
        {sending && (
          <Bar label={t("match.sending", { name: sending.name })} value={Math.round(sending.sent * 100)} />
        )}
        <div className="actions">
          <button type="submit" className="button primary" disabled={!complete || sending !== null}>
            {t("match.make")}
          </button>
          <Link to="/presets" className="button">
            {t("presets.title")}
          </Link>
        </div>
      </form>
    </Page>
  );
}
