import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body } from "../../api/client";
import { ago } from "../../components/format";
import { Trouble } from "../../components/parts";
import { Waiting } from "../../components/states";
import { differenceInChinese } from "../../messages/zh-comparison";

/** Every change of a story, what it changed in words, and the way back. */
export function Versions({ projectId, revision }: { projectId: string; revision: number }) {
  const { t, i18n } = useTranslation();
  const [looked, setLooked] = useState<number | null>(null);
  const path = { project_id: projectId };
  const versions = useQuery({
    queryKey: ["versions", projectId, revision],
    queryFn: () => body(api.GET("/v1/projects/{project_id}/versions", { params: { path } })),
  });
  const newest = versions.data?.items[0]?.number;
  return (
    <details>
      <summary>{t("film.versions")}</summary>
      <Waiting of={versions} />
      <ol className="list">
        {versions.data?.items.map((version) => (
          <li key={version.number}>
            <div className="work">
              <strong>
                {version.number}. {version.label || version.note || t(`film.reason.${version.reason}`)}
              </strong>
              <span className="quiet">{ago(version.created_at, i18n.language)}</span>
              {version.number !== newest && (
                <button
                  type="button"
                  className="button small"
                  aria-expanded={looked === version.number}
                  onClick={() => setLooked(looked === version.number ? null : version.number)}
                >
                  {t("film.compare")}
                </button>
              )}
            </div>
            {looked === version.number && newest !== undefined && (
              <Difference projectId={projectId} number={version.number} newest={newest} />
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}

function Difference({ projectId, number, newest }: { projectId: string; number: number; newest: number }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const path = { project_id: projectId, number };
  const differs = useQuery({
    queryKey: ["comparison", projectId, number, newest],
    queryFn: () =>
      body(
        api.GET("/v1/projects/{project_id}/versions/{number}/compare", {
          params: { path, query: { to: newest } },
        }),
      ),
  });
  const restore = useMutation({
    mutationFn: () =>
      body(api.POST("/v1/projects/{project_id}/versions/{number}/restore", { params: { path } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["project", projectId] }),
  });
  return (
    <>
      <Waiting of={differs} />
      <Trouble error={restore.error} />
      <ul className="notes">
        {differs.data?.differences.map(({ sentence }) => (
          <li key={sentence}>{i18n.language === "zh" ? differenceInChinese(sentence) : sentence}</li>
        ))}
      </ul>
      <div className="actions">
        <button
          type="button"
          className="button small"
          disabled={restore.isPending}
          onClick={() => restore.mutate()}
        >
          {t("film.restore")}
        </button>
      </div>
    </>
  );
}
