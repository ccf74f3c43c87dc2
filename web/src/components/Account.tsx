// Signing in where it is needed: what somebody recorded or wrote stays on the page meanwhile.

import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  use,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { useTranslation } from "react-i18next";

import { session } from "../api/session";
import { SignInForm } from "./SignInForm";

const loadDialog = () => import("./AccountDialog");
const AccountDialog = lazy(loadDialog);
const SOON_MS = 1_500;

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
  const settle = useRef<((signedIn: boolean) => void) | null>(null);

  useEffect(() => {
    // Behind everything that the first page needs; and then it is there without a network, too.
    const timer = setTimeout(() => void loadDialog().catch(() => undefined), SOON_MS);
    return () => clearTimeout(timer);
  }, []);
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
      {open && (
        <Suspense>
          <AccountDialog onClose={close} />
        </Suspense>
      )}
    </AccountContext>
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
