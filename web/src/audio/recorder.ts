// The microphone: a take as a file, with its level while it is made.

export type Obstacle = "missing" | "refused" | "unusable" | "insecure";

export class CannotRecord extends Error {
  constructor(readonly obstacle: Obstacle) {
    super(obstacle);
  }
}

export interface Level {
  /** Loudness from 0 (−60 dBFS RMS or less) to 1 (full scale). */
  loudness: number;
  clipped: boolean;
  elapsedS: number;
}

const OBSTACLES: Record<string, Obstacle> = {
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotAllowedError: "refused",
  SecurityError: "refused",
};
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const LONGEST_S = 120;
const CLIPPED = 0.98;

export interface Take {
  stop: () => void;
  /** Nothing is kept. */
  drop: () => void;
  file: Promise<File | null>;
}

/** Asks for the microphone and records until it is stopped, unplugged, or two minutes have gone. */
export async function record(tell: (level: Level) => void, signal: AbortSignal): Promise<Take> {
  if (!window.isSecureContext) throw new CannotRecord("insecure");
  if (!("mediaDevices" in navigator) || !("MediaRecorder" in window)) throw new CannotRecord("unusable");
  let stream: MediaStream;
  try {
    // As it sounds: what cleans up speech takes a hummed tune for noise.
    const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    stream = await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    throw new CannotRecord(OBSTACLES[(error as DOMException).name] ?? "unusable");
  }
  if (signal.aborted) {
    for (const track of stream.getTracks()) track.stop();
    throw new CannotRecord("unusable");
  }
  return take(stream, tell);
}

function take(stream: MediaStream, tell: (level: Level) => void): Take {
  const mimeType = TYPES.find((known) => MediaRecorder.isTypeSupported(known));
  const recorder = new MediaRecorder(stream, mimeType ? { mimeType, audioBitsPerSecond: 128_000 } : {});
  const stop = (): void => {
    if (recorder.state !== "inactive") recorder.stop();
  };
  const closeMeter = meter(stream, tell, stop);
  const chunks: Blob[] = [];
  let dropped = false;
  const file = new Promise<File | null>((resolve) => {
    recorder.ondataavailable = (event) => chunks.push(event.data);
    recorder.onstop = () => {
      closeMeter();
      for (const track of stream.getTracks()) track.stop();
      const type = recorder.mimeType.split(";")[0] ?? "audio/webm";
      const name = `recording.${type.includes("mp4") ? "m4a" : (type.split("/")[1] ?? "webm")}`;
      const made = new File(chunks, name, { type });
      resolve(dropped || made.size === 0 ? null : made);
    };
  });
  stream.getAudioTracks()[0]?.addEventListener("ended", stop); // unplugged: what was recorded stays
  recorder.start(1000);
  return {
    stop,
    drop() {
      dropped = true;
      stop();
    },
    file,
  };
}

function meter(stream: MediaStream, tell: (level: Level) => void, stop: () => void): () => void {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const started = performance.now();
  let frame = requestAnimationFrame(look);

  function look(now: number): void {
    analyser.getFloatTimeDomainData(samples);
    let peak = 0;
    let energy = 0;
    for (const sample of samples) {
      peak = Math.max(peak, Math.abs(sample));
      energy += sample * sample;
    }
    const rmsDbfs = 10 * Math.log10(energy / samples.length + 1e-12);
    const elapsedS = Math.max(0, (now - started) / 1000);
    tell({ loudness: Math.min(1, Math.max(0, 1 + rmsDbfs / 60)), clipped: peak > CLIPPED, elapsedS });
    if (elapsedS > LONGEST_S) stop();
    else frame = requestAnimationFrame(look);
  }

  return () => {
    cancelAnimationFrame(frame);
    void context.close();
  };
}
