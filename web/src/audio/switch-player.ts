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
  /** Its loudness from time to time, LUFS: its picture where its samples are not at hand. */
  loudness?: readonly (number | null)[] | undefined;
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

/** A sound whose samples are all in memory, or one too long for that, which is played as it arrives. */
type Sound = { buffer: AudioBuffer } | Stream;
interface Stream {
  element: HTMLAudioElement;
  node?: MediaElementAudioSourceNode;
}

/** Of a file whose samples are kept in memory: ten minutes of a preview, whose samples take fifteen times as much. */
const MAX_DECODED_BYTES = 15e6;
const LEAD_S = 0.06; // until everything is connected
const TOGETHER_S = 0.05; // sounds further apart than this are brought together when another one is listened to
const FADE_S = 0.012;
const NONE: PlayerState["regions"] = [];

export class SwitchPlayer {
  private context: AudioContext | null = null;
  private sounds: Sound[] = [];
  private sources: AudioBufferSourceNode[] = [];
  private faders: GainNode[] = [];
  private paths: (Path | undefined)[] = [];
  private unsubscribe: (() => void)[] = [];
  private startedAt = 0;
  /** Counts what was asked for: a beginning that waits for its streams is overtaken by what comes after it. */
  private turn = 0;
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
    private versions: readonly Version[],
    first: number,
  ) {
    this.state.heard = first;
  }

  readonly subscribe = (tell: () => void): (() => void) => {
    this.listeners.add(tell);
    return () => this.listeners.delete(tell);
  };

  readonly snapshot = (): PlayerState => this.state;

  /** The same versions with signed addresses that are valid for longer. */
  renew(versions: readonly Version[]): void {
    this.versions = versions;
  }

  buffer(version: number): AudioBuffer | undefined {
    const sound = this.sounds[version];
    return sound && "buffer" in sound ? sound.buffer : undefined;
  }

  async load(signal: AbortSignal): Promise<void> {
    this.unsubscribe = this.versions.flatMap(({ regions }, version) =>
      regions ? [regions.subscribe((cause) => this.onRegions(version, cause))] : [],
    );
    try {
      const fetched = new Map<string, Promise<AudioBuffer | null>>();
      this.sounds = await Promise.all(
        this.versions.map(async ({ url }): Promise<Sound> => {
          const known = fetched.get(url) ?? decoded(url, signal);
          fetched.set(url, known);
          const buffer = await known;
          return buffer ? { buffer } : { element: await opened(url, signal) };
        }),
      );
      this.set({ ready: true, durationS: Math.max(...this.sounds.map(lengthS)) });
      this.follow();
    } catch {
      if (!signal.aborted) this.set({ failed: true });
    }
  }

  /** Must be called by a press: browsers let nothing sound before one. */
  async play(): Promise<void> {
    if (!this.state.ready || this.state.playing) return;
    this.context ??= new AudioContext();
    const context = this.context;
    if (this.offsetS >= this.state.durationS - 0.05) this.offsetS = 0;
    this.startedAt = Infinity;
    this.turn += 1;
    const { turn } = this;
    this.set({ playing: true });
    // Streams begin before anything is waited for: afterwards it is no longer the press that plays them.
    const streams = this.streams.filter(({ element }) => !(element.duration <= this.offsetS)); // NaN: not known yet
    const begun = streams.map(({ element }) => {
      element.currentTime = this.offsetS;
      return element.play();
    });
    try {
      await Promise.all([context.resume(), ...begun]);
    } catch {
      if (turn === this.turn) this.recover();
      return;
    }
    if (turn !== this.turn) return;
    const at = context.currentTime + LEAD_S;
    // Streams are under way by now, and the others join them.
    if (streams[0]) this.offsetS = streams[0].element.currentTime + LEAD_S;
    this.faders = this.sounds.map((_, version) => {
      const fader = new GainNode(context, { gain: version === this.state.heard ? this.gain(version) : 0 });
      fader.connect(context.destination);
      return fader;
    });
    this.sources = this.sounds.flatMap((sound, version) => {
      if ("element" in sound) {
        sound.node ??= context.createMediaElementSource(sound.element);
        sound.node.disconnect();
        this.route(sound.node, version);
        return [];
      }
      const source = new AudioBufferSourceNode(context, { buffer: sound.buffer });
      this.route(source, version);
      source.start(at, Math.min(this.offsetS, sound.buffer.duration));
      return source;
    });
    this.startedAt = at;
    this.versions.forEach((_, version) => this.placeRegions(version));
    this.follow();
    requestAnimationFrame(this.tick);
  }

  /** From a source to the version's fader: through its stages, and beside its regions. */
  private route(source: AudioNode, version: number): void {
    const fader = this.faders[version];
    const { stages, regions } = this.versions[version] ?? {};
    const own = regions ? new GainNode(source.context) : fader;
    if (!own || !fader) return;
    if (regions) {
      own.connect(fader);
      this.paths[version] = { own, regions: [] };
    }
    if (stages) stages.connect(source, own);
    else source.connect(own);
  }

  pause(): void {
    if (!this.state.playing) return;
    this.turn += 1;
    this.offsetS = this.now();
    for (const source of this.sources) source.stop();
    for (const { element } of this.streams) element.pause();
    for (const path of this.paths) for (const { source } of path?.regions ?? []) source.stop();
    this.sources = [];
    this.paths = [];
    this.set({ playing: false, positionS: this.offsetS });
  }

  /** Goes on with newer addresses where streams have ended for theirs being too old. */
  private recover(): void {
    this.pause();
    const ended = this.sounds.flatMap((sound, version) =>
      "element" in sound && sound.element.error
        ? [{ element: sound.element, url: this.versions[version]?.url }]
        : [],
    );
    if (ended.length === 0) return; // nothing but the permission to play was missing
    if (ended.some(({ element, url }) => !url || element.src === url)) {
      this.set({ failed: true });
      return;
    }
    for (const { element, url } of ended) element.src = url ?? "";
    void this.play();
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
    const positionS = this.now();
    const now = this.context?.currentTime ?? 0;
    this.faders.forEach((fader, other) => {
      fader.gain.cancelScheduledValues(now);
      fader.gain.setValueAtTime(fader.gain.value, now);
      fader.gain.linearRampToValueAtTime(other === version ? this.gain(other) : 0, now + FADE_S);
    });
    this.set({ heard: version });
    if (this.state.playing && Math.abs(this.now() - positionS) > TOGETHER_S) this.seek(positionS);
    else this.follow();
  }

  close(): void {
    this.pause();
    for (const stop of this.unsubscribe) stop();
    for (const { regions } of this.versions) regions?.close();
    for (const { element } of this.streams) unload(element);
    void this.context?.close();
    this.context = null;
  }

  private get streams(): Stream[] {
    return this.sounds.filter((sound) => "element" in sound);
  }

  /** The stream that a version is, where it is one. */
  private streamOf(version: number): HTMLAudioElement | undefined {
    const sound = this.sounds[version];
    return sound && "element" in sound ? sound.element : undefined;
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
    const stream = this.streamOf(version);
    const beganAt = stream ? context.currentTime - stream.currentTime : this.startedAt - this.offsetS;
    const at = (positionS: number) => beganAt + positionS;
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
    const stream = this.state.playing ? this.streamOf(this.state.heard) : undefined;
    if (stream && !stream.paused && !stream.ended) return stream.currentTime;
    const played = this.context ? Math.max(0, this.context.currentTime - this.startedAt) : 0;
    return Math.min(this.state.durationS, this.offsetS + played);
  }

  private readonly tick = (): void => {
    if (!this.state.playing) return;
    if (this.streams.some(({ element }) => element.error)) {
      this.recover();
      return;
    }
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

/** The samples of a sound; null where they would be too many. */
async function decoded(url: string, signal: AbortSignal): Promise<AudioBuffer | null> {
  const enough = new AbortController();
  signal.addEventListener("abort", () => enough.abort());
  const answer = await fetch(url, { signal: enough.signal });
  if (!answer.ok) throw new Error(String(answer.status));
  if (Number(answer.headers.get("Content-Length")) > MAX_DECODED_BYTES) {
    enough.abort();
    return null;
  }
  // Decoding needs no permission to play, and resamples to what the device plays.
  return new OfflineAudioContext(1, 1, 48_000).decodeAudioData(await answer.arrayBuffer());
}

/** A sound of which as much is fetched as is needed to begin. */
function opened(url: string, signal: AbortSignal): Promise<HTMLAudioElement> {
  const element = new Audio();
  element.crossOrigin = "anonymous"; // otherwise Web Audio gets silence
  element.src = url;
  return new Promise((resolve, reject) => {
    element.addEventListener("loadedmetadata", () => resolve(element), { once: true });
    element.addEventListener("error", () => reject(new Error("unplayable")), { once: true });
    signal.addEventListener("abort", () => {
      unload(element);
      reject(new Error("aborted"));
    });
  });
}

/** Ends what an element fetches. */
function unload(element: HTMLAudioElement): void {
  element.pause();
  element.removeAttribute("src");
  element.load();
}

const lengthS = (sound: Sound): number =>
  "buffer" in sound ? sound.buffer.duration : sound.element.duration;

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
