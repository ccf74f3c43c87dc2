import { useState } from "react";
import { useTranslation } from "react-i18next";

/** A secret that is shown now and never again. */
export function Once({ secret }: { secret: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  return (
    <div className="notice" role="status">
      <p>{t("access.once")}</p>
      <p className="secret">
        <code>{secret}</code>
      </p>
      <button
        type="button"
        className="button small"
        onClick={() => {
          void navigator.clipboard.writeText(secret).then(() => setCopied(true));
        }}
      >
        {t(copied ? "access.copied" : "access.copy")}
      </button>
    </div>
  );
}
