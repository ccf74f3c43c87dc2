// Two more songs of a hum, by other words or another throw of the dice: a track of its own, so that nothing is lost.

import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body, partly, type Schemas } from "../api/client";
import { numbered } from "./format";
import { Trouble } from "./parts";
import { PromptField } from "./PromptField";

export function MoreSongs({ track }: { track: Schemas["TrackView"] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [prompt, setPrompt] = useState(track.gen_params?.prompt ?? "");
  const make = useMutation({
    mutationFn: async () => {
      const of = { path: { track_id: track.track_id } };
      const { hum_asset_id, correction } = await body(api.GET("/v1/tracks/{track_id}/tune", { params: of }));
      const draft = partly("NewTrack", { title: numbered(track.title), metadata: track.metadata });
      const { track_id } = await body(api.POST("/v1/tracks", { body: draft }));
      const params = { path: { track_id } };
      if (correction) {
        await body(api.PUT("/v1/tracks/{track_id}/tune/correction", { params, body: correction }));
      }
      const gen_params = partly("GenParams", {
        ...track.gen_params,
        prompt: prompt.trim() || null,
        seed: Math.ceil(Math.random() * (2 ** 31 - 1)),
      });
      const order = { hum_asset_id: hum_asset_id ?? "", gen_params };
      await body(api.POST("/v1/tracks/{track_id}/generate", { params, body: order }));
      return track_id;
    },
    onSuccess: (trackId) => navigate({ to: "/songs/$trackId", params: { trackId } }),
  });
  return (
    <form
      className="card form"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <h2>{t("song.more")}</h2>
      <p className="quiet">{t("song.moreText")}</p>
      <PromptField value={prompt} onChange={setPrompt} />
      <Trouble error={make.error} />
      <div className="actions">
        <button type="submit" className="button" disabled={make.isPending}>
          {t("song.makeMore")}
        </button>
      </div>
    </form>
  );
}
