// Where there is nothing to show: the same on every screen, so that people know it again.

import { type ReactNode, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import { ApiError } from "../api/client";
import { connection } from "../api/connection";
import { Icon, type IconName } from "./icons";
import { Page, useSentence } from "./parts";

interface StateProps {
  name: "empty" | "failed" | "missing" | "offline" | "limited";
  icon: IconName;
  title: string;
  text?: string | undefined;
  role?: "status" | "alert";
  children?: ReactNode;
}

function State({ name, icon, title, text, role, children }: StateProps) {
  return (
    <div className={`state state-${name}`} {...(role ? { role } : {})}>
      <Icon name={icon} />
      <p className="state-title">{title}</p>
      {text && <p className="state-text">{text}</p>}
      {children && <div className="actions">{children}</div>}
    </div>
  );
}

/** Nothing was made yet, or nothing was found: why, and what to do about it. */
export function Empty({ icon, title, text, children }: EmptyProps) {
  return (
    <State name="empty" icon={icon} title={title} text={text}>
      {children}
    </State>
  );
}

type EmptyProps = Pick<StateProps, "icon" | "title" | "text" | "children">;

/** Of a query of TanStack. `failureReason`: of the last call, while it is tried again. */
interface Asked {
  data: unknown;
  error: unknown;
  failureReason: unknown;
  fetchStatus: "fetching" | "paused" | "idle";
  refetch: () => unknown;
}

/** A page whose answer is still awaited, as wide as it will be then. */
export function WaitingPage({ title, of: asked }: { title: string; of: Asked }) {
  return (
    <Page title={title} wide>
      <Waiting of={asked} />
    </Page>
  );
}

/** Why there is no answer yet; nothing once there is one. */
export function Waiting({ of: asked }: { of: Asked }) {
  const { t } = useTranslation();
  const { data, error, failureReason, fetchStatus, refetch } = asked;
  const failure = error ?? failureReason;
  const sentence = useSentence(failure);
  if (data !== undefined) return null;
  const status = failure instanceof ApiError ? failure.status : null;
  if (fetchStatus === "paused" || status === 0) {
    return (
      <State
        name="offline"
        icon="offline"
        role="status"
        title={t("states.waiting")}
        text={t("states.offlineText")}
      />
    );
  }
  if (status === 429) return <Limited onRetry={error ? refetch : undefined} />;
  if (!failure) return <Loading />;
  if (status === 404) return <Missing />;
  return (
    <State
      name="failed"
      icon="alert"
      role="alert"
      title={t("states.failed")}
      text={error ? sentence : t("states.retrying")}
    >
      {Boolean(error) && (
        <button type="button" className="button" onClick={() => void refetch()}>
          {t("trouble.again")}
        </button>
      )}
      {failure instanceof ApiError && failure.requestId && (
        <p className="quiet">{t("trouble.reference", { id: failure.requestId })}</p>
      )}
    </State>
  );
}

export function Missing() {
  const { t } = useTranslation();
  return (
    <State
      name="missing"
      icon="search"
      role="alert"
      title={t("states.missing")}
      text={t("trouble.NOT_FOUND")}
    >
      <a className="button" href="/library">
        {t("app.library")}
      </a>
    </State>
  );
}

function Limited({ onRetry }: { onRetry: (() => unknown) | undefined }) {
  const { t } = useTranslation();
  const seconds = useSyncExternalStore(connection.subscribe, connection.secondsLeft);
  return (
    <State
      name="limited"
      icon="jobs"
      role="status"
      title={t("states.waiting")}
      text={seconds > 0 ? t("states.limitedText", { count: seconds }) : undefined}
    >
      {onRetry && (
        <button type="button" className="button" disabled={seconds > 0} onClick={() => void onRetry()}>
          {t("trouble.again")}
        </button>
      )}
    </State>
  );
}

export function Loading() {
  const { t } = useTranslation();
  return (
    <div className="loading" role="status">
      <span className="unseen">{t("app.loading")}</span>
      {[0, 1, 2].map((line) => (
        <span key={line} className="skeleton" />
      ))}
    </div>
  );
}
