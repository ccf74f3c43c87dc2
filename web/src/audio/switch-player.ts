// Several versions of one sound, played together, of which one is heard: switching is a cross-fade at the same place
// and, where their loudness is known, at the same loudness.

import type { LinearStages } from "./linear-stages";
import { OVERLAP_S, type RegionPreview } from "./region-preview";

export interface Version {
  label: string;
  url: string;
  /** What the sound goes through on its way, changed while it plays. */
  stages?: LinearStages;
  /** Parts of it that are heard instead, as they become ready. */
  regions?: Pick<RegionPreview<unknown>, "regions" | "follow" | "subscribe" | "close" | "waiting" | "failed">;
  /** Its colour, where that isn't its number's. */
  tone?: number;
  /** Integrated loudness; versions are turned down to the quietest of them. */
  lufs?: number | null | undefined;
}

export interface PlayerState {
  ready: boolean;
  failed: boolean;
  playing: boolean;
  heard: number;
  positionS: number;
  durationS: number;
  /** Of what is heard: the regions that are there, whether one is being made, and whether that failed. */
  regions: readonly { startS: number; endS: number }[];
  waiting: boolean;
  regionsFailed: boolean;
}

/** What a version sounds through: its own sound, until regions of it are heard instead. */
interface Path {
  own: GainNode;
  regions: { source: AudioBufferSourceNode; gain: GainNode }[];
  /** What `regions` was made of. */
  placed?: readonly unknown[];
}

const FADE_S = 0.012;
const NONE: PlayerState["regions"] = [];

export class SwitchPlayer {
  private context: AudioContext | null = null;
  private buffers: AudioBuffer[] = [];
  private sources: AudioBufferSourceNode[] = [];
  private faders: GainNode[] = [];
  private paths: (Path | undefined)[] = [];
  private unsubscribe: (() => void)[] = [];
  private startedAt = 0;
  private offsetS = 0;
  private readonly listeners = new Set<() => void>();
  private state: PlayerState = {
    ready: false,
    failed: false,
    playing: false,
    heard: 0,
    positionS: 0,
    durationS: 0,
    regions: NONE,
    waiting: false,
    regionsFailed: false,
  };

  constructor(
    private readonly versions: readonly Version[],
    first: number,
  ) {
    this.state.heard = first;
  }

  readonly subscribe = (tell: () => void): (() => void) => {
    this.listeners.add(tell);
    return () => this.listeners.delete(tell);
  };

  readonly snapshot = (): PlayerState => this.state;

  buffer(version: number): AudioBuffer | undefined {
    return this.buffers[version];
  }

  async load(signal: AbortSignal): Promise<void> {
    this.unsubscribe = this.versions.flatMap(({ regions }, version) =>
      regions ? [regions.subscribe((cause) => this.onRegions(version, cause))] : [],
    );
    try {
      // Decoding needs no permission to play, and resamples to what the device plays.
      const decoder = new OfflineAudioContext(1, 1, 48_000);
      const fetched = new Map<string, Promise<AudioBuffer>>();
      const decoded = async (url: string): Promise<AudioBuffer> => {
        const answer = await fetch(url, { signal });
        if (!answer.ok) throw new Error(String(answer.status));
        return decoder.decodeAudioData(await answer.arrayBuffer());
      };
      this.buffers = await Promise.all(
        this.versions.map(({ url }) => {
          const known = fetched.get(url) ?? decoded(url);
          fetched.set(url, known);
          return known;
        }),
      );
      this.set({ ready: true, durationS: Math.max(...this.buffers.map((buffer) => buffer.duration)) });
      this.follow();
    } catch {
      if (!signal.aborted) this.set({ failed: true });
    }
  }

  /** Must be called by a press: browsers let nothing sound before one. */
  async play(): Promise<void> {
    if (!this.state.ready || this.state.playing) return;
    this.context ??= new AudioContext();
    await this.context.resume();
    const context = this.context;
    if (this.offsetS >= this.state.durationS - 0.05) this.offsetS = 0;
    const at = context.currentTime + 0.06; // by then everything is connected
    this.faders = this.buffers.map((_, version) => {
      const fader = new GainNode(context, { gain: version === this.state.heard ? this.gain(version) : 0 });
      fader.connect(context.destination);
      return fader;
    });
    this.sources = this.buffers.map((buffer, version) => {
      const source = new AudioBufferSourceNode(context, { buffer });
      const fader = this.faders[version];
      const { stages, regions } = this.versions[version] ?? {};
      const own = regions ? new GainNode(context) : fader;
      if (regions && own && fader) {
        own.connect(fader);
        this.paths[version] = { own, regions: [] };
      }
      if (own && stages) stages.connect(source, own);
      else if (own) source.connect(own);
      source.start(at, Math.min(this.offsetS, buffer.duration));
      return source;
    });
    this.startedAt = at;
    this.set({ playing: true });
    this.versions.forEach((_, version) => this.placeRegions(version));
    this.follow();
    requestAnimationFrame(this.tick);
  }

  pause(): void {
    if (!this.state.playing) return;
    this.offsetS = this.now();
    for (const source of this.sources) source.stop();
    for (const path of this.paths) for (const { source } of path?.regions ?? []) source.stop();
    this.sources = [];
    this.paths = [];
    this.set({ playing: false, positionS: this.offsetS });
  }

  seek(positionS: number): void {
    const wasPlaying = this.state.playing;
    this.pause();
    this.offsetS = Math.min(Math.max(0, positionS), this.state.durationS);
    this.set({ positionS: this.offsetS });
    if (wasPlaying) void this.play();
    else this.follow();
  }

