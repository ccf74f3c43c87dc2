// What somebody wants of the songs, between recording and ordering: it outlives a reload, and nobody else needs it.

import type { Schemas } from "./client";

export type Wishes = Partial<Schemas["GenParams"]>;

const key = (trackId: string): string => `soundstage.wishes.${trackId}`;

export function keepWishes(trackId: string, wishes: Wishes): void {
  sessionStorage.setItem(key(trackId), JSON.stringify(wishes));
}

export function wishesFor(trackId: string): Wishes {
  return JSON.parse(sessionStorage.getItem(key(trackId)) ?? "{}") as Wishes;
}
