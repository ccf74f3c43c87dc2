import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, body } from "../../api/client";
import { session } from "../../api/session";
import { Sure } from "../../components/Ask";
import { ago } from "../../components/format";
import { Trouble } from "../../components/parts";
import { Waiting } from "../../components/states";

/** Where one is signed in. */
export function Sessions() {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const sessions = useQuery({ queryKey: ["sessions"], queryFn: () => body(api.GET("/v1/me/sessions")) });
  const end = useMutation({
    mutationFn: (session_id: string) =>
      body(api.DELETE("/v1/me/sessions/{session_id}", { params: { path: { session_id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
  const endAll = useMutation({
    mutationFn: () => body(api.DELETE("/v1/me/sessions")),
    onSuccess: session.end,
  });
  return (
    <section className="card">
      <h2>{t("access.sessions")}</h2>
      <Waiting of={sessions} />
      <Trouble error={end.error} />
      <ul className="rows">
        {sessions.data?.items.map(({ session_id, device, current, last_used_at }) => (
          <li key={session_id}>
            <span>
              {deviceName(device) || t("access.unknownDevice")}{" "}
              <span className="quiet">
                {current ? t("access.here") : t("access.used", { ago: ago(last_used_at, i18n.language) })}
              </span>
            </span>
            {!current && (
              <button
                type="button"
                className="button small"
                disabled={end.isPending}
                aria-label={`${t("access.end")}: ${deviceName(device)}`}
                onClick={() => end.mutate(session_id)}
              >
                {t("access.end")}
              </button>
            )}
          </li>
        ))}
      </ul>
      <div className="actions">
        <Sure
          action={t("access.endAll")}
          of={t("access.sessions")}
          question={t("access.endAllSure")}
          work={endAll}
        />
      </div>
    </section>
  );
}

/** Browser and system out of a User-Agent, as people call them; else its beginning. */
export function deviceName(agent: string): string {
  const named = (names: [RegExp, string][]): string => names.find(([known]) => known.test(agent))?.[1] ?? "";
  const browser = named([
    [/Edg\//, "Edge"],
    [/Firefox\//, "Firefox"],
    [/Chrome\//, "Chrome"],
    [/Safari\//, "Safari"],
  ]);
  const system = named([
    [/Android/, "Android"],
    [/iPhone|iPad/, "iOS"],
    [/Windows/, "Windows"],
    [/Mac OS/, "macOS"],
    [/Linux/, "Linux"],
  ]);
  return [browser, system].filter(Boolean).join(" · ") || agent.slice(0, 60);
}