  listenTo(version: number): void {
    const now = this.context?.currentTime ?? 0;
    this.faders.forEach((fader, other) => {
      fader.gain.cancelScheduledValues(now);
      fader.gain.setValueAtTime(fader.gain.value, now);
      fader.gain.linearRampToValueAtTime(other === version ? this.gain(other) : 0, now + FADE_S);
    });
    this.set({ heard: version });
    this.follow();
  }

  close(): void {
    this.pause();
    for (const stop of this.unsubscribe) stop();
    for (const { regions } of this.versions) regions?.close();
    void this.context?.close();
    this.context = null;
  }

  private gain(version: number): number {
    return this.gainOf(this.versions[version]?.lufs);
  }

  /** Of a sound of this loudness, so that it is as loud as the quietest of the versions. */
  private gainOf(own: number | null | undefined): number {
    const known = this.versions.flatMap(({ lufs }) => (typeof lufs === "number" ? [lufs] : []));
    return typeof own === "number" && known.length ? 10 ** ((Math.min(...known) - own) / 20) : 1;
  }

  private onRegions(version: number, cause: "style" | "regions"): void {
    // Whoever changes a sound wants to hear that one.
    if (cause === "style" && this.state.heard !== version) this.listenTo(version);
    if (this.versions[version]?.regions?.regions !== this.paths[version]?.placed) this.placeRegions(version);
    this.follow();
  }

  private follow(): void {
    const { heard, ready, durationS, playing } = this.state;
    const regions = this.versions[heard]?.regions;
    if (regions && ready) regions.follow(playing ? this.now() : this.offsetS, durationS);
    const shown = {
      regions: regions?.regions ?? NONE,
      waiting: regions?.waiting ?? false,
      regionsFailed: regions?.failed ?? false,
    };
    const { state } = this;
    if (
      shown.regions !== state.regions ||
      shown.waiting !== state.waiting ||
      shown.regionsFailed !== state.regionsFailed
    )
      this.set(shown);
  }

  /** Lets the regions that there are now be heard from here on; what was heard of them fades out. */
  private placeRegions(version: number): void {
    const context = this.context;
    const path = this.paths[version];
    const fader = this.faders[version];
    if (!context || !path || !fader || !this.state.playing) return;
    const from = Math.max(context.currentTime + 0.02, this.startedAt);
    const fadeS = from === this.startedAt ? 0 : FADE_S; // nothing is heard before
    const all = this.versions[version]?.regions?.regions ?? [];
    path.placed = all;
    for (const { source, gain } of path.regions) {
      fade(gain.gain, from, 0);
      source.stop(from + FADE_S);
    }
    const at = (positionS: number) => this.startedAt + positionS - this.offsetS;
    const there = all.filter(({ endS }) => at(endS) > from + OVERLAP_S);
    path.regions = there.map(({ startS, endS, buffer, lufs }) => {
      const source = new AudioBufferSourceNode(context, { buffer });
      const gain = new GainNode(context, { gain: 0 });
      source.connect(gain).connect(fader);
      const begins = Math.max(from, at(startS));
      source.start(begins, begins - at(startS));
      const full = this.gainOf(lufs) / this.gain(version);
      fade(gain.gain, begins, full, begins > from ? OVERLAP_S : fadeS);
      if (endS < this.state.durationS - OVERLAP_S) fade(gain.gain, at(endS) - OVERLAP_S, 0, OVERLAP_S, full);
      return { source, gain };
    });
    const { gain } = path.own;
    const covered = united(there.map(({ startS, endS }) => [at(startS), at(endS)]));
    fade(gain, from, covered.some(([begin]) => begin <= from) ? 0 : 1, fadeS);
    for (const [begin, end] of covered) {
      if (begin > from) fade(gain, begin, 0, OVERLAP_S, 1);
      fade(gain, end - OVERLAP_S, 1, OVERLAP_S, 0);
    }
  }

  private now(): number {
    const played = this.context ? Math.max(0, this.context.currentTime - this.startedAt) : 0;
    return Math.min(this.state.durationS, this.offsetS + played);
  }

  private readonly tick = (): void => {
    if (!this.state.playing) return;
    const positionS = this.now();
    if (positionS >= this.state.durationS) {
      this.pause();
      this.offsetS = 0;
      this.set({ positionS: 0 });
      return;
    }
    this.set({ positionS });
    this.follow();
    requestAnimationFrame(this.tick);
  };

  private set(change: Partial<PlayerState>): void {
    this.state = { ...this.state, ...change };
    for (const tell of this.listeners) tell();
  }
}

/** To `value` from `at` on. `was`: what it is until then, where something else has been planned before. */
function fade(param: AudioParam, at: number, value: number, lengthS = FADE_S, was?: number): void {
  if (was === undefined) {
    param.cancelScheduledValues(0);
    param.setValueAtTime(param.value, at);
  } else param.setValueAtTime(was, at);
  param.linearRampToValueAtTime(value, at + lengthS);
}

/** Intervals, in order, where those that overlap are one. */
export function united(intervals: readonly (readonly [number, number])[]): [number, number][] {
  const whole: [number, number][] = [];
  for (const [begin, end] of intervals) {
    const last = whole.at(-1);
    if (last && begin <= last[1]) last[1] = Math.max(last[1], end);
    else whole.push([begin, end]);
  }
  return whole;
}
