import i18next from "i18next";
import { initReactI18next } from "react-i18next";

import { en } from "./en";
import { zh } from "./zh";

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

i18next.on("languageChanged", (language) => {
  document.documentElement.lang = language;
});

void i18next.use(initReactI18next).init({
  resources: { en: { translation: en }, zh: { translation: zh } },
  lng: preferred(),
  fallbackLng: "en",
  interpolation: { escapeValue: false }, // React escapes
});

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}
