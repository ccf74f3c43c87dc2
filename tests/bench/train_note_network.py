"""Train the network that finds notes: ``python -m tests.bench.train_note_network [FOLDER] [--epochs N]``.

FOLDER (or ``SOUNDSTAGE_REAL_AUDIO``) holds the recordings of ``tests.bench.music_singers``, which are no part of the
project. The network learns from the singers of part "tune", four times more each at other speeds, with noise, in rooms,
through filters, and with music or another of these singers behind them; and from synthetic hums whose seeds no test
uses. It writes ``note_network.npz`` beside the engine's module, and the F1 of onsets of the singers that each of the
three networks was not trained on. 417 s of CPU.

Annotators put onsets some 25 ms apart from each other's; so each recording's are moved by the median of what lies
between them and the network's own, as soon as it has some.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import scipy.signal
from numpy.typing import NDArray
from tests.bench.music_singers import FOLDER_VARIABLE, Truth, held_out, hits
from tests.fixtures.listening import CONDITIONS, make_hum

from soundstage.arrays import Floats
from soundstage.audio.io import Audio, read_audio
from soundstage.audio.resample import resample
from soundstage.music.listening.note_network import (
    BANDS,
    CHANNELS,
    DILATIONS,
    FEATURES,
    KERNEL,
    WEIGHTS,
    Features,
    Layer,
    NoteFrames,
    frame_times_s,
    layer_input,
    run_network,
)
from soundstage.music.listening.salience import measure_salience
from soundstage.music.listening.transcription import onset_times_s

NETWORKS, HUMS, FIRST_SEED, HUM_S = 3, 140, 20_000, 14.0
# Speeds of the variants of a recording, and what sounds along in each.
VARIANTS = ((1.0, ""), (0.88, ""), (1.13, "room"), (0.94, "singer"), (1.06, "music"))
MUSIC = ("vibe_ace.ogg", "sugar_plum_fairy.ogg", "hungarian_dance_5.ogg")
ONSET_SPREAD_S = 0.02  # of the bell that stands for an onset
BATCH, FRAMES = 32, 256
PEAK_RATE, WARM_UP, DECAY, DROPPED = 2e-3, 50, 2e-2, 0.15
MOMENTUM, SQUARED_MOMENTUM = 0.9, 0.99
SOUNDS_WEIGHT = 0.3  # of the second output beside the first
REALIGNED_AT, MOST_S, NEAR_S = (8, 16), 0.03, 0.08  # epochs; of a recording's onsets
Arrays = list[list[NDArray[np.float32]]]


@dataclass(eq=False)
class Example:
    """One recording: what the network sees, the notes in its frames' time, and from whom it is."""

    name: str
    variant: int
    features: Features
    onset_s: Floats
    offset_s: Floats

    def targets(self, later_s: float) -> NDArray[np.float32]:
        """Bells around onsets, and where notes sound. [frames, 2]"""
        times_s = frame_times_s(len(self.features))[:, None]
        onset_s, offset_s = self.onset_s + later_s, self.offset_s + later_s
        bells = np.exp(-0.5 * ((times_s - onset_s) / ONSET_SPREAD_S) ** 2).max(axis=1)
        return np.column_stack([bells, ((times_s >= onset_s) & (times_s < offset_s)).any(axis=1)]).astype(np.float32)


def singer(folder: Path, path: Path) -> list[Example]:
    """A sight-singer's recording and its variants; of one held out, nothing but the recording."""
    rows = np.loadtxt(path.with_suffix("").with_suffix(".notes.txt")).reshape(-1, 3)
    audio = read_audio(path)
    rng = np.random.default_rng(int.from_bytes(path.stem.encode(), "little") % 2**32)
    found = []
    for variant, (speed, along) in enumerate(VARIANTS):
        mono = audio.mono() if speed == 1.0 else resample(audio.mono(), round(audio.rate_hz * speed), audio.rate_hz)
        if variant:
            mono = disturbed(mono, audio.rate_hz, rng, along, folder)
        voice = measure_salience(mono, audio.rate_hz)
        onset_s, offset_s = (rows[:, column] / speed + voice.start_s for column in (0, 1))
        found.append(Example(path.stem, variant, voice.features, onset_s, offset_s))
        if held_out(path.stem):
            break
    return found


