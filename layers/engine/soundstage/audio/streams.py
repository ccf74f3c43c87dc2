"""Recordings as streams of blocks: readers of files, objects and arrays, writers, and a spool on disk between passes.

Blocks are float32 [frames, channels], full scale ±1.
"""

import io
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
import soundfile

from soundstage import compiled
from soundstage.arrays import READ_FRAMES, Samples
from soundstage.audio.io import INTEGERS, UNCODED, Audio, AudioReader, quantised, read_frames
from soundstage.media.containers import WAV, container_of
from soundstage.models.errors import MediaRejected


class Reader(Protocol):
    """A recording that can be read more than once."""

    @property
    def rate_hz(self) -> int: ...

    @property
    def channels(self) -> int: ...

    def blocks(self, start_frame: int = 0) -> Iterator[Samples]:
        """All of it from ``start_frame`` on, or nothing where that lies beyond its end."""
        ...


class Writer(Protocol):
    """A place for a recording. ``begin`` may be called again: what was written before it is forgotten."""

    def begin(self, rate_hz: int, channels: int) -> None: ...

    def write(self, samples: Samples) -> None: ...

    def end(self) -> None: ...


class FileReader:
    """A sound file that can be read more than once. ``frames`` is what its header says, ``tags`` title and such;
    ``uncoded`` says whether it holds plain samples, which are read again as quickly as a spool is.

    Raises:
        MediaRejected: see ``audio.io.AudioReader``; and NOT_FINITE while reading.
        DependencyUnavailable: the file needs ffmpeg and there is none.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with AudioReader(path) as reader:
            self.rate_hz, self.channels, self.frames = reader.rate_hz, reader.channels, reader.frames
            self.tags = reader.tags
            self.uncoded = reader.decoder == "libsndfile" and reader.codec in UNCODED

    def blocks(self, start_frame: int = 0) -> Iterator[Samples]:
        with AudioReader(self._path) as reader:
            if start_frame:
                reader.skip(start_frame)
            finite = reader.decoder == "libsndfile" and reader.codec in INTEGERS
            for block in reader.blocks():
                yield block if finite else _checked(block)


class StreamReader:
    """A WAV file behind a seekable stream, such as an object in a bucket: what is not asked for is not read.

    Raises:
        MediaRejected: FILE_CORRUPT, or NOT_FINITE while reading. What the stream raises comes as it is.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = _KeepsItsError(stream)
        try:
            self._file = soundfile.SoundFile(self._stream)
        except soundfile.LibsndfileError as error:
            self._stream.check()
            raise MediaRejected("FILE_CORRUPT") from error
        self.rate_hz, self.channels = int(self._file.samplerate), int(self._file.channels)
        self.frames = int(self._file.frames)

    def blocks(self, start_frame: int = 0) -> Iterator[Samples]:
        self._file.seek(min(start_frame, self.frames))
        while len(block := read_frames(self._file, READ_FRAMES)):
            self._stream.check()
            yield _checked(block)
        self._stream.check()


