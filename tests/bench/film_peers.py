"""The same film as others make it. Scripts for an environment that has moviepy: inputs, target, preset, CRF, font."""

MOVIEPY = """
import json, sys
from moviepy import *
from moviepy import vfx, afx
inputs, out, preset, crf, x264, font, ffmpeg = sys.argv[1:8]
job = json.load(open(inputs + "/job.json"))
size, fps, fade = tuple(job["size"]), job["fps"], 0.5
starts = [sum(job["frames"][:i]) / fps for i in range(len(job["frames"]))]
lengths = [frames / fps for frames in job["frames"]]
encoder = dict(fps=fps, codec="libx264", preset=preset, logger=None, threads=2,
               ffmpeg_params=["-crf", crf, "-x264-params", x264])

def zoomed(number, seconds):
    still = ImageClip(f"{inputs}/{number + 1}.png").with_duration(seconds).resized(size)
    return still.resized(lambda t: 1.0 + 0.1 * t / seconds).with_position("center")

def written(number, seconds, lead):
    words = TextClip(font=font, text=job["lines"][number], font_size=44, color="white", stroke_color="black",
                     stroke_width=2).with_duration(seconds)
    return words.with_position(("center", size[1] - 100)).with_start(lead)

def sound():
    narrations = [AudioFileClip(f"{inputs}/{i + 1}.wav").with_start(start + 0.4) for i, start in enumerate(starts)]
    music = AudioFileClip(f"{inputs}/music.wav").with_duration(sum(lengths)).with_effects([afx.MultiplyVolume(0.4)])
    return CompositeAudioClip([music, *narrations])
"""

ONE_PASS = (
    MOVIEPY
    + """
clips = []
for i, (start, seconds) in enumerate(zip(starts, lengths)):
    lead = fade / 2 if i else 0.0
    clip = CompositeVideoClip([zoomed(i, seconds + lead + (fade / 2 if i < len(lengths) - 1 else 0))], size=size)
    clips.append((clip.with_effects([vfx.CrossFadeIn(fade)]) if i else clip).with_start(start - lead))
texts = [written(i, seconds - 1.0, start + 0.4) for i, (start, seconds) in enumerate(zip(starts, lengths))]
film = CompositeVideoClip([*clips, *texts], size=size).with_duration(sum(lengths)).with_audio(sound())
film.write_videofile(out, audio_codec="aac", **encoder)
"""
)

FOUR_ENCODES = (
    MOVIEPY
    + """
import os
folder = os.path.dirname(out)
names = [[f"{folder}/{stage}-{i}.mp4" for i in range(len(lengths))] for stage in "abc"]
for i, seconds in enumerate(lengths):
    # 1: a zoom of each picture; 2: brought to its length, with its fades; 3: with its words; 4: all with the sound.
    CompositeVideoClip([zoomed(i, seconds + fade)], size=size).write_videofile(names[0][i], audio=False, **encoder)
    clip = VideoFileClip(names[0][i]).subclipped(0, seconds)
    clip = clip.with_effects([vfx.FadeIn(fade / 2), vfx.FadeOut(fade / 2)])
    clip.write_videofile(names[1][i], audio=False, **encoder)
    both = CompositeVideoClip([VideoFileClip(names[1][i]), written(i, seconds - 1.0, 0.4)], size=size)
    both.with_duration(seconds).write_videofile(names[2][i], audio=False, **encoder)
film = concatenate_videoclips([VideoFileClip(name) for name in names[2]]).with_audio(sound())
film.write_videofile(out, audio_codec="aac", **encoder)
"""
)

FILTER_GRAPH = """
import json, subprocess, sys
inputs, out, preset, crf, x264, font, ffmpeg = sys.argv[1:8]
job = json.load(open(inputs + "/job.json"))
(wide, high), fps, fade = job["size"], job["fps"], 12
count = len(job["frames"])
command, filters = [ffmpeg, "-y", "-v", "error"], []
for i, frames in enumerate(job["frames"]):
    shown = frames + (fade // 2 if i else 0) + (fade // 2 if i < count - 1 else 0)
    command += ["-i", f"{inputs}/{i + 1}.png"]
    filters.append(f"[{i}:v]scale=4096:-2:flags=bicubic,zoompan=z='1+0.1*on/{shown}':x='iw/2-(iw/zoom/2)':"
                   f"y='ih/2-(ih/zoom/2)':d={shown}:s={wide}x{high}:fps={fps},format=yuv420p,setsar=1[v{i}]")
last, at = "v0", 0
for i in range(1, count):
    at += job["frames"][i - 1]
    filters.append(f"[{last}][v{i}]xfade=transition=fade:duration={fade / fps}:offset={(at - fade // 2) / fps}[x{i}]")
    last = f"x{i}"
filters.append(f"[{last}]ass=filename={inputs}/film.ass:fontsdir={font.rpartition('/')[0]}[v]")
at = 0
for i, frames in enumerate(job["frames"]):
    command += ["-i", f"{inputs}/{i + 1}.wav"]
    filters.append(f"[{count + i}:a]aresample=48000,adelay={round(1000 * (at / fps + 0.4))}:all=1,apad[a{i}]")
    at += frames
command += ["-i", f"{inputs}/music.wav"]
filters.append("".join(f"[a{i}]" for i in range(count)) + f"amix=inputs={count}:normalize=0,asplit[voice][key]")
filters.append(f"[{2 * count}:a][key]sidechaincompress=threshold=0.02:ratio=4[bed]")
filters.append("[voice][bed]amix=normalize=0,loudnorm=I=-16:TP=-1,aresample=48000[a]")
command += ["-filter_complex", ";".join(filters), "-map", "[v]", "-map", "[a]", "-t", str(sum(job["frames"]) / fps)]
command += ["-c:v", "libx264", "-preset", preset, "-crf", crf, "-x264-params", x264, "-c:a", "aac", "-b:a", "192k", out]
subprocess.run(command, check=True)
"""
