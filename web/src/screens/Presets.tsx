import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { DialogTrigger } from "react-aria-components/Dialog";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components/Tabs";
import { useTranslation } from "react-i18next";

import { api, body, partly, type Schemas } from "../api/client";
import { Private } from "../components/Account";
import { Ask, Sure } from "../components/Ask";
import { Page, Trouble } from "../components/parts";
import { Empty, Waiting } from "../components/states";
import { Blend } from "./match/Blend";
import { Exports } from "./match/Exports";

type Preset = Schemas["PresetSummary"];
const SHELVES = ["yours", "public"] as const;

export function Presets() {
  const { t } = useTranslation();
  return (
    <Private>
      <Page title={t("presets.title")} text={t("presets.text")}>
        <Tabs>
          <TabList className="tabs" aria-label={t("presets.title")}>
            {SHELVES.map((shelf) => (
              <Tab key={shelf} id={shelf} className="tab">
                {t(`presets.${shelf}`)}
              </Tab>
            ))}
          </TabList>
          {SHELVES.map((shelf) => (
            <TabPanel key={shelf} id={shelf}>
              <Shelf shelf={shelf} />
            </TabPanel>
          ))}
        </Tabs>
      </Page>
    </Private>
  );
}

function Shelf({ shelf }: { shelf: (typeof SHELVES)[number] }) {
  const { t } = useTranslation();
  const presets = useQuery({
    queryKey: ["presets", shelf],
    queryFn: () =>
      body(
        api.GET("/v1/presets", {
          params: { query: { limit: 100, ...(shelf === "public" ? { visibility: "public" as const } : {}) } },
        }),
      ),
  });
  const items = presets.data?.items ?? [];
  return (
    <div className="stack">
      <Waiting of={presets} />
      {presets.data && items.length === 0 && (
        <Empty
          icon="match"
          title={t(shelf === "yours" ? "presets.none" : "presets.nonePublic")}
          text={t(shelf === "yours" ? "presets.noneText" : "presets.nonePublicText")}
        >
          {shelf === "yours" && (
            <Link to="/match" className="button">
              {t("home.match")}
            </Link>
          )}
        </Empty>
      )}
      <ul className="list">
        {items.map((preset) => (
          <Row key={preset.preset_id} preset={preset} />
        ))}
      </ul>
      {items.length > 1 && <Blend presets={items} />}
      {shelf === "yours" && <Import />}
    </div>
  );
}

function Row({ preset }: { preset: Preset }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { preset_id, name, description, visibility, mine } = preset;
  const params = { path: { preset_id } };
  const onSuccess = () => queries.invalidateQueries({ queryKey: ["presets"] });
  const publish = useMutation({
    mutationFn: () => {
      const change = { visibility: visibility === "public" ? ("private" as const) : ("public" as const) };
      return body(api.PATCH("/v1/presets/{preset_id}", { params, body: change }));
    },
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: () => body(api.DELETE("/v1/presets/{preset_id}", { params })),
    onSuccess,
  });
  return (
    <li>
      <div className="work">
        <strong>{name}</strong>
        <span className="badge">{t(visibility === "public" ? "presets.isPublic" : "presets.isPrivate")}</span>
      </div>
      {description && <p className="quiet">{description}</p>}
      <Trouble error={publish.error} />
      <div className="actions">
        <Link
          to="/match"
          search={{ preset: preset_id, name }}
          className="button small primary"
          aria-label={`${t("presets.apply")}: ${name}`}
        >
          {t("presets.apply")}
        </Link>
        <DialogTrigger>
          <Button className="button small" aria-label={`${t("presets.export")}: ${name}`}>
            {t("presets.export")}
          </Button>
          <Ask title={t("presets.exportOf", { name })}>
            {(close) => <Exports presetId={preset_id} onClose={close} />}
          </Ask>
        </DialogTrigger>
        {mine && (
          <>
            <button
              type="button"
              className="button small"
              disabled={publish.isPending}
              aria-label={`${t(visibility === "public" ? "presets.unpublish" : "presets.publish")}: ${name}`}
              onClick={() => publish.mutate()}
            >
              {t(visibility === "public" ? "presets.unpublish" : "presets.publish")}
            </button>
            <Sure
              action={t("library.remove")}
              of={name}
              question={t("library.removeSure", { title: name })}
              work={remove}
            />
          </>
        )}
      </div>
    </li>
  );
}

function Import() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [remarks, setRemarks] = useState<string[]>([]);
  const bring = useMutation({
    mutationFn: async (file: File) => {
      const name = file.name.replace(/\.[^.]+$/, "");
      const binary = file.name.endsWith(".vstpreset");
      const encoding = binary ? ("base64" as const) : ("text" as const);
      const content = binary ? await base64(file) : await file.text();
      return body(
        api.POST("/v1/presets/import", { body: partly("ImportRequest", { name, encoding, content }) }),
      );
    },
    onSuccess: (answer) => {
      setRemarks(answer.remarks);
      void queries.invalidateQueries({ queryKey: ["presets"] });
    },
  });
  return (
    <section className="card">
      <h2>{t("presets.import")}</h2>
      <p className="quiet">{t("presets.importText")}</p>
      <label className="button file">
        {t("match.choose")}
        <input
          type="file"
          accept=".json,.txt,.vstpreset"
          disabled={bring.isPending}
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) bring.mutate(file);
            event.target.value = "";
          }}
        />
      </label>
      <Trouble error={bring.error} />
      {bring.data && <p role="status">{t("presets.kept", { name: bring.data.preset.name })}</p>}
      {remarks.map((remark) => (
        <p key={remark} className="quiet">
          {remark}
        </p>
      ))}
    </section>
  );
}

async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
