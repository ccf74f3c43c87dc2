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

import { session, whenLapsed } from "../api/session";
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
  const [asked, setAsked] = useState<"first" | "again" | null>(null);
  const settle = useRef<((signedIn: boolean) => void) | null>(null);

  useEffect(() => {
    // Behind everything that the first page needs; and then it is there without a network, too.
    const timer = setTimeout(() => void loadDialog().catch(() => undefined), SOON_MS);
    return () => clearTimeout(timer);
  }, []);
  const close = useCallback((signedIn: boolean) => {
    setAsked(null);
    settle.current?.(signedIn);
    settle.current = null;
  }, []);
  const ensure = useMemo<Ensure>(
    () => () => {
      if (session.get()) return Promise.resolve(true);
      setAsked("first");
      return new Promise((resolve) => (settle.current = resolve));
    },
    [],
  );
  useEffect(() => {
    whenLapsed(() => {
      const lapsed = session.get();
      setAsked("again");
      return new Promise((resolve) => {
        settle.current = resolve;
        const stop = session.subscribe(() => {
          if (session.get() === lapsed) return;
          stop();
          close(session.get() !== null); // here or in another tab
        });
      });
    });
  }, [close]);

  return (
    <AccountContext value={ensure}>
      {children}
      {asked && (
        <Suspense>
          <AccountDialog again={asked === "again"} onClose={close} />
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
