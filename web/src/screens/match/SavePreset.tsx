import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { DialogTrigger } from "react-aria-components/Dialog";
import { useTranslation } from "react-i18next";

import { api, body, partly } from "../../api/client";
import type { Style } from "../../audio/linear-stages";
import { Ask } from "../../components/Ask";
import { Trouble } from "../../components/parts";

/** Keeps the style as it stands; of an untouched match the API takes it whole, its room included. */
export function SavePreset({ style, name, matchId }: { style: Style; name: string; matchId: string | null }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [called, setCalled] = useState(name);
  const save = useMutation({
    mutationFn: () => {
      const from = matchId ? { from_match_id: matchId } : { params: style };
      return body(api.POST("/v1/presets", { body: partly("NewPreset", { name: called, ...from }) }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["presets"] }),
  });
  if (save.data) {
    return (
      <Link to="/presets" className="button">
        {t("presets.kept", { name: save.data.name })}
      </Link>
    );
  }
  return (
    <DialogTrigger>
      <Button className="button">{t("presets.save")}</Button>
      <Ask title={t("presets.save")}>
        {(close) => (
          <form
            className="form"
            onSubmit={(event) => {
              event.preventDefault();
              save.mutate(undefined, { onSuccess: close });
            }}
          >
            <label>
              {t("presets.name")}
              <input
                required
                maxLength={120}
                value={called}
                onChange={(event) => setCalled(event.target.value)}
              />
            </label>
            <Trouble error={save.error} />
            <div className="actions">
              <button type="submit" className="button primary" disabled={save.isPending}>
                {t("presets.keep")}
              </button>
              <Button className="button" onPress={close}>
                {t("film.cancel")}
              </Button>
            </div>
          </form>
        )}
      </Ask>
    </DialogTrigger>
  );
}
