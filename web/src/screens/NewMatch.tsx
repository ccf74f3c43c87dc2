import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body, partly } from "../api/client";
import { upload } from "../api/uploads";
import { useAccount } from "../components/Account";
import { DropZone, SOUND } from "../components/DropZone";
import { Bar, called, Choice, Page, Trouble } from "../components/parts";

const STRENGTHS = ["natural", "close", "imitate"] as const;
type Strength = (typeof STRENGTHS)[number];
type Role = "target" | "reference";

export function NewMatch() {
  const { t } = useTranslation();
  const ensureAccount = useAccount();
  const navigate = useNavigate();
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
      const reference = await arrived("reference");
      const title = files.target?.name.replace(/\.[^.]+$/, "") ?? "";
      const references = [partly("Reference", { asset_id: reference })];
      const order = partly("MatchRequest", { target_asset_id, references, strength, title });
      const job = await body(api.POST("/v1/matches", { body: order }));
      await navigate({ to: "/matches/$matchId", params: { matchId: job.subject_id ?? "" } });
    } catch (reason) {
      setError(reason);
      setSending(null);
    }
  }

  const complete = files.target && files.reference;
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
          {(["target", "reference"] as const).map((role) => (
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
        <Choice
          label={t("match.strength")}
          name="strength"
          value={strength}
          onChange={setStrength}
          text={t(`match.strengthText.${strength}`)}
          options={called(STRENGTHS, (name) => t(`match.strengths.${name}`))}
        />
        <Trouble error={error} />
        {sending && (
          <Bar label={t("match.sending", { name: sending.name })} value={Math.round(sending.sent * 100)} />
        )}
        <div className="actions">
          <button type="submit" className="button primary" disabled={!complete || sending !== null}>
            {t("match.make")}
          </button>
        </div>
      </form>
    </Page>
  );
}
