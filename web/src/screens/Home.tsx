import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { api, body, type Schemas } from "../api/client";
import { hasEnded, useJob } from "../api/jobs";
import { useSignedIn } from "../components/Account";
import { Icon } from "../components/icons";
import { useRecent, Row } from "../components/shelves";
import { WorkLink } from "../components/WorkLink";
import { JobProgress, Page } from "../components/parts";
import { Empty, Waiting } from "../components/states";

const DOORS = [
  ["/hum", "hum", "home.hum", "home.humText"],
  ["/match", "match", "home.match", "home.matchText"],
  ["/film", "film", "home.film", "home.filmText"],
] as const;

export function Home() {
  const { t } = useTranslation();
  const signedIn = useSignedIn();
  const jobs = useQuery({
    queryKey: ["jobs"],
    queryFn: () => body(api.GET("/v1/jobs", { params: { query: { limit: 30 } } })),
    enabled: signedIn,
    refetchInterval: 15_000,
  }).data?.items;
  // The shots of a story are part of its batch.
  const working = jobs?.filter((job) => job.kind !== "shot" && !hasEnded(job)) ?? [];
  const { recent, asked } = useRecent(signedIn);

  return (
    <Page title={t("home.title")} wide>
      <ul className="doors">
        {DOORS.map(([to, icon, title, text]) => (
          <li key={to}>
            <Link to={to} className={`door door-${icon}`}>
              <Icon name={icon} />
              <strong>{t(title)}</strong>
              <span>{t(text)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {working.length > 0 && (
        <section>
          <h2>{t("home.working")}</h2>
          <ul className="list">
            {working.map((job) => (
              <Working key={job.job_id} job={job} />
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{t("home.recent")}</h2>
        {asked && <Waiting of={asked} />}
        {recent.length === 0 && !asked && (
          <Empty icon="library" title={t("home.nothing")} text={t("home.nothingText")} />
        )}
        <ul className="list">
          {recent.map((item) => (
            <Row key={item.id} item={item} />
          ))}
        </ul>
      </section>
    </Page>
  );
}

function Working({ job }: { job: Schemas["ListedJob"] }) {
  const now = useJob(job.job_id) ?? job;
  return (
    <li>
      <WorkLink job={now} title={job.title} />
      <JobProgress job={now} />
    </li>
  );
}
