import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body } from "../api/client";
import { session } from "../api/session";
import { useSignedIn } from "../components/Account";
import { SignInForm } from "../components/SignInForm";
import { called, Choice, Page, Trouble } from "../components/parts";
import { type Language, LANGUAGES, speak } from "../messages/i18n";
import { theme, type Theme, THEMES, wear } from "../theme";

export function Settings() {
  const { t, i18n } = useTranslation();
  const signedIn = useSignedIn();
  const [worn, setWorn] = useState<Theme>(theme);
  return (
    <Page title={t("settings.title")}>
      <section className="card form">
        <Choice
          label={t("settings.language")}
          name="language"
          value={i18n.language as Language}
          options={LANGUAGES}
          onChange={speak}
        />
        <Choice
          label={t("settings.theme")}
          name="theme"
          value={worn}
          options={called(THEMES, (name) => t(`settings.themes.${name}`))}
          onChange={(wanted) => {
            wear(wanted);
            setWorn(wanted);
          }}
        />
      </section>
      <section className="card">
        <h2>{t("settings.account")}</h2>
        {signedIn ? <Account /> : <SignInForm />}
      </section>
      <p className="quiet">
        {t("settings.api")} <a href="/v1/openapi.json">/v1/openapi.json</a>
      </p>
    </Page>
  );
}

function Account() {
  const { t, i18n } = useTranslation();
  const me = useQuery({ queryKey: ["me"], queryFn: () => body(api.GET("/v1/me")) });

  async function leave() {
    const known = session.get();
    session.end();
    // Whatever the answer: in this browser nobody is signed in any more.
    if (known) {
      await api
        .POST("/v1/auth/logout", { body: { refresh_token: known.refreshToken } })
        .catch(() => undefined);
    }
  }

  return (
    <>
      <Trouble error={me.error} />
      {me.data && (
        <>
          <p>{t("account.signedInAs", { email: me.data.email })}</p>
          <p className="quiet">
            {t("settings.plan", { plan: me.data.plan })} ·{" "}
            {t("settings.since", { date: new Date(me.data.created_at).toLocaleDateString(i18n.language) })}
          </p>
        </>
      )}
      <button type="button" className="button" onClick={() => void leave()}>
        {t("account.signOut")}
      </button>
    </>
  );
}
