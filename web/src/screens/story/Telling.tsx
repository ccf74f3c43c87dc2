import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, body, partly, type Schemas } from "../../api/client";
import { Choice, called, Trouble } from "../../components/parts";
import { STYLES } from "./styles";

/** Who tells the story, and in which style it is painted. */
export function Telling({ project }: { project: Schemas["ProjectView"] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { project_id, settings, language } = project;
  const voices = useQuery({
    queryKey: ["voices"],
    queryFn: () => body(api.GET("/v1/voices")),
    staleTime: Infinity,
  });
  const change = useMutation({
    mutationFn: (wanted: Record<string, unknown>) => {
      const params = { path: { project_id } };
      return body(
        api.PATCH("/v1/projects/{project_id}", {
          params,
          body: partly("ProjectChange", { settings: wanted }),
        }),
      );
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["project", project_id] }),
  });
  const speaking = voices.data?.items.filter((voice) => voice.language === language) ?? [];
  const usual = language ? voices.data?.narrators[language as "en"] : undefined;
  return (
    <section className="card form">
      <Choice
        label={t("film.style")}
        name="style"
        value={settings.style}
        options={called(STYLES, (name) => t(`film.styles.${name}`))}
        onChange={(style) => change.mutate({ style })}
      />
      {speaking.length > 0 && (
        <label>
          {t("film.narrator")}
          <select
            value={settings.narrator ?? usual ?? ""}
            disabled={change.isPending}
            onChange={(event) => change.mutate({ narrator: event.target.value })}
          >
            {speaking.map(({ id, name, accent, gender, age }) => (
              <option key={id} value={id}>
                {[name, accent, t(`film.voice.${gender}`), t(`film.voice.${age}`)]
                  .filter(Boolean)
                  .join(" · ")}
              </option>
            ))}
          </select>
        </label>
      )}
      <Trouble error={change.error} />
    </section>
  );
}
