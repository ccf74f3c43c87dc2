import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { GridList, GridListItem } from "react-aria-components/GridList";
import { useDragAndDrop } from "react-aria-components/useDragAndDrop";
import { useTranslation } from "react-i18next";

import { api, body, type Schemas } from "../../api/client";
import { Trouble } from "../../components/parts";

type Shot = Schemas["ShotView"];

/** The shots as a list to be put into another order: by dragging, by touch, by keys. */
export function ShotOrder({ shots, projectId }: { shots: readonly Shot[]; projectId: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const known = shots.map(({ shot_id }) => shot_id);
  const [wanted, setWanted] = useState<string[] | null>(null); // until the project says so, too
  const move = useMutation({
    mutationFn: (order: string[]) =>
      body(
        api.POST("/v1/projects/{project_id}/shots/order", {
          params: { path: { project_id: projectId } },
          body: { order },
        }),
      ),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ["project", projectId] });
      setWanted(null);
    },
  });
  const order = wanted ?? known;
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ "text/plain": String(key) })),
    onReorder: ({ keys, target }) => {
      const rest = order.filter((id) => !keys.has(id));
      const at = rest.indexOf(String(target.key)) + (target.dropPosition === "after" ? 1 : 0);
      const next = [...rest.slice(0, at), ...order.filter((id) => keys.has(id)), ...rest.slice(at)];
      setWanted(next);
      move.mutate(next);
    },
  });
  const byId = new Map(shots.map((shot) => [shot.shot_id, shot]));
  const items = order.flatMap((id) => byId.get(id) ?? []);
  return (
    <>
      <p className="quiet">
        {t("film.orderHint")} <span className="by-keys">{t("film.orderKeys")}</span>
      </p>
      <Trouble error={move.error} />
      <GridList
        className="ordering"
        aria-label={t("film.shots")}
        items={items.map((shot) => ({ ...shot, id: shot.shot_id }))}
        dragAndDropHooks={dragAndDropHooks}
      >
        {(shot) => (
          <GridListItem className="ordering-item" textValue={t("film.shot", { number: shot.number })}>
            <Button
              slot="drag"
              className="button small"
              aria-label={t("film.moveShot", { number: shot.number })}
            >
              ⠿
            </Button>
            {shot.picture_url && <img src={shot.picture_url} alt="" width="96" />}
            <span>
              <strong>{shot.number}</strong> {shot.narration}
            </span>
          </GridListItem>
        )}
      </GridList>
    </>
  );
}
