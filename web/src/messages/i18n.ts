import i18next from "i18next";
import { initReactI18next } from "react-i18next";

import { words } from "../components/format";
import type { en, Messages } from "./en";
import { preferred } from "./preferred";

export const LANGUAGES = { en: "English", zh: "中文" } as const;
export type Language = keyof typeof LANGUAGES;

// Each is complete, and only the one that is spoken is loaded.
const catalogues: Record<Language, () => Promise<Messages>> = {
  en: async () => (await import("./en")).en,
  zh: async () => (await import("./zh")).zh,
};

async function load(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, "translation")) {
    i18next.addResourceBundle(language, "translation", await catalogues[language]());
  }
  await i18next.changeLanguage(language);
}

export function speak(language: Language): void {
  localStorage.setItem("soundstage.language", language);
  void load(language);
}

/** What the API says in English, in the language of the page where we have words for it. */
export function localised(shelf: "problems" | "names", name: string, said: string): string {
  return i18next.exists(`${shelf}.${name}`) ? i18next.t(`${shelf}.${name}` as "app.name") : said;
}

/** A style, mood, scale, player or picture. */
export function named(name: string): string {
  return localised("names", name.replaceAll(" ", "_"), words(name));
}

i18next.on("languageChanged", (language) => {
  document.documentElement.lang = language;
});

void i18next.use(initReactI18next).init({
  resources: {},
  fallbackLng: false,
  interpolation: { escapeValue: false }, // React escapes
});
/** Nothing is drawn before. */
export const spoken = load(preferred());

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}
