import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body, partly, type Schemas } from "../../api/client";
import { Trouble } from "../../components/parts";

/** A preset between two. */
export function Blend({ presets }: { presets: readonly Schemas["PresetSummary"][] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [one, setOne] = useState(presets[0]?.preset_id ?? "");
  const [other, setOther] = useState(presets[1]?.preset_id ?? "");
  const [share, setShare] = useState(50);
  const [name, setName] = useState("");
  const blend = useMutation({
    mutationFn: () => {
      const save_as = partly("Labels", { name });
      return body(api.POST("/v1/presets/blend", { body: { one, other, share: share / 100, save_as } }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["presets"] }),
  });
  const options = presets.map((preset) => (
    <option key={preset.preset_id} value={preset.preset_id}>
      {preset.name}
    </option>
  ));
  return (
    <form
      className="card form"
      onSubmit={(event) => {
        event.preventDefault();
        blend.mutate();
      }}
    >
      <h2>{t("presets.blend")}</h2>
      <div className="pair">
        <label>
          {t("presets.one")}
          <select value={one} onChange={(event) => setOne(event.target.value)}>
            {options}
          </select>
        </label>
        <label>
          {t("presets.other")}
          <select value={other} onChange={(event) => setOther(event.target.value)}>
            {options}
          </select>
        </label>
      </div>
      <label>
        {t("presets.share", { percent: share })}
        <input
          type="range"
          min={0}
          max={100}
          value={share}
          onChange={(event) => setShare(event.target.valueAsNumber)}
        />
      </label>
      <label>
        {t("presets.name")}
        <input required maxLength={120} value={name} onChange={(event) => setName(event.target.value)} />
      </label>
      <Trouble error={blend.error} />
      <div className="actions">
        <button type="submit" className="button primary" disabled={blend.isPending || one === other}>
          {t("presets.keep")}
        </button>
        {blend.data?.preset && (
          <span role="status">{t("presets.kept", { name: blend.data.preset.name })}</span>
        )}
      </div>
    </form>
  );
}