def disturbed(
    mono: NDArray[np.float32], rate_hz: int, rng: np.random.Generator, along: str, folder: Path
) -> NDArray[np.float32]:
    """``mono`` through a filter, with noise, and in a room or with something that sounds along."""
    power = float(np.mean(mono**2))
    wet: Floats = np.convolve(mono, [1.0, rng.uniform(-0.5, 0.5)])[: len(mono)]
    if along == "room":
        time_s = np.arange(rate_hz // 4) / rate_hz
        echoes = rng.normal(size=len(time_s)) * 10 ** (-3 * time_s / rng.uniform(0.2, 0.6))
        echoes *= rng.uniform(0.1, 0.4) / np.sqrt(np.sum(echoes**2))
        wet = scipy.signal.fftconvolve(wet, np.append(1.0, echoes))[: len(mono)]
    elif along:
        singers = [path for path in sorted((folder / "sight-singing").glob("*.flac")) if not held_out(path.stem)]
        others = singers if along == "singer" else [folder / name for name in MUSIC]
        audio = read_audio(others[int(rng.integers(len(others)))])
        other = np.resize(resample(audio.mono()[: 60 * audio.rate_hz], audio.rate_hz, rate_hz), len(mono))
        wet = wet + other * np.sqrt(power * 10 ** (-rng.uniform(8, 24) / 10) / max(float(np.mean(other**2)), 1e-9))
    noise = rng.normal(0, np.sqrt(power) * 10 ** (-rng.uniform(18, 45) / 20), len(mono))
    return np.asarray(wet + noise, np.float32)


def hum(number: int) -> list[Example]:
    """A synthetic hum, in any condition."""
    kinds, condition = ("random", "tune", "tune"), list(CONDITIONS)[number // 5 % len(CONDITIONS)]
    made = make_hum(FIRST_SEED + number, condition, kinds[number % 3], max_duration_s=HUM_S)
    audio: Audio = made.audio
    voice = measure_salience(audio.mono(), audio.rate_hz)
    onset_s, offset_s = (np.array([getattr(note, at) for note in made.notes]) for at in ("onset_s", "offset_s"))
    return [Example(f"hum {number}", 0, voice.features, onset_s + voice.start_s, offset_s + voice.start_s)]


def train(examples: list[Example], epochs: int, seed: int) -> list[Layer]:
    """A network trained on ``examples``, by Adam with decoupled decay of weights and a rate that falls as a cosine."""
    rng = np.random.default_rng(seed)
    inputs = [FEATURES, *[CHANNELS] * len(DILATIONS)]
    sizes = [(KERNEL * count, CHANNELS) for count in inputs[:-1]] + [(CHANNELS, 2)]
    network: Arrays = [
        [rng.normal(0, np.sqrt(2 / size[0]), size).astype(np.float32), np.zeros(size[1], np.float32)] for size in sizes
    ]
    network[-1][0] *= 0.25
    first, second = ([[np.zeros_like(part) for part in layer] for layer in network] for _ in range(2))
    targets = [example.targets(0.0) for example in examples]
    shares = np.array([len(example.features) for example in examples], np.float64)
    shares /= shares.sum()
    plain_frames = sum(len(example.features) for example in examples if not example.variant)
    steps = max(1, 2 * plain_frames // (BATCH * FRAMES))
    for step in range(1, epochs * steps + 1):
        if step % steps == 0 and step // steps in REALIGNED_AT:
            targets = realigned(network, examples)
        chosen = rng.choice(len(examples), BATCH, p=shares)
        sound, wanted = batch([(examples[i].features, targets[i]) for i in chosen], rng)
        slopes = gradient(network, sound, wanted, rng)
        rate = PEAK_RATE * min(1.0, step / WARM_UP) * 0.5 * (1 + np.cos(np.pi * step / (epochs * steps)))
        for layer, layer_slopes, mean, square in zip(network, slopes, first, second, strict=True):
            for part, slope in enumerate(layer_slopes):
                mean[part] += (1 - MOMENTUM) * (slope - mean[part])
                square[part] += (1 - SQUARED_MOMENTUM) * (slope**2 - square[part])
                unbiased = mean[part] / (1 - MOMENTUM**step)
                spread = np.sqrt(square[part] / (1 - SQUARED_MOMENTUM**step)) + 1e-8
                decay = DECAY * layer[part] if part == 0 else 0.0
                layer[part] -= np.asarray(rate * (unbiased / spread + decay), np.float32)
    return [(weights, bias) for weights, bias in network]


def batch(
    chosen: list[tuple[Features, NDArray[np.float32]]], rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Random stretches, their bands moved, coloured and compressed at random."""
    sound, wanted = np.zeros((BATCH, FRAMES, FEATURES), np.float32), np.zeros((BATCH, FRAMES, 2), np.float32)
    for row, (features, targets) in enumerate(chosen):
        start = int(rng.integers(max(1, len(features) - FRAMES + 1)))
        stretch = features[start : start + FRAMES]
        sound[row, : len(stretch)], wanted[row, : len(stretch)] = stretch, targets[start : start + FRAMES]
    bands = sound[:, :, :BANDS]
    bands[:] = np.roll(bands, int(rng.integers(-2, 3)), axis=2)
    bands += rng.normal(0, 0.15, (BATCH, 1, BANDS))
    bands *= rng.uniform(0.8, 1.2, (BATCH, 1, 1))
    return sound, wanted


def gradient(
    network: Arrays, sound: NDArray[np.float32], wanted: NDArray[np.float32], rng: np.random.Generator
) -> Arrays:
    """Slopes of the cross-entropy, by back-propagation, with channels dropped at random."""
    seen, active, residual = [], [], []
    signal = sound
    for (weights, bias), dilation in zip(network[:-1], DILATIONS, strict=True):
        seen.append(layer_input(signal, dilation))
        activated = seen[-1] @ weights + bias
        kept = rng.random((BATCH, 1, CHANNELS)) > DROPPED
        active.append(((activated > 0) & kept).astype(np.float32) / np.float32(1 - DROPPED))
        activated *= active[-1]
        residual.append(activated.shape == signal.shape)
        signal = activated + signal if residual[-1] else activated
    weights, bias = network[-1]
    probability = 1 / (1 + np.exp(-(signal @ weights + bias)))
    error = (probability - wanted) * np.array([1.0, SOUNDS_WEIGHT], np.float32) / np.float32(BATCH * FRAMES / 10)
    slopes: Arrays = [[np.tensordot(signal, error, ((0, 1), (0, 1))), error.sum(axis=(0, 1))]]
    back = error @ weights.T
    for i in reversed(range(len(DILATIONS))):
        weights, reach = network[i][0], KERNEL // 2 * DILATIONS[i]
        local = (back * active[i]).reshape(-1, CHANNELS)
        slopes.insert(0, [seen[i].reshape(-1, seen[i].shape[2]).T @ local, local.sum(axis=0)])
        if i == 0:
            break
        parts = np.split((local @ weights.T).reshape(BATCH, FRAMES, -1), KERNEL, axis=2)
        padded = np.zeros((BATCH, FRAMES + 2 * reach, CHANNELS), np.float32)
        for step, part in enumerate(parts):
            padded[:, step * DILATIONS[i] : step * DILATIONS[i] + FRAMES] += part
        inner = padded[:, reach : reach + FRAMES]
        back = inner + back if residual[i] else inner
    return slopes


def heard_onsets_s(network: Sequence[Sequence[NDArray[np.float32]]], example: Example) -> Floats:
    outputs = run_network([(weights, bias) for weights, bias in network], example.features).astype(np.float64)
    return np.array(onset_times_s(NoteFrames(outputs[:, 0], outputs[:, 1])))


def realigned(network: Arrays, examples: list[Example]) -> list[NDArray[np.float32]]:
    """Targets with each recording's onsets moved to where the network hears them, as far as all of them are not."""
    later_s = {}
    for example in examples:
        if example.variant == 0 and len(heard := heard_onsets_s(network, example)):
            apart = [heard[np.argmin(np.abs(heard - onset_s))] - onset_s for onset_s in example.onset_s]
            later_s[example.name] = float(np.median([s for s in apart if abs(s) < NEAR_S] or [0.0]))
    usual_s = float(np.mean(list(later_s.values())))
    moves = [float(np.clip(later_s.get(e.name, usual_s) - usual_s, -MOST_S, MOST_S)) for e in examples]
    return [example.targets(move) for example, move in zip(examples, moves, strict=True)]


def onset_f1(network: list[Layer], examples: list[Example]) -> float:
    return float(
        np.mean(
            [
                hits(heard, heard, Truth(e.onset_s, e.offset_s, e.onset_s), pitches=False)
                for e in examples
                if len(heard := heard_onsets_s(network, e))
            ]
        )
    )


def fold(examples: list[Example], epochs: int, number: int) -> list[Layer]:
    """The network that is not trained on every third singer from ``number`` on."""
    names = sorted({e.name for e in examples if not held_out(e.name)})
    left_out = set(names[number::NETWORKS])
    network = train([e for e in examples if e.name in set(names) - left_out], epochs, number)
    for what in ("hum", ""):
        unknown = [
            e for e in examples if e.name in left_out and not e.variant and e.name.startswith("hum") == bool(what)
        ]
        f1 = onset_f1(network, unknown)
        text = f"network {number}: onset F1 of {len(unknown)} {what or 'singer'}s not trained on {f1:.3f}"
        print(text, flush=True)  # noqa: T201
    return network


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.train_note_network")
    parser.add_argument("folder", nargs="?", default=os.environ.get(FOLDER_VARIABLE))
    parser.add_argument("--epochs", type=int, default=24)
    args = parser.parse_args(arguments)
    if not args.folder or not (folder := Path(args.folder)).is_dir():
        print(f"There are no real recordings: name their folder, or set {FOLDER_VARIABLE}.")  # noqa: T201
        return 0
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    paths = [path for path in sorted((folder / "sight-singing").glob("*.flac")) if not held_out(path.stem)]
    with ProcessPoolExecutor(2) as workers:
        made = [*workers.map(partial(singer, folder), paths), *workers.map(hum, range(HUMS))]
        examples = [example for some in made for example in some]
        networks = list(workers.map(partial(fold, examples, args.epochs), range(NETWORKS)))
    arrays: dict[str, Any] = {}
    for n, network in enumerate(networks):
        for i, (weights, bias) in enumerate(network):
            arrays |= {f"weights_{n}_{i}": weights.astype(np.float16), f"bias_{n}_{i}": bias.astype(np.float16)}
    np.savez_compressed(WEIGHTS, **arrays)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
