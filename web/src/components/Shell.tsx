// The frame around every screen: navigation at the side, on a phone at the bottom.

import { Link, Outlet } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { ConnectionNotice } from "./ConnectionNotice";
import { Icon, type IconName } from "./icons";

const PLACES = [
  ["/", "home", "app.home"],
  ["/hum", "hum", "home.hum"],
  ["/match", "match", "home.match"],
  ["/film", "film", "home.film"],
  ["/library", "library", "app.library"],
  ["/jobs", "jobs", "app.jobs"],
  ["/settings", "settings", "app.settings"],
] as const satisfies readonly (readonly [string, IconName, string])[];

export function Shell() {
  const { t, i18n } = useTranslation();
  useEffect(() => {
    document.title = t("app.name");
  }, [t, i18n.language]);
  return (
    <>
      <a className="skip" href="#content">
        {t("app.skip")}
      </a>
      <nav className="nav" aria-label={t("app.name")}>
        <Link to="/" className="brand" aria-label={t("app.name")}>
          <img src="/icon.svg" alt="" width="32" height="32" />
          <span>{t("app.name")}</span>
        </Link>
        {PLACES.map(([to, icon, label]) => (
          <Link key={to} to={to} className={`nav-link nav-${icon}`} activeOptions={{ exact: to === "/" }}>
            <Icon name={icon} />
            <span>{t(label)}</span>
          </Link>
        ))}
      </nav>
      <ConnectionNotice />
      <Outlet />
    </>
  );
}
