// Whose sound a match that was adjusted by hand goes back to: the API's record of it has its style alone.

const key = (matchId: string): string => `soundstage.origin.${matchId}`;

export function keepOrigin(matchId: string, referenceId: string): void {
  sessionStorage.setItem(key(matchId), referenceId);
}

export const originOf = (matchId: string): string | undefined =>
  sessionStorage.getItem(key(matchId)) ?? undefined;
