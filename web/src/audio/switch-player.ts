// Several versions of one sound, played together, of which one is heard: switching is a cross-fade at the same place
// and, where their loudness is known, at the same loudness.

import type { LinearStages } from "./linear-stages";

export interface Version {
  label: string;
  url: string;
  /** What the sound goes through on its way, changed while it plays. */
  stages?: LinearStages;
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
}

const FADE_S = 0.012;

export class SwitchPlayer {
  private context: AudioContext | null = null;
  private buffers: AudioBuffer[] = [];
  private sources: AudioBufferSourceNode[] = [];
  private faders: GainNode[] = [];
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
    const at = context.currentTime + 0.03;
    this.faders = this.buffers.map((_, version) => {
      const fader = new GainNode(context, { gain: version === this.state.heard ? this.gain(version) : 0 });
      fader.connect(context.destination);
      return fader;
    });
    this.sources = this.buffers.map((buffer, version) => {
      const source = new AudioBufferSourceNode(context, { buffer });
      const fader = this.faders[version];
      const stages = this.versions[version]?.stages;
      if (fader && stages) stages.connect(source, fader);
      else if (fader) source.connect(fader);
      source.start(at, Math.min(this.offsetS, buffer.duration));
      return source;
    });
    this.startedAt = at;
    this.set({ playing: true });
    requestAnimationFrame(this.tick);
  }

  pause(): void {
    if (!this.state.playing) return;
    this.offsetS = this.now();
    for (const source of this.sources) source.stop();
    this.sources = [];
    this.set({ playing: false, positionS: this.offsetS });
  }

  seek(positionS: number): void {
    const wasPlaying = this.state.playing;
    this.pause();
    this.offsetS = Math.min(Math.max(0, positionS), this.state.durationS);
    this.set({ positionS: this.offsetS });
    if (wasPlaying) void this.play();
  }

  listenTo(version: number): void {
    const now = this.context?.currentTime ?? 0;
    this.faders.forEach((fader, other) => {
      fader.gain.cancelScheduledValues(now);
      fader.gain.setValueAtTime(fader.gain.value, now);
      fader.gain.linearRampToValueAtTime(other === version ? this.gain(other) : 0, now + FADE_S);
    });
    this.set({ heard: version });
  }

  close(): void {
    this.pause();
    void this.context?.close();
    this.context = null;
  }

  private gain(version: number): number {
    const known = this.versions.flatMap(({ lufs }) => (typeof lufs === "number" ? [lufs] : []));
    const own = this.versions[version]?.lufs;
    return typeof own === "number" ? 10 ** ((Math.min(...known) - own) / 20) : 1;
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
    requestAnimationFrame(this.tick);
  };

  private set(change: Partial<PlayerState>): void {
    this.state = { ...this.state, ...change };
    for (const tell of this.listeners) tell();
  }
}
