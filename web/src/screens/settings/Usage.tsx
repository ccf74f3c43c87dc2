import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, body } from "../../api/client";
import { megabytes } from "../../components/format";
import { Waiting } from "../../components/states";

/** What counts against the plan this month. */
export function Usage() {
  const { t } = useTranslation();
  const usage = useQuery({ queryKey: ["usage"], queryFn: () => body(api.GET("/v1/usage")) });
  if (!usage.data) {
    return (
      <section className="card">
        <Waiting of={usage} />
      </section>
    );
  }
  const { plan, month, minutes, provider_usd, storage_bytes, jobs_at_once } = usage.data;
  const money = (usd: number): string => `$${usd.toFixed(2)}`;
  const rows = [
    [
      "minutes",
      minutes,
      plan.minutes_per_month,
      (value: number) => t("access.minutes", { value: Math.round(value * 10) / 10 }),
    ],
    ["storage", storage_bytes, plan.storage_bytes, megabytes],
    ["atOnce", jobs_at_once, plan.jobs_at_once, String],
    ["providers", provider_usd, plan.provider_usd_per_month, money],
  ] as const;
  return (
    <section className="card">
      <h2>{t("access.usageOf", { month })}</h2>
      <p className="quiet">{t("settings.plan", { plan: plan.name })}</p>
      {rows.map(([name, used, most, word]) => (
        <div key={name} className="usage">
          <span>{t(`access.use.${name}`)}</span>
          <span className="time">{t("access.of", { used: word(used), most: word(most) })}</span>
          <meter
            min={0}
            max={most || 1}
            value={Math.min(used, most || 1)}
            aria-label={t(`access.use.${name}`)}
          />
        </div>
      ))}
    </section>
  );
}
