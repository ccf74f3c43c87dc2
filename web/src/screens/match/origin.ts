// The match with references that one which was adjusted by hand goes back to: the API's record has its style alone.

const key = (matchId: string): string => `soundstage.origin.${matchId}`;

export function keepOrigin(matchId: string, origin: string): void {
  sessionStorage.setItem(key(matchId), origin);
}

export const originOf = (matchId: string): string | undefined =>
  sessionStorage.getItem(key(matchId)) ?? undefined;
