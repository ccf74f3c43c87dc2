import { useMutation, useQuery } from "@tanstack/react-query";
import { Button } from "react-aria-components/Button";
import { useTranslation } from "react-i18next";

import { api, body, type Schemas } from "../../api/client";
import { Trouble } from "../../components/parts";
import { Waiting } from "../../components/states";

/** The same preset for other programs, and what each of them could not take. */
export function Exports({ presetId, onClose }: { presetId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const path = { preset_id: presetId };
  const exports = useQuery({
    queryKey: ["exports", presetId],
    queryFn: () => body(api.GET("/v1/presets/{preset_id}/exports", { params: { path } })),
  });
  const save = useMutation({
    mutationFn: async ({ format, file_name }: Schemas["ExportView"]) => {
      const file = await body(
        api.GET("/v1/presets/{preset_id}/export", { params: { path, query: { format } }, parseAs: "blob" }),
      );
      // The call needs a token, so it can't be a plain link.
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = file_name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    },
  });
  return (
    <>
      <Waiting of={exports} />
      <Trouble error={save.error} />
      <ul className="rows">
        {exports.data?.items.map((item) => (
          <li key={item.format}>
            <span>
              <strong>{t(`presets.format.${item.format}`)}</strong>{" "}
              <span className="quiet">
                {item.lost.length > 0
                  ? t("presets.lost", {
                      stages: item.lost.map((stage) => t(`sound.stage.${stage}`)).join(", "),
                    })
                  : t("presets.whole")}
              </span>
            </span>
            <Button
              className="button small"
              isDisabled={save.isPending}
              aria-label={t("player.download", { name: item.file_name })}
              onPress={() => save.mutate(item)}
            >
              ↓
            </Button>
          </li>
        ))}
      </ul>
      <div className="actions">
        <Button className="button" onPress={onClose}>
          {t("app.close")}
        </Button>
      </div>
    </>
  );
}
