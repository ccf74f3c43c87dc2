import { useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components/Tabs";
import { useTranslation } from "react-i18next";

import { useSignedIn } from "../components/Account";
import { called, Choice, Page } from "../components/parts";
import { SignInForm } from "../components/SignInForm";
import { type Language, LANGUAGES, speak } from "../messages/i18n";
import { theme, type Theme, THEMES, wear } from "../theme";
import { Keys } from "./settings/Keys";
import { Models } from "./settings/Models";
import { Profile } from "./settings/Profile";
import { Sessions } from "./settings/Sessions";
import { Usage } from "./settings/Usage";
import { Webhooks } from "./settings/Webhooks";

const PARTS = {
  profile: Profile,
  sessions: Sessions,
  usage: Usage,
  keys: Keys,
  webhooks: Webhooks,
  models: Models,
};
const NAMES = Object.keys(PARTS) as (keyof typeof PARTS)[];

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
      {signedIn ? (
        <Tabs>
          <TabList className="tabs" aria-label={t("settings.account")}>
            {NAMES.map((name) => (
              <Tab key={name} id={name} className="tab">
                {t(`access.tab.${name}`)}
              </Tab>
            ))}
          </TabList>
          {NAMES.map((name) => {
            const Part = PARTS[name];
            return (
              <TabPanel key={name} id={name} className="stack">
                <Part />
              </TabPanel>
            );
          })}
        </Tabs>
      ) : (
        <section className="card">
          <h2>{t("settings.account")}</h2>
          <SignInForm />
        </section>
      )}
      <p className="quiet">
        {t("settings.api")} <a href="/v1/openapi.json">/v1/openapi.json</a>
      </p>
    </Page>
  );
}
