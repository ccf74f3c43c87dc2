import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, body, partly } from "../api/client";
import { useAccount } from "../components/Account";
import { called, Choice, Page, Trouble } from "../components/parts";
import { type Style, STYLES } from "./story/styles";

const ASPECTS = { wide: "16:9", phone: "9:16", square: "1:1" } as const;
type Aspect = keyof typeof ASPECTS;
const LONGEST = 5000;
const DRAFT = "soundstage.story"; // a story that somebody types is there again after a reload

export function NewFilm() {
  const { t } = useTranslation();
  const ensureAccount = useAccount();
  const navigate = useNavigate();
  const [title, setTitle] = useState("");
  const [story, setStory] = useState(() => localStorage.getItem(DRAFT) ?? "");
  const [style, setStyle] = useState<Style>("dusk_gouache");
  const [aspect, setAspect] = useState<Aspect>("wide");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const count = Array.from(story).length; // people count characters, not UTF-16 units
  const over = count - LONGEST;

  function write(text: string) {
    setStory(text);
    localStorage.setItem(DRAFT, text);
  }

  async function make() {
    setError(null);
    if (!(await ensureAccount())) return;
    setBusy(true);
    try {
      const opening = story.trim().split(/[.!?。！？\n]/)[0] ?? "";
      const named = title.trim() || opening.slice(0, 60).trim() || t("film.title");
      const order = partly("NewProject", {
        title: named,
        story,
        style,
        settings: { aspect: ASPECTS[aspect] },
      });
      const project = await body(api.POST("/v1/projects", { body: order }));
      localStorage.removeItem(DRAFT);
      await navigate({ to: "/stories/$projectId", params: { projectId: project.project_id } });
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  }

  return (
    <Page title={t("film.title")} text={t("film.text")}>
      <form
        className="card form"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <label>
          {t("film.storyTitle")} ({t("hum.optional")})
          <input value={title} maxLength={200} onChange={(event) => setTitle(event.target.value)} />
        </label>
        <label>
          {t("film.story")}
          <textarea
            rows={10}
            required
            value={story}
            aria-describedby="story-count"
            aria-invalid={over > 0}
            onChange={(event) => write(event.target.value)}
          />
        </label>
        <p id="story-count" className={over > 0 ? "count over" : "count quiet"}>
          {over > 0 ? t("film.tooLong", { over }) : t("film.count", { count, most: LONGEST })}
        </p>
        <Choice
          label={t("film.style")}
          name="style"
          value={style}
          onChange={setStyle}
          options={called(STYLES, (name) => t(`film.styles.${name}`))}
        />
        <Choice
          label={t("film.aspect")}
          name="aspect"
          value={aspect}
          onChange={setAspect}
          options={called(Object.keys(ASPECTS) as Aspect[], (name) => t(`film.aspects.${name}`))}
        />
        <Trouble error={error} />
        <div className="actions">
          <button type="submit" className="button primary" disabled={busy || over > 0 || !story.trim()}>
            {t("film.write")}
          </button>
        </div>
      </form>
    </Page>
  );
}
