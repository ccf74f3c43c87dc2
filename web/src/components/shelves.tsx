// What somebody has made: songs, matches, stories; for the library, and the newest for the first page.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { api, body, type Schemas } from "../api/client";
import { ago } from "./format";

type Status = Schemas["TrackStatus"] | Schemas["MatchStatus"] | Schemas["ProjectStatus"];

export interface Item {
  shelf: Shelf;
  id: string;
  title: string;
  status: Status;
  updated_at: string;
}

const query = { limit: 100 };
export const SHELVES = {
  songs: {
    list: async (): Promise<Item[]> =>
      (await body(api.GET("/v1/tracks", { params: { query } }))).items.map((item) => ({
        ...item,
        shelf: "songs",
        id: item.track_id,
      })),
    remove: (track_id: string) =>
      body(api.DELETE("/v1/tracks/{track_id}", { params: { path: { track_id } } })),
  },
  matches: {
    list: async (): Promise<Item[]> =>
      (await body(api.GET("/v1/matches", { params: { query } }))).items.map((item) => ({
        ...item,
        shelf: "matches",
        id: item.match_id,
      })),
    remove: (match_id: string) =>
      body(api.DELETE("/v1/matches/{match_id}", { params: { path: { match_id } } })),
  },
  films: {
    list: async (): Promise<Item[]> =>
      (await body(api.GET("/v1/projects", { params: { query } }))).items.map((item) => ({
        ...item,
        shelf: "films",
        id: item.project_id,
      })),
    remove: (project_id: string) =>
      body(api.DELETE("/v1/projects/{project_id}", { params: { path: { project_id } } })),
  },
};
export type Shelf = "songs" | "matches" | "films";
export const NAMES = ["songs", "matches", "films"] as const;

export function useShelf(shelf: Shelf, enabled = true) {
  return useQuery({ queryKey: ["shelf", shelf], queryFn: SHELVES[shelf].list, enabled });
}

const NEWEST = 6;

export function useRecent(enabled: boolean): Item[] {
  const all = [useShelf("songs", enabled), useShelf("matches", enabled), useShelf("films", enabled)];
  return all
    .flatMap(({ data }) => data ?? [])
    .sort((one, other) => other.updated_at.localeCompare(one.updated_at))
    .slice(0, NEWEST);
}

export function Row({ item, children }: { item: Item; children?: ReactNode }) {
  const { t, i18n } = useTranslation();
  return (
    <li className="row">
      <Open item={item} />
      <span className={`badge ${item.status}`}>{t(`status.${item.status}`)}</span>
      <span className="quiet">{ago(item.updated_at, i18n.language)}</span>
      {children}
    </li>
  );
}

function Open({ item: { shelf, id, title } }: { item: Item }) {
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
