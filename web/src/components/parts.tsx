// What every screen is made of.

import type { ReactNode } from "react";
import { ProgressBar } from "react-aria-components/ProgressBar";
import { useTranslation } from "react-i18next";

import { ApiError, type Schemas } from "../api/client";
import type { Job } from "../api/jobs";
import { localised } from "../messages/i18n";

export function Page({ title, text, children, wide = false }: PageProps) {
  return (
    <main id="content" tabIndex={-1} className={wide ? "page wide" : "page"}>
      <header className="page-head">
        <h1>{title}</h1>
        {text && <p className="lead">{text}</p>}
      </header>
      {children}
    </main>
  );
}

interface PageProps {
  title: string;
  text?: string | undefined;
  children?: ReactNode;
  wide?: boolean;
}

/** A failure in one sentence, with what can be done about it. */
export function Trouble({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const sentence = useSentence(error);
  if (!error) return null;
  return (
    <div className="trouble" role="alert">
      <p>{sentence}</p>
      {error instanceof ApiError && error.status >= 500 && error.requestId && (
        <p className="quiet">{t("trouble.reference", { id: error.requestId })}</p>
      )}
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          {t("trouble.again")}
        </button>
      )}
    </div>
  );
}

export function useSentence(error: unknown): string {
  const { t } = useTranslation();
  if (!(error instanceof ApiError)) return t("trouble.INTERNAL");
  if (error.status === 429) return t("trouble.limited", { seconds: error.retryAfterS ?? 10 });
  if (error.status === 404) return t("trouble.NOT_FOUND");
  if (error.message && error.status < 500) return localised("problems", error.code, error.message);
  const known = ["OFFLINE", "UPLOAD_REFUSED", "CANCELED"] as const;
  return t(`trouble.${known.find((code) => code === error.code) ?? "INTERNAL"}`);
}

/** What was wrong, of a job or of what it was to make: the cause, where an upload was rejected. */
export function causeOf(error: Schemas["JobError"] | null | undefined): string {
  const cause = error?.detail?.["cause"] as { code?: string; message?: string } | undefined;
  const { code = "", message = "" } = { ...error, ...cause };
  return localised("problems", code, message);
}

export function Bar({ label, value }: { label: string; value: number | null }) {
  return (
    <ProgressBar className="progress" value={value ?? 0} isIndeterminate={value === null} aria-label={label}>
      {({ percentage, valueText }) => (
        <>
          <span className="progress-words" aria-live="polite">
            {label}
          </span>
          {value !== null && <span className="progress-value">{valueText}</span>}
          <span className="progress-track">
            <span className="progress-fill" style={{ width: `${percentage ?? 100}%` }} />
          </span>
        </>
      )}
    </ProgressBar>
  );
}

/** How far a job is, in the words of its step. */
export function JobProgress({ job }: { job: Job | undefined }) {
  const { t } = useTranslation();
  return (
    <Bar
      label={useStep(job)}
      value={job && job.status !== "blocked" ? job.progress : null}
      key={t("app.name")}
    />
  );
}

export function useStep(job: Job | undefined): string {
  const { t } = useTranslation();
  if (!job) return t("app.loading");
  if (job.status === "running" && job.step) {
    return t(`jobs.step.${job.step as "persist"}`, { defaultValue: job.step });
  }
  return t(`jobs.status.${job.status}`);
}

/** What each name is called, in the order of the names. */
export function called<Name extends string>(
  names: readonly Name[],
  say: (name: Name) => string,
): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, say(name)])) as Record<Name, string>;
}

/** One of a few, shown whole. */
export function Choice<Value extends string>({
  label,
  name,
  value,
  options,
  onChange,
  text,
}: ChoiceProps<Value>) {
  return (
    <fieldset className="choice">
      <legend>{label}</legend>
      <div className="choice-row">
        {(Object.keys(options) as Value[]).map((option) => (
          <label key={option} className="chip">
            <input
              type="radio"
              name={name}
              value={option}
              checked={option === value}
              onChange={() => onChange(option)}
            />
            <span>{options[option]}</span>
          </label>
        ))}
      </div>
      {text && <p className="quiet">{text}</p>}
    </fieldset>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  name: string;
  value: Value;
  options: Record<Value, string>;
  onChange: (value: Value) => void;
  text?: string;
}
