import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body } from "../api/client";
import { session } from "../api/session";
import { Trouble } from "./parts";

export function SignInForm({ onDone }: { onDone?: () => void }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function send(path: "/v1/auth/login" | "/v1/auth/register") {
    setBusy(true);
    setError(null);
    try {
      session.keep(await body(api.POST(path, { body: { email, password } })));
      onDone?.();
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void send("/v1/auth/login");
      }}
    >
      <label>
        {t("account.email")}
        <input
          type="email"
          name="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </label>
      <label>
        {t("account.password")}
        <input
          type="password"
          name="password"
          autoComplete="current-password"
          required
          aria-describedby="password-rule"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      <p id="password-rule" className="quiet">
        {t("account.rule")}
      </p>
      <Trouble error={error} />
      <div className="actions">
        <button type="submit" className="button primary" disabled={busy}>
          {t("account.signIn")}
        </button>
        <button
          type="button"
          className="button"
          disabled={busy || !email || !password}
          onClick={() => void send("/v1/auth/register")}
        >
          {t("account.register")}
        </button>
      </div>
    </form>
  );
}
