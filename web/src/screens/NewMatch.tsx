import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body, partly } from "../api/client";
import { upload } from "../api/uploads";
import { useAccount } from "../components/Account";
import { DropZone, SOUND } from "../components/DropZone";
import { Bar, called, Choice, Page, Trouble } from "../components/parts";

const STRENGTHS = ["natural", "close", "imitate"] as const;
type Strength = (typeof STRENGTHS)[number];
const ROLES = ["target", "reference"] as const;
type Role = (typeof ROLES)[number];

export function NewMatch() {
  const { t } = useTranslation();
  const ensureAccount = useAccount();
  const navigate = useNavigate();
  const { preset, name } = useSearch({ from: "/match" });
  const [files, setFiles] = useState<Record<Role, File | null>>({ target: null, reference: null });
  const [assets, setAssets] = useState<Partial<Record<Role, string>>>({});
  const [strength, setStrength] = useState<Strength>("natural");
  const [sending, setSending] = useState<{ name: string; sent: number } | null>(null);
  const [error, setError] = useState<unknown>(null);

  function bring(role: Role, file: File) {
    setFiles({ ...files, [role]: file });
    setAssets({ ...assets, [role]: undefined });
  }

  async function arrived(role: Role): Promise<string> {
    const known = assets[role];
    const file = files[role];
    if (known || !file) return known ?? "";
    const asset = await upload(file, (sent) => setSending({ name: file.name, sent }));
    setAssets((before) => ({ ...before, [role]: asset }));
    return asset;
  }

  async function make() {
    setError(null);
    if (!(await ensureAccount())) return;
    try {
      const target_asset_id = await arrived("target");
      const title = files.target?.name.replace(/\.[^.]+$/, "") ?? "";
      const how = preset
        ? { preset_id: preset }
        : { strength, references: [partly("Reference", { asset_id: await arrived("reference") })] };
      const order = partly("MatchRequest", { target_asset_id, title, ...how });
      const job = await body(api.POST("/v1/matches", { body: order }));
      await navigate({ to: "/matches/$matchId", params: { matchId: job.subject_id ?? "" } });
    } catch (reason) {
      setError(reason);
      setSending(null);
    }
  }

  const complete = files.target && (preset || files.reference);
  return (
    <Page title={t("match.title")} text={t("match.text")}>
      <form
        className="card form"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <div className="pair">
          {ROLES.slice(0, preset ? 1 : 2).map((role) => (
            <DropZone
              key={role}
              label={t(`match.${role}`)}
              action={t("match.choose")}
              accept={SOUND}
              file={files[role]}
              onFile={(file) => bring(role, file)}
            />
          ))}
        </div>
        {preset ? (
          <p>
            {t("presets.applying", { name: name ?? "" })} <Link to="/match">{t("presets.reference")}</Link>
          </p>
        ) : (
          <Choice
            label={t("match.strength")}
            name="strength"
            value={strength}
            onChange={setStrength}
            text={t(`match.strengthText.${strength}`)}
            options={called(STRENGTHS, (name) => t(`match.strengths.${name}`))}
          />
        )}
        <Trouble error={error} />
        {sending && (
          <Bar label={t("match.sending", { name: sending.name })} value={Math.round(sending.sent * 100)} />
        )}
        <div className="actions">
          <button type="submit" className="button primary" disabled={!complete || sending !== null}>
            {t("match.make")}
          </button>
          <Link to="/presets" className="button">
            {t("presets.title")}
          </Link>
        </div>
      </form>
    </Page>
  );
}
