import i18next from "i18next";
import { initReactI18next } from "react-i18next";

import { en } from "./en";
import { zh } from "./zh";
import { problems, styles } from "./zh-problems";

export const LANGUAGES = { en: "English", zh: "中文" } as const;
export type Language = keyof typeof LANGUAGES;

const KEY = "soundstage.language";

function preferred(): Language {
  const wanted = localStorage.getItem(KEY) ?? navigator.language;
  return wanted.startsWith("zh") ? "zh" : "en";
}

export function speak(language: Language): void {
  localStorage.setItem(KEY, language);
  void i18next.changeLanguage(language);
}

/** What the API says in English, in the language of the page where we have words for it. */
export function localised(shelf: "problems" | "styles", name: string, said: string): string {
  return i18next.exists(`${shelf}.${name}`, { fallbackLng: false })
    ? i18next.t(`${shelf}.${name}` as "app.name")
    : said;
}

i18next.on("languageChanged", (language) => {
  document.documentElement.lang = language;
});

void i18next.use(initReactI18next).init({
  resources: { en: { translation: en }, zh: { translation: { ...zh, problems, styles } } },
  lng: preferred(),
  fallbackLng: "en",
  interpolation: { escapeValue: false }, // React escapes
});

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}
