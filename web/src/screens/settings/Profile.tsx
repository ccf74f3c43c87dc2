import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body } from "../../api/client";
import { session } from "../../api/session";
import { Sure } from "../../components/Ask";
import { Trouble } from "../../components/parts";
import { Waiting } from "../../components/states";

/** Who one is: address, password, signing out, and the end of it. */
export function Profile() {
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
      <section className="card">
        <h2>{t("settings.account")}</h2>
        <Waiting of={me} />
        {me.data && (
          <>
            <p>{t("account.signedInAs", { email: me.data.email })}</p>
            <p className="quiet">
              {t("settings.plan", { plan: me.data.plan })} ·{" "}
              {t("settings.since", { date: new Date(me.data.created_at).toLocaleDateString(i18n.language) })}
            </p>
          </>
        )}
        <div className="actions">
          <button type="button" className="button" onClick={() => void leave()}>
            {t("account.signOut")}
          </button>
        </div>
      </section>
      <Password />
      <Email />
      <DeleteAccount email={me.data?.email ?? ""} />
    </>
  );
}

function Password() {
  const { t } = useTranslation();
  const [old_password, setOld] = useState("");
  const [new_password, setNew] = useState("");
  const change = useMutation({
    mutationFn: () => body(api.POST("/v1/me/password", { body: { old_password, new_password } })),
    onSuccess: () => {
      setOld("");
      setNew("");
    },
  });
  return (
    <form
      className="card form"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <h2>{t("access.password")}</h2>
      <label>
        {t("access.oldPassword")}
        <Secret value={old_password} onChange={setOld} autoComplete="current-password" />
      </label>
      <label>
        {t("access.newPassword")}
        <Secret value={new_password} onChange={setNew} autoComplete="new-password" />
      </label>
      <p className="quiet">{t("access.passwordText")}</p>
      <Trouble error={change.error} />
      <div className="actions">
        <button type="submit" className="button" disabled={change.isPending}>
          {t("access.password")}
        </button>
        {change.isSuccess && <span role="status">{t("access.changed")}</span>}
      </div>
    </form>
  );
}

function Email() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const change = useMutation({
    mutationFn: () => body(api.POST("/v1/me/email", { body: { email, password } })),
    onSuccess: (me) => {
      queries.setQueryData(["me"], me);
      setPassword("");
    },
  });
  return (
    <form
      className="card form"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <h2>{t("access.email")}</h2>
      <label>
        {t("access.newEmail")}
        <input type="email" required value={email} onChange={(event) => setEmail(event.target.value)} />
      </label>
      <label>
        {t("account.password")}
        <Secret value={password} onChange={setPassword} autoComplete="current-password" />
      </label>
      <Trouble error={change.error} />
      <div className="actions">
        <button type="submit" className="button" disabled={change.isPending}>
          {t("access.email")}
        </button>
        {change.isSuccess && <span role="status">{t("access.changed")}</span>}
      </div>
    </form>
  );
}

function DeleteAccount({ email }: { email: string }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const remove = useMutation({
    mutationFn: () => body(api.POST("/v1/me/delete", { body: { password } })),
    onSuccess: session.end,
  });
  return (
    <section className="card">
      <h2>{t("access.deleteAccount")}</h2>
      <p className="quiet">{t("access.deleteText")}</p>
      <div className="actions">
        <Sure action={t("access.deleteAccount")} of={email} question={t("access.deleteText")} work={remove}>
          <div className="form">
            <label>
              {t("account.password")}
              <Secret value={password} onChange={setPassword} autoComplete="current-password" />
            </label>
          </div>
        </Sure>
      </div>
    </section>
  );
}

function Secret({ value, onChange, autoComplete }: SecretProps) {
  return (
    <input
      type="password"
      required
      maxLength={256}
      autoComplete={autoComplete}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface SecretProps {
  value: string;
  onChange: (value: string) => void;
  autoComplete: "current-password" | "new-password";
}
