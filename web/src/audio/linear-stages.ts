// What of a style is linear, at once and in the browser: equaliser, width, gain. A change builds a new chain and
// fades over to it, so that no filter jumps.

import type { Schemas } from "../api/client";
import { type Band, responseDb, scaled, section } from "./biquads";

export type Style = Schemas["StyleParams"];
export type Spectrum = { f_hz: number[]; mid_db: number[] };

export interface Linear {
  bands: Band[];
  width: number;
  sideBands: Band[];
  /** Brings the sound back to the loudness that it had. */
  gainDb: number;
}

const FADE_S = 0.02;
const RATE_HZ = 48_000;

export function linearOf(style: Style, spectrum: Spectrum | undefined): Linear {
  const { amounts, stereo, eq } = style;
  const bands = scaled(eq, amounts.eq);
  const much = amounts.stereo;
  return {
    bands,
    width: 1 + ((stereo?.width ?? 1) - 1) * much,
    sideBands: scaled(stereo?.side_eq ?? [], much),
    gainDb: spectrum ? -louderDb(bands, spectrum) : 0,
  };
}

/** How much louder these bands make a sound of this mean spectrum, in dB. */
export function louderDb(bands: readonly Band[], { f_hz, mid_db }: Spectrum): number {
  let before = 0;
  let after = 0;
  f_hz.forEach((f, at) => {
    if (f < 100 || f > 16_000) return; // where K-weighted loudness has next to nothing, and most of it
    const width = (f_hz[at + 1] ?? f) - f;
    const power = 10 ** ((mid_db[at] ?? -200) / 10) * width;
    before += power;
    after += power * 10 ** (responseDb(bands, f, RATE_HZ) / 10);
  });
  return before > 0 ? 10 * Math.log10(after / before) : 0;
}

export class LinearStages {
  private input: GainNode | null = null;
  private output: AudioNode | null = null;
  private current: { entry: GainNode; fader: GainNode } | null = null;

  constructor(private params: Linear) {}

  /** Between a source and what comes behind it. */
  connect(source: AudioNode, destination: AudioNode): void {
    this.input = new GainNode(source.context);
    this.output = destination;
    this.current = null;
    source.connect(this.input);
    this.rebuild();
  }

  /** Returns whether it sounds different now. */
  set(params: Linear): boolean {
    const changed = JSON.stringify(params) !== JSON.stringify(this.params);
    this.params = params;
    if (changed) this.rebuild();
    return changed;
  }

  private rebuild(): void {
    const { params } = this;
    const { input, output, current } = this;
    if (!input || !output) return;
    const now = input.context.currentTime;
    const next = build(input.context, params);
    next.fader.gain.setValueAtTime(current ? 0 : 1, now);
    next.fader.gain.linearRampToValueAtTime(1, now + FADE_S);
    input.connect(next.entry);
    next.fader.connect(output);
    this.current = next;
    if (!current) return;
    current.fader.gain.cancelScheduledValues(now);
    current.fader.gain.setValueAtTime(current.fader.gain.value, now);
    current.fader.gain.linearRampToValueAtTime(0, now + FADE_S);
    setTimeout(
      () => {
        input.disconnect(current.entry);
        current.fader.disconnect();
      },
      1000 * FADE_S * 3,
    );
  }
}

function build(context: BaseAudioContext, { bands, width, sideBands, gainDb }: Linear) {
  const entry = new GainNode(context, {
    gain: 10 ** (gainDb / 20),
    channelCount: 2,
    channelCountMode: "explicit",
  });
  const fader = new GainNode(context);
  const toned = filtered(entry, bands);
  // Left and right become middle and side, the side is changed, and both become left and right again.
  const split = new ChannelSplitterNode(context, { numberOfOutputs: 2 });
  const merge = new ChannelMergerNode(context, { numberOfInputs: 2 });
  toned.connect(split);
  const gain = (value: number) => new GainNode(context, { gain: value });
  const middle = gain(0.5);
  const left = gain(0.5);
  const right = gain(-0.5);
  const side = gain(width);
  split.connect(middle, 0);
  split.connect(middle, 1);
  split.connect(left, 0).connect(side);
  split.connect(right, 1).connect(side);
  const shaped = filtered(side, sideBands);
  const inverted = gain(-1);
  shaped.connect(inverted);
  middle.connect(merge, 0, 0);
  middle.connect(merge, 0, 1);
  shaped.connect(merge, 0, 0);
  inverted.connect(merge, 0, 1);
  merge.connect(fader);
  return { entry, fader };
}

function filtered(source: AudioNode, bands: readonly Band[]): AudioNode {
  return bands.reduce<AudioNode>(
    (before, band) =>
      before.connect(new IIRFilterNode(source.context, section(band, source.context.sampleRate))),
    source,
  );
}
