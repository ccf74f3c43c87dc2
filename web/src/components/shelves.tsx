// What somebody has made: songs, matches, stories; for the library, and the newest for the first page.

import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { api, body, partly, type Schemas } from "../api/client";
import { ago } from "./format";
import { Icon } from "./icons";

type Status = Schemas["TrackStatus"] | Schemas["MatchStatus"] | Schemas["ProjectStatus"];

export interface Item {
  shelf: Shelf;
  id: string;
  title: string;
  status: Status;
  updated_at: string;
}

interface ItemPage {
  items: Item[];
  next: string | null;
}

const PAGE = 100;
type Query = { limit: number; cursor?: string };

export const SHELVES = {
  songs: {
    list: async (query: Query): Promise<ItemPage> => {
      const { items, next_cursor } = await body(api.GET("/v1/tracks", { params: { query } }));
      return {
        items: items.map((item) => ({ ...item, shelf: "songs", id: item.track_id })),
        next: next_cursor ?? null,
      };
    },
    rename: (track_id: string, title: string) =>
      body(api.PATCH("/v1/tracks/{track_id}", { params: { path: { track_id } }, body: { title } })),
    remove: (track_id: string) =>
      body(api.DELETE("/v1/tracks/{track_id}", { params: { path: { track_id } } })),
  },
  matches: {
    list: async (query: Query): Promise<ItemPage> => {
      const { items, next_cursor } = await body(api.GET("/v1/matches", { params: { query } }));
      return {
        items: items.map((item) => ({ ...item, shelf: "matches", id: item.match_id })),
        next: next_cursor ?? null,
      };
    },
    rename: (match_id: string, title: string) =>
      body(api.PATCH("/v1/matches/{match_id}", { params: { path: { match_id } }, body: { title } })),
    remove: (match_id: string) =>
      body(api.DELETE("/v1/matches/{match_id}", { params: { path: { match_id } } })),
  },
  films: {
    list: async (query: Query): Promise<ItemPage> => {
      const { items, next_cursor } = await body(api.GET("/v1/projects", { params: { query } }));
      return {
        items: items.map((item) => ({ ...item, shelf: "films", id: item.project_id })),
        next: next_cursor ?? null,
      };
    },
    rename: (project_id: string, title: string) =>
      body(
        api.PATCH("/v1/projects/{project_id}", {
          params: { path: { project_id } },
          body: partly("ProjectChange", { title }),
        }),
      ),
    remove: (project_id: string) =>
      body(api.DELETE("/v1/projects/{project_id}", { params: { path: { project_id } } })),
  },
};
export type Shelf = "songs" | "matches" | "films";
const ICONS = { songs: "hum", matches: "match", films: "film" } as const;
export const NAMES = ["songs", "matches", "films"] as const;

/** Newest first, page by page; `items` are those that are there so far. */
export function useShelf(shelf: Shelf, enabled = true) {
  const pages = useInfiniteQuery({
    queryKey: ["shelf", shelf],
    queryFn: ({ pageParam }) =>
      SHELVES[shelf].list({ limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    enabled,
  });
  return { ...pages, items: pages.data?.pages.flatMap(({ items }) => items) };
}

const NEWEST = 6;

/** `asked`: a shelf that has not answered yet, if there is one. */
export function useRecent(enabled: boolean) {
  const all = [useShelf("songs", enabled), useShelf("matches", enabled), useShelf("films", enabled)];
  const recent = all
    .flatMap(({ items }) => items ?? [])
    .sort((one, other) => other.updated_at.localeCompare(one.updated_at))
    .slice(0, NEWEST);
  return { recent, asked: enabled ? all.find(({ data }) => data === undefined) : undefined };
}

export function Row({ item, before, children }: { item: Item; before?: ReactNode; children?: ReactNode }) {
  const { t, i18n } = useTranslation();
  return (
    <li className={`row shelf-${item.shelf}`}>
      {before}
      <Icon name={ICONS[item.shelf]} />
      <Open item={item} />
      <span className={`badge ${item.status}`}>{t(`status.${item.status}`)}</span>
      <span className="quiet">{ago(item.updated_at, i18n.language)}</span>
      {children && <span className="row-actions">{children}</span>}
    </li>
  );
}

export function Open({ item: { shelf, id, title } }: { item: Pick<Item, "shelf" | "id" | "title"> }) {
  if (shelf === "songs") {
    return (
      <Link to="/songs/$trackId" params={{ trackId: id }}>
        {title}
      </Link>
    );
  }
  if (shelf === "matches") {
    return (
      <Link to="/matches/$matchId" params={{ matchId: id }}>
        {title}
      </Link>
    );
  }
  return (
    <Link to="/stories/$projectId" params={{ projectId: id }}>
      {title}
    </Link>
  );
}
