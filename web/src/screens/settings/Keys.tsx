import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body } from "../../api/client";
import type { SchemaKeyRequest } from "../../api/schema";
import { Sure } from "../../components/Ask";
import { ago } from "../../components/format";
import { called, Choice, Trouble } from "../../components/parts";
import { Empty, Waiting } from "../../components/states";
import { Once } from "./Once";

type Scope = SchemaKeyRequest["scopes"][number];

// Of KeyRequest in docs/api-reference.md.
const THINGS = [
  "assets",
  "films",
  "jobs",
  "matches",
  "presets",
  "profiles",
  "projects",
  "shares",
  "tracks",
  "webhooks",
] as const;
const READ: Scope[] = ["account:read", "events:read", ...THINGS.map((thing) => `${thing}:read` as const)];
const SCOPES = { read: READ, all: [...READ, ...THINGS.map((thing) => `${thing}:write` as const)] };
const DAYS = { "30": 30, "90": 90, "365": 365, never: null } as const;
type Rights = keyof typeof SCOPES | "some";
type Lasting = keyof typeof DAYS;

/** Keys for programs: made, shown once, revoked. */
export function Keys() {
  const { t, i18n } = useTranslation();
  const keys = useQuery({
    queryKey: ["keys"],
    queryFn: () => body(api.GET("/v1/keys", { params: { query: { limit: 100 } } })),
  });
  const active = keys.data?.items.filter(({ revoked_at }) => !revoked_at);
  return (
    <>
      <section className="card">
        <h2>{t("access.keys")}</h2>
        <p className="quiet">{t("access.keysText")}</p>
        <Waiting of={keys} />
        {active?.length === 0 && <Empty icon="key" title={t("access.noKeys")} />}
        <ul className="rows">
          {active?.map(({ key_id, name, prefix, scopes, last_used_at, expires_at }) => (
            <li key={key_id}>
              <span>
                <strong>{name}</strong> <code>{prefix}…</code>
                <br />
                <span className="quiet">
                  {t("access.scopes", { count: scopes.length })} ·{" "}
                  {last_used_at
                    ? t("access.used", { ago: ago(last_used_at, i18n.language) })
                    : t("access.unused")}
                  {expires_at &&
                    ` · ${t("access.expires", { date: new Date(expires_at).toLocaleDateString(i18n.language) })}`}
                </span>
              </span>
              <RevokeKey id={key_id} name={name} />
            </li>
          ))}
        </ul>
      </section>
      <NewKey />
    </>
  );
}

function NewKey() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [rights, setRights] = useState<Rights>("read");
  const [some, setSome] = useState<ReadonlySet<Scope>>(new Set());
  const [lasting, setLasting] = useState<Lasting>("90");
  const make = useMutation({
    mutationFn: () => {
      const scopes = rights === "some" ? [...some] : SCOPES[rights];
      return body(api.POST("/v1/keys", { body: { name, scopes, expires_in_days: DAYS[lasting] } }));
    },
    onSuccess: () => {
      setName("");
      void queries.invalidateQueries({ queryKey: ["keys"] });
    },
  });
  return (
    <form
      className="card form"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <h2>{t("access.newKey")}</h2>
      <label>
        {t("presets.name")}
        <input required maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
      </label>
      <Choice
        label={t("access.rights")}
        name="rights"
        value={rights}
        options={called(["read", "all", "some"] as const, (it) => t(`access.right.${it}`))}
        onChange={setRights}
      />
      {rights === "some" && (
        <fieldset className="choice">
          <legend>{t("access.right.some")}</legend>
          <div className="choice-row">
            {SCOPES.all.map((scope) => (
              <label key={scope} className="chip">
                <input
                  type="checkbox"
                  checked={some.has(scope)}
                  onChange={() =>
                    setSome(
                      new Set(some.has(scope) ? [...some].filter((it) => it !== scope) : [...some, scope]),
                    )
                  }
                />
                <span>{scope}</span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <Choice
        label={t("access.lasting")}
        name="lasting"
        value={lasting}
        options={called(["30", "90", "365", "never"] as const, (it) => t(`access.days.${it}`))}
        onChange={setLasting}
      />
      <Trouble error={make.error} />
      <div className="actions">
        <button
          type="submit"
          className="button primary"
          disabled={make.isPending || (rights === "some" && some.size === 0)}
        >
          {t("access.makeKey")}
        </button>
      </div>
      {make.data && <Once secret={make.data.key} />}
    </form>
  );
}

function RevokeKey({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => body(api.DELETE("/v1/keys/{key_id}", { params: { path: { key_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });
  return <Sure action={t("share.revoke")} of={name} question={t("access.revokeKeySure")} work={revoke} />;
}
