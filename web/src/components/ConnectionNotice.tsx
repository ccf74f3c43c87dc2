// On every screen: that the network is away, or that the API wants us to be slower.

import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import { connection } from "../api/connection";

export function ConnectionNotice() {
  const { t } = useTranslation();
  const seconds = useSyncExternalStore(connection.subscribe, connection.secondsLeft);
  const now = useSyncExternalStore(connection.subscribe, connection.get);
  return (
    <div className="connection" role="status">
      {now.state === "offline" && <p>{t("trouble.away")}</p>}
      {now.state === "limited" && <p>{t("trouble.slower", { seconds })}</p>}
    </div>
  );
}
