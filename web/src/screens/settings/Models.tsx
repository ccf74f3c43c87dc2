import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body, type Schemas } from "../../api/client";
import { Sure } from "../../components/Ask";
import { Trouble } from "../../components/parts";
import { Empty, Waiting } from "../../components/states";

const PROTOCOLS = ["openai_chat", "openai_images", "node"] as const;
type Protocol = (typeof PROTOCOLS)[number];

/** Models of others that may make parts of films; those with more settings are set up over the API. */
export function Models() {
  const { t } = useTranslation();
  const profiles = useQuery({ queryKey: ["profiles"], queryFn: () => body(api.GET("/v1/profiles")) });
  return (
    <>
      <section className="card">
        <h2>{t("access.models")}</h2>
        <p className="quiet">{t("access.modelsText")}</p>
        <Waiting of={profiles} />
        {profiles.data?.items.length === 0 && <Empty icon="film" title={t("access.noModels")} />}
        <ul className="rows">
          {profiles.data?.items.map((profile) => (
            <Row key={profile.profile_id} profile={profile} />
          ))}
        </ul>
      </section>
      <NewProfile />
    </>
  );
}

function Row({ profile: { profile_id, name, kind, has_key } }: { profile: Schemas["ProfileView"] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const params = { path: { profile_id } };
  const test = useMutation({
    mutationFn: () => body(api.POST("/v1/profiles/{profile_id}/test", { params })),
  });
  const remove = useMutation({
    mutationFn: () => body(api.DELETE("/v1/profiles/{profile_id}", { params })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["profiles"] }),
  });
  const found = test.data;
  return (
    <li>
      <span>
        <strong>{name}</strong>{" "}
        <span className="quiet">
          {t(`access.kind.${kind}`)} · {t(has_key ? "access.withKey" : "access.withoutKey")}
        </span>
        <span role="status" className="quiet">
          {found &&
            (found.ok
              ? ` · ${t("access.answers", { seconds: found.took_s.toFixed(1) })}`
              : ` · ${found.message ?? ""}`)}
        </span>
        <Trouble error={test.error} />
      </span>
      <span className="actions">
        <button
          type="button"
          className="button small"
          disabled={test.isPending}
          aria-label={`${t("access.tryIt")}: ${name}`}
          onClick={() => test.mutate()}
        >
          {t("access.tryIt")}
        </button>
        <Sure
          action={t("library.remove")}
          of={name}
          question={t("library.removeSure", { title: name })}
          work={remove}
        />
      </span>
    </li>
  );
}

function NewProfile() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [fields, setFields] = useState({ name: "", url: "", model: "", key: "" });
  const [protocol, setProtocol] = useState<Protocol>("openai_chat");
  const set = (name: keyof typeof fields) => (event: React.ChangeEvent<HTMLInputElement>) =>
    setFields({ ...fields, [name]: event.target.value });
  const add = useMutation({
    mutationFn: () => {
      const { name, url, model, key } = fields;
      const terms = { protocol, url, ...(model ? { model } : {}) } as Schemas["NewProfile"]["terms"];
      return body(api.POST("/v1/profiles", { body: { name, terms, api_key: key || null } }));
    },
    onSuccess: () => {
      setFields({ name: "", url: "", model: "", key: "" });
      void queries.invalidateQueries({ queryKey: ["profiles"] });
    },
  });
  return (
    <form
      className="card form"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <h2>{t("access.newModel")}</h2>
      <label>
        {t("access.protocol")}
        <select value={protocol} onChange={(event) => setProtocol(event.target.value as Protocol)}>
          {PROTOCOLS.map((name) => (
            <option key={name} value={name}>
              {t(`access.protocols.${name}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("presets.name")}
        <input required maxLength={120} value={fields.name} onChange={set("name")} />
      </label>
      <label>
        {t("access.address")}
        <input type="url" required placeholder="https://" value={fields.url} onChange={set("url")} />
      </label>
      <label>
        {t("access.model")}
        <input required={protocol !== "node"} value={fields.model} onChange={set("model")} />
      </label>
      <label>
        {t("access.apiKey")}
        <input type="password" autoComplete="off" value={fields.key} onChange={set("key")} />
      </label>
      <Trouble error={add.error} />
      <div className="actions">
        <button type="submit" className="button primary" disabled={add.isPending}>
          {t("access.add")}
        </button>
      </div>
    </form>
  );
}