class _KeepsItsError:
    """A stream for libsndfile, to which an exception is the end of the file: whoever reads calls ``check`` afterwards.

    Seeking is put off until something is read: libsndfile asks for the length by seeking to the end and back, at which
    a stream would drop what it has read ahead.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._size = stream.seek(0, io.SEEK_END)
        self._at = 0
        self._error: Exception | None = None

    def seek(self, offset: int, whence: int) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, count: int) -> bytes:
        try:
            self._stream.seek(self._at)
            content = self._stream.read(count)
        except Exception as error:
            self._error = error
            return b""
        self._at += len(content)
        return content

    def check(self) -> None:
        if self._error:
            raise self._error


def _checked(block: Samples) -> Samples:
    # A sum is finite only if every term is, and costs one pass without a temporary.
    if not np.isfinite(block.sum()):
        raise MediaRejected("NOT_FINITE")
    return block


class MemoryReader:
    """A recording in memory."""

    uncoded = True

    def __init__(self, audio: Audio) -> None:
        self.rate_hz, self.channels, self.frames = audio.rate_hz, audio.channels, audio.frames
        self._samples = audio.samples

    def blocks(self, start_frame: int = 0) -> Iterator[Samples]:
        for start in range(start_frame, len(self._samples), READ_FRAMES):
            yield self._samples[start : start + READ_FRAMES]


class FileWriter:
    """A sound file that appears whole, with ``end``, or not at all: as a context it leaves nothing half-written behind.

    24 bits are rounded here: libsndfile's own conversion costs twice as much.

    Args:
        subtype: libsndfile's: ``PCM_24``, ``FLOAT``, …
        container: libsndfile's; else by the suffix, WAV without one.
        tags: title, artist and the like, by libsndfile's names.

    ``clips`` says whether the file holds nothing beyond full scale.
    """

    def __init__(
        self,
        path: Path,
        subtype: str = "PCM_24",
        container: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        self._path, self._subtype = path, subtype
        self._container = container or (path.suffix[1:].upper() or "WAV")
        self._partial = path.with_name(f".{path.name}.partial")
        self._file: soundfile.SoundFile | None = None
        self._tags = tags or {}
        self.clips = subtype.startswith("PCM")

    def begin(self, rate_hz: int, channels: int) -> None:
        self.abandon()
        # Beyond 4 GiB a WAV's sizes do not fit; RF64 (EBU Tech 3306) is a plain WAV until then.
        container = "RF64" if self._container == "WAV" else self._container
        self._file = soundfile.SoundFile(self._partial, "w", rate_hz, channels, self._subtype, format=container)
        if container == "RF64":
            _downgrade_to_wav(self._file)
        for name, words in self._tags.items():
            setattr(self._file, name, words)

    def write(self, samples: Samples) -> None:
        assert self._file is not None  # noqa: S101 - begin comes first
        if self._subtype != "PCM_24":
            self._file.write(samples)
        elif self._container == "WAV" and (loops := compiled.loops()):
            packed = soundfile._ffi.from_buffer(loops.pack_24(samples))
            if soundfile._snd.sf_write_raw(self._file._file, packed, len(packed)) != len(packed):
                raise OSError(f"{self._partial.name} could not be written")
        else:
            self._file.write(quantised(samples, 24))

    def end(self) -> None:
        assert self._file is not None  # noqa: S101
        self._file.close()
        self._file = None
        self._partial.replace(self._path)

    def __enter__(self) -> "FileWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.abandon()

    def abandon(self) -> None:
        """Forget what was written since ``begin``; after ``end`` there is nothing to forget."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._partial.unlink(missing_ok=True)


def as_wav(path: Path, decoded: Path) -> Path:
    """A recording as a WAV file: ``path`` itself where it is one, else ``decoded``, written with 32-bit floats.

    Raises as ``FileReader`` does.
    """
    if container_of(path) is WAV:
        return path
    reader = FileReader(path)
    with FileWriter(decoded, "FLOAT", "WAV") as writer:
        writer.begin(reader.rate_hz, reader.channels)
        for block in reader.blocks():
            writer.write(block)
        writer.end()
    return decoded


def _downgrade_to_wav(file: soundfile.SoundFile) -> None:
    """Ask libsndfile (SFC_RF64_AUTO_DOWNGRADE, 0x1210) to write a plain WAV header when the sizes allow it."""
    soundfile._snd.sf_command(file._file, 0x1210, soundfile._ffi.NULL, 1)


class MemoryWriter:
    """Collects a render; ``audio`` is there after ``end``."""

    def __init__(self) -> None:
        self.audio: Audio | None = None
        self._blocks: list[Samples] = []
        self._rate_hz = self._channels = 0

    def begin(self, rate_hz: int, channels: int) -> None:
        self._rate_hz, self._channels = rate_hz, channels
        self._blocks = [np.zeros((0, channels), np.float32)]

    def write(self, samples: Samples) -> None:
        self._blocks.append(samples)

    def end(self) -> None:
        self.audio = Audio(np.concatenate(self._blocks), self._rate_hz)


class Spool:
    """[frames, channels] on disk, written once and read as often as needed: memory stays flat however long they are."""

    def __init__(self, folder: str, channels: int) -> None:
        self._channels = channels
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - lives as long as the spool

    def write(self, samples: Samples) -> None:
        self._file.write(np.ascontiguousarray(samples, np.float32).data)

    def blocks(self) -> Iterator[Samples]:
        self._file.flush()
        self._file.seek(0)
        size = READ_FRAMES * self._channels * 4
        while raw := self._file.read(size):
            yield np.frombuffer(raw, np.float32).reshape(-1, self._channels)

    def close(self) -> None:
        self._file.close()


@contextmanager
def spool(channels: int) -> Iterator[Spool]:
    """A spool in a temporary folder, which goes with the block."""
    with tempfile.TemporaryDirectory() as folder:
        spooled = Spool(folder, channels)
        try:
            yield spooled
        finally:
            spooled.close()
