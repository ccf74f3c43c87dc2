// Signing in where it is needed: what somebody recorded or wrote stays on the page meanwhile.

import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { Button } from "react-aria-components/Button";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { useTranslation } from "react-i18next";

import { api, body } from "../api/client";
import { session } from "../api/session";
import { Trouble } from "./parts";

export function useSignedIn(): boolean {
  return useSyncExternalStore(session.subscribe, session.get) !== null;
}

type Ensure = () => Promise<boolean>;
const AccountContext = createContext<Ensure>(() => Promise.resolve(false));

/** A function that comes back with whether somebody is signed in, having asked where nobody was. */
export function useAccount(): Ensure {
  return use(AccountContext);
}

export function AccountProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const { t } = useTranslation();
  const settle = useRef<((signedIn: boolean) => void) | null>(null);

  const close = useCallback((signedIn: boolean) => {
    setOpen(false);
    settle.current?.(signedIn);
    settle.current = null;
  }, []);
  const ensure = useMemo<Ensure>(
    () => () => {
      if (session.get()) return Promise.resolve(true);
      setOpen(true);
      return new Promise((resolve) => (settle.current = resolve));
    },
    [],
  );

  return (
    <AccountContext value={ensure}>
      {children}
      <ModalOverlay
        className="overlay"
        isOpen={open}
        onOpenChange={(now) => now || close(false)}
        isDismissable
      >
        <Modal className="modal">
          <Dialog className="dialog">
            <Heading slot="title">{t("account.title")}</Heading>
            <p className="quiet">{t("account.text")}</p>
            <SignInForm onDone={() => close(true)} />
            <Button className="button plain" onPress={() => close(false)}>
              {t("app.back")}
            </Button>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </AccountContext>
  );
}

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

/** What belongs to somebody; for nobody, the way in. */
export function Private({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  if (useSignedIn()) return children;
  return (
    <main id="content" tabIndex={-1} className="page narrow">
      <header className="page-head">
        <h1>{t("account.title")}</h1>
        <p className="lead">{t("account.text")}</p>
      </header>
      <section className="card">
        <SignInForm />
      </section>
    </main>
  );
}
