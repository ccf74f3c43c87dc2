import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body, partly, type Schemas } from "../../api/client";
import { Sure } from "../../components/Ask";
import { ago } from "../../components/format";
import { Trouble } from "../../components/parts";
import { Empty, Waiting } from "../../components/states";
import { Once } from "./Once";

type Webhook = Schemas["WebhookView"];

/** Servers that hear of the ends of jobs. */
export function Webhooks() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [url, setUrl] = useState("");
  const hooks = useQuery({ queryKey: ["webhooks"], queryFn: () => body(api.GET("/v1/webhooks")) });
  const add = useMutation({
    mutationFn: () => body(api.POST("/v1/webhooks", { body: partly("NewWebhook", { url }) })),
    onSuccess: () => {
      setUrl("");
      void queries.invalidateQueries({ queryKey: ["webhooks"] });
    },
  });
  return (
    <>
      <form
        className="card form"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <h2>{t("access.webhooks")}</h2>
        <p className="quiet">{t("access.webhooksText")}</p>
        <label>
          {t("access.address")}
          <input
            type="url"
            required
            placeholder="https://"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
        </label>
        <Trouble error={add.error} />
        <div className="actions">
          <button type="submit" className="button primary" disabled={add.isPending}>
            {t("access.add")}
          </button>
        </div>
        {add.data && <Once secret={add.data.secret} />}
      </form>
      <Waiting of={hooks} />
      {hooks.data?.items.length === 0 && <Empty icon="link" title={t("access.noHooks")} />}
      {hooks.data?.items.map((hook) => (
        <Endpoint key={hook.webhook_id} hook={hook} />
      ))}
    </>
  );
}

function Endpoint({ hook }: { hook: Webhook }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const params = { path: { webhook_id: hook.webhook_id } };
  const refresh = () => queries.invalidateQueries({ queryKey: ["webhooks"] });
  const turn = useMutation({
    mutationFn: () =>
      body(api.PATCH("/v1/webhooks/{webhook_id}", { params, body: { enabled: !hook.enabled } })),
    onSuccess: refresh,
  });
  const test = useMutation({
    mutationFn: () => body(api.POST("/v1/webhooks/{webhook_id}/test", { params })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["deliveries", hook.webhook_id] }),
  });
  const remove = useMutation({
    mutationFn: () => body(api.DELETE("/v1/webhooks/{webhook_id}", { params })),
    onSuccess: refresh,
  });
  return (
    <section className="card">
      <header className="song-head">
        <h2 className="address">{hook.url}</h2>
        <span className={hook.enabled ? "badge ready" : "badge"}>
          {t(hook.enabled ? "access.on" : "access.off")}
        </span>
      </header>
      {hook.disabled_reason && <p className="trouble">{hook.disabled_reason}</p>}
      <Trouble error={turn.error ?? test.error} />
      <div className="actions">
        <button
          type="button"
          className="button small"
          disabled={test.isPending || !hook.enabled}
          onClick={() => test.mutate()}
        >
          {t("access.test")}
        </button>
        <button
          type="button"
          className="button small"
          disabled={turn.isPending}
          onClick={() => turn.mutate()}
        >
          {t(hook.enabled ? "access.turnOff" : "access.turnOn")}
        </button>
        <Sure
          action={t("library.remove")}
          of={hook.url}
          question={t("access.removeHookSure")}
          work={remove}
        />
      </div>
      <Deliveries webhookId={hook.webhook_id} />
    </section>
  );
}

const LOOK_MS = 3_000;

function Deliveries({ webhookId }: { webhookId: string }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const path = { webhook_id: webhookId };
  const key = ["deliveries", webhookId];
  const deliveries = useQuery({
    queryKey: key,
    queryFn: () =>
      body(api.GET("/v1/webhooks/{webhook_id}/deliveries", { params: { path, query: { limit: 20 } } })),
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ status }) => status === "pending") ? LOOK_MS : false,
  });
  const replay = useMutation({
    mutationFn: (delivery_id: string) =>
      body(
        api.POST("/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", {
          params: { path: { ...path, delivery_id } },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  });
  return (
    <details>
      <summary>{t("access.deliveries", { count: deliveries.data?.items.length ?? 0 })}</summary>
      <Trouble error={deliveries.error ?? replay.error} />
      <ul className="rows">
        {deliveries.data?.items.map(({ delivery_id, type, status, attempts, created_at }) => {
          const last = attempts.at(-1);
          return (
            <li key={delivery_id}>
              <span>
                <code>{type}</code> <span className="badge">{t(`access.delivery.${status}`)}</span>
                <br />
                <span className="quiet">
                  {ago(created_at, i18n.language)}
                  {last && ` · ${last.http_status ?? ""} ${last.error ?? ""} · ${last.took_ms} ms`}
                </span>
              </span>
              <button
                type="button"
                className="button small"
                disabled={replay.isPending}
                aria-label={`${t("access.replay")}: ${type}, ${ago(created_at, i18n.language)}`}
                onClick={() => replay.mutate(delivery_id)}
              >
                {t("access.replay")}
              </button>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
