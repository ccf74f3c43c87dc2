// On every screen: that the network is away, or that the API wants us to be slower.

import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import { connection } from "../api/connection";

export function ConnectionNotice() {
  const { t } = useTranslation();
  const now = useSyncExternalStore(connection.subscribe, connection.get);
  return (
    <div className="connection" role="status">
      {now.state === "offline" && <p>{t("trouble.away")}</p>}
      {now.state === "limited" && <Limited key={now.untilMs} untilMs={now.untilMs} />}
    </div>
  );
}

function Limited({ untilMs }: { untilMs: number }) {
  const { t } = useTranslation();
  const [left, setLeft] = useState(() => secondsTo(untilMs));
  useEffect(() => {
    const timer = setInterval(() => {
      setLeft(secondsTo(untilMs));
      if (secondsTo(untilMs) === 0) connection.waited();
    }, 1000);
    return () => clearInterval(timer);
  }, [untilMs]);
  return <p>{t("trouble.slower", { seconds: left })}</p>;
}

function secondsTo(timeMs: number): number {
  return Math.max(0, Math.ceil((timeMs - Date.now()) / 1000));
}
