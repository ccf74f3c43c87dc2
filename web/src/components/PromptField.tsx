import { useTranslation } from "react-i18next";

/** What songs should be like, in a person's own words. */
export function PromptField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  return (
    <label>
      {t("hum.prompt")} ({t("hum.optional")})
      <textarea
        rows={2}
        maxLength={500}
        value={value}
        placeholder={t("hum.promptHint")}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
