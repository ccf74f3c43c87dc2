// Parts of a sound as they will be once they are rendered anew, asked for where somebody listens.

export interface Region {
  startS: number;
  endS: number;
  buffer: AudioBuffer;
  /** Of all of the sound, were it rendered like this; null where nobody can tell. */
  lufs: number | null;
}

/** What the server renders of a style from `startS` on. */
export type Render<Style> = (
  style: Style,
  startS: number,
  durationS: number,
  signal: AbortSignal,
) => Promise<{ buffer: AudioBuffer; lufs: number | null }>;

export const REGION_S = 12;
/** By so much one begins before the last one ends, for a fade from one to the next. */
export const OVERLAP_S = 0.05;
const AHEAD_S = 5; // of the end of what is there, the next one is asked for
const BEFORE_S = 0.5; // somebody who jumps back a little still hears it
const LEAST_S = 1; // that the API renders
const SETTLED_MS = 350; // a slider that rests for so long has been moved

export class RegionPreview<Style> {
  /** In order; of the style as it is now, or of the last one until the first new one is there. */
  regions: readonly Region[] = [];
  failed = false;
  private style: Style;
  private settled: ReturnType<typeof setTimeout> | undefined;
  private moving = false;
  private outdated = false;
  private request: AbortController | null = null;
  private readonly listeners = new Set<(cause: "style" | "regions") => void>();

  constructor(
    style: Style,
    private readonly render: Render<Style>,
  ) {
    this.style = style;
  }

  get waiting(): boolean {
    return this.request !== null;
  }

  readonly subscribe = (tell: (cause: "style" | "regions") => void): (() => void) => {
    this.listeners.add(tell);
    return () => this.listeners.delete(tell);
  };

  /** `heardAtOnce`: something in the browser sounds like this already, and nearer to it than the regions of before. */
  set(style: Style, heardAtOnce: boolean): void {
    if (style === this.style) return;
    this.style = style;
    this.request?.abort();
    this.request = null;
    this.outdated = true;
    this.failed = false;
    if (heardAtOnce) this.regions = [];
    this.moving = true;
    clearTimeout(this.settled);
    this.settled = setTimeout(() => {
      this.moving = false;
      this.tell("regions"); // whoever listens says where
    }, SETTLED_MS);
    this.tell("style");
  }

  /** Somebody listens here: what is missing from here on is asked for. */
  follow(positionS: number, durationS: number): void {
    if (this.moving || this.request || this.failed || positionS > durationS - OVERLAP_S) return;
    const kept = this.kept();
    const there = covering(kept, positionS);
    if (there && (there.endS >= durationS || positionS < there.endS - AHEAD_S)) return;
    if (there && covering(kept, there.endS)) return;
    const before = Math.max(
      0,
      ...kept.filter(({ endS }) => endS <= positionS + OVERLAP_S).map(({ endS }) => endS),
    );
    const startS = there ? there.endS - OVERLAP_S : Math.max(0, before - OVERLAP_S, positionS - BEFORE_S);
    const after = kept.find((region) => region.startS > startS);
    void this.ask(startS, Math.min(startS + REGION_S, after ? after.startS + OVERLAP_S : durationS));
  }

  close(): void {
    clearTimeout(this.settled);
    this.request?.abort();
    this.request = null;
  }

  /** What is rendered may be longer than what is heard of it: no two regions are heard at once. */
  private async ask(startS: number, endS: number): Promise<void> {
    const request = (this.request = new AbortController());
    this.tell("regions");
    try {
      const { buffer, lufs } = await this.render(
        this.style,
        startS,
        Math.max(LEAST_S, endS - startS),
        request.signal,
      );
      if (request.signal.aborted) return;
      const made = { startS, endS: Math.min(endS, startS + buffer.duration), buffer, lufs };
      this.regions = [...this.kept(), made].sort((one, other) => one.startS - other.startS);
      this.outdated = false;
    } catch {
      if (request.signal.aborted) return;
      this.failed = true; // until something is changed
      this.regions = this.kept();
    }
    this.request = null;
    this.tell("regions");
  }

  /** Of the style as it is now. */
  private kept(): readonly Region[] {
    return this.outdated ? [] : this.regions;
  }

  private tell(cause: "style" | "regions"): void {
    for (const listener of this.listeners) listener(cause);
  }
}

function covering(regions: readonly Region[], positionS: number): Region | undefined {
  return regions.find(({ startS, endS }) => startS <= positionS + 0.001 && positionS < endS - OVERLAP_S);
}
