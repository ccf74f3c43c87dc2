// The frame around every screen: navigation at the side; on a phone what one makes is at the bottom, the rest on top.

import { Link, Outlet } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { ConnectionNotice } from "./ConnectionNotice";
import { Icon, type IconName } from "./icons";

const PLACES = [
  ["/", "home", "app.home"],
  ["/hum", "hum", "app.hum"],
  ["/match", "match", "app.match"],
  ["/film", "film", "app.film"],
  ["/library", "library", "app.library"],
] as const satisfies readonly Place[];
const ASIDE = [
  ["/jobs", "jobs", "app.jobs"],
  ["/settings", "settings", "app.settings"],
] as const satisfies readonly Place[];
type Place = readonly [string, IconName, string];

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
        <div className="nav-main">
          {PLACES.map(([to, icon, label]) => (
            <Link key={to} to={to} className="nav-link" activeOptions={{ exact: to === "/" }}>
              <Icon name={icon} />
              <span>{t(label)}</span>
            </Link>
          ))}
        </div>
        {ASIDE.map(([to, icon, label]) => (
          <Link key={to} to={to} className={`nav-link nav-aside nav-${icon}`}>
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
