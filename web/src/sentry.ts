// What of Sentry is used: a module of its own, so that what is not stays out of the bundle.

import { BrowserClient, defaultStackParser, makeFetchTransport, Scope } from "@sentry/browser";

export interface Config {
  sentry_dsn: string;
  release?: string;
  environment?: string;
}

/** No integrations: addresses, which may hold a share's token, and what somebody typed stay here. */
export function scopeOf({ sentry_dsn: dsn, release, environment }: Config): Scope {
  const client = new BrowserClient({
    dsn,
    release,
    environment,
    transport: makeFetchTransport,
    stackParser: defaultStackParser,
    integrations: [],
  });
  const scope = new Scope();
  scope.setClient(client);
  client.init();
  return scope;
}
