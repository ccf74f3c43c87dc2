import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body, partly, type Schemas } from "../../api/client";
import type { Style } from "../../audio/linear-stages";
import { signed } from "../../components/format";
import { called, Choice, Trouble } from "../../components/parts";
import { Slider } from "../../components/Slider";
import { keepOrigin } from "./origin";
import { Equaliser } from "./Equaliser";
import { SavePreset } from "./SavePreset";
import type { useHistory } from "./history";

type Stage = keyof Schemas["Amounts"];
const STRENGTHS = ["natural", "close", "imitate"] as const;
type Strength = (typeof STRENGTHS)[number];
const EQUAL: Stage[] = ["eq", "stereo"]; // heard at once
const STAGES: Stage[] = ["eq", "stereo", "pitch", "compressor", "exciter", "reverb", "lufs", "limiter"];

interface Props {
  match: Schemas["MatchView"];
  origin: string | undefined;
  history: ReturnType<typeof useHistory<Style>>;
}

/** The style as sliders: tone and width are heard while they move, the rest once it is rendered. */
export function Adjust({ match, origin, history: { value: style, set, undo, redo } }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [strength, setStrength] = useState<Strength>(match.params.strength);
  const anew = strength !== match.params.strength;
  const canStrengthen = match.params.references.length > 0 && style.mode !== "A";
  const render = useMutation({
    mutationFn: () => {
      const { target_asset_id, references, output_format } = match.params;
      const how = anew ? { references, strength } : { preset: style };
      const order = { target_asset_id, title: match.title, output_format, ...how };
      return body(api.POST("/v1/matches", { body: partly("MatchRequest", order) }));
    },
    onSuccess: ({ subject_id }) => {
      if (!subject_id) return;
      if (origin) keepOrigin(subject_id, origin);
      void navigate({ to: "/matches/$matchId", params: { matchId: subject_id } });
    },
  });
  const { amounts } = style;
  const amount = (stage: Stage): number => amounts[stage];
  const setAmount = (stage: Stage, value: number) =>
    set({ ...style, amounts: { ...amounts, [stage]: value } }, stage);
  const there = STAGES.filter((stage) => (stage === "eq" ? style.eq.length > 0 : Boolean(style[stage])));
  return (
    <section className="card">
      <header className="song-head">
        <h2>{t("sound.adjust")}</h2>
        <div className="actions">
          <button type="button" className="button small" disabled={!undo} onClick={undo ?? undefined}>
            {t("sound.undo")}
          </button>
          <button type="button" className="button small" disabled={!redo} onClick={redo ?? undefined}>
            {t("sound.redo")}
          </button>
        </div>
      </header>
      <p className="quiet">{t("sound.adjustText")}</p>
      {style.eq.length > 0 && (
        <Equaliser bands={style.eq} amount={amount("eq")} onChange={(eq) => set({ ...style, eq }, "curve")} />
      )}
      <div className="sliders">
        {there.map((stage) => (
          <Slider
            key={stage}
            label={t(`sound.stage.${stage}`)}
            note={t(EQUAL.includes(stage) ? "sound.atOnce" : "sound.rendered")}
            value={Math.round(amount(stage) * 100)}
            range={[0, 100, 1]}
            word={(value) => `${value} %`}
            onChange={(value) => setAmount(stage, value / 100)}
          />
        ))}
        {style.stereo && (
          <Slider
            label={t("sound.width")}
            note={t("sound.atOnce")}
            value={style.stereo.width}
            range={[0.5, 1.5, 0.01]}
            word={(value) => `× ${value.toFixed(2)}`}
            onChange={(width) =>
              set({ ...style, stereo: { ...style.stereo, width } as Schemas["Stereo"] }, "width")
            }
          />
        )}
        {style.lufs && (
          <Slider
            label={t("sound.loudness")}
            note={t("sound.rendered")}
            value={style.lufs.target_db}
            range={[-30, -6, 0.1]}
            word={(value) => `${signed(value, 1)} LUFS`}
            onChange={(target_db) =>
              set({ ...style, lufs: { ...style.lufs, target_db } as Schemas["LoudnessTarget"] }, "loudness")
            }
          />
        )}
      </div>
      {canStrengthen && (
        <Choice
          label={t("match.strength")}
          name="strength"
          value={strength}
          onChange={setStrength}
          text={anew ? t("sound.strengthAnew") : t(`match.strengthText.${strength}`)}
          options={called(STRENGTHS, (name) => t(`match.strengths.${name}`))}
        />
      )}
      <Trouble error={render.error} />
      <div className="actions">
        <button
          type="button"
          className="button primary"
          disabled={render.isPending || (!undo && !anew)}
          onClick={() => render.mutate()}
        >
          {t(anew ? "sound.again" : "sound.render")}
        </button>
        <SavePreset style={style} name={match.title} matchId={undo ? null : match.match_id} />
      </div>
    </section>
  );
}
