"""In which language a page speaks to its visitor: English, or Chinese where the browser prefers that."""

from typing import Final, Literal

from fastapi import Request

Language = Literal["en", "zh"]

CHINESE: Final = {
    # Of every page.
    "Soundstage turns a hummed tune into produced songs.": "Soundstage 把哼出的旋律做成完整的歌。",
    # There is nothing, or a password before it.
    "This link does not work": "这个链接打不开",
    "Nothing to hear here": "这里没有内容",
    "It may have expired, or the person who shared it has taken it back. Ask them for a new one.": (
        "它可能已过期，或者分享的人收回了它。请向对方要一个新的链接。"
    ),
    "This link has a password": "这个链接有密码",
    "Shared with you": "有人分享给你",
    "Whoever sent it to you knows it.": "发给你链接的人知道密码。",
    "That is not the password.": "密码不对。",
    "Password": "密码",
    "Open": "打开",
    # Songs.
    "Two songs from one hum": "一段哼唱，两首歌",
    "One tune, produced as %(styles)s.": "同一段旋律，做成了%(styles)s。",
    " and ": "和",
    "Recommended": "推荐",
    "Recommended: %(label)s.": "推荐：%(label)s。",
    "Variant %(label)s": "版本 %(label)s",
    "Play variant %(label)s": "播放版本 %(label)s",
    "Pause variant %(label)s": "暂停版本 %(label)s",
    "Position in variant %(label)s": "版本 %(label)s 的播放位置",
    "Piano roll: the notes of variant %(label)s": "钢琴卷帘：版本 %(label)s 的音符",
    "Spectrogram": "频谱图",
    "Spectrogram of variant %(label)s": "版本 %(label)s 的频谱图",
    "Video": "视频",
    "Video of variant %(label)s": "版本 %(label)s 的视频",
    "Cover of %(title)s": "%(title)s 的封面",
    "The notes of %(title)s": "%(title)s 的音符",
    "Cover: an abstract picture of the tune": "封面：旋律的抽象画",
    "Tempo": "速度",
    "Key": "调",
    "Length": "时长",
    "Keeps the tune": "保留旋律",
    "Sound quality": "音质",
    "Download WAV": "下载 WAV",
    "%(tonic)s major": "%(tonic)s 大调",
    "%(tonic)s minor": "%(tonic)s 小调",
    "campfire": "篝火",
    "lofi": "低保真",
    "synthwave": "合成器浪潮",
    "ballad": "抒情",
    "cinematic": "电影感",
    "bossa": "波萨诺瓦",
    "funk": "放克",
    "house": "浩室",
    "dreambox": "梦幻音盒",
    "musette": "手风琴圆舞",
    # Recordings and films.
    "Download": "下载",
    "A recording in another sound": "换了声音的录音",
    "%(length)s min, with the sound of a reference.": "%(length)s，有了参考录音的声音。",
    "What was changed: spectra and levels before and after": "改动：前后的频谱和电平",
    "A film from a story": "故事做成的影片",
    "%(length)s min, told and painted.": "%(length)s，讲述并绘成。",
    "A picture of %(title)s": "%(title)s 的一幅画面",
}
"""What pages say, by what they say in English."""


def language_of(request: Request) -> Language:
    """By Accept-Language (RFC 9110 §12.5.4): what is preferred most of the two; English where neither is named."""
    wanted = {"zh": 0.0, "en": 0.0}
    for part in request.headers.get("Accept-Language", "").split(",")[:20]:
        tag, _, weight = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in wanted:
            wanted[language] = max(wanted[language], _quality(weight))
    return "zh" if wanted["zh"] > wanted["en"] else "en"


def said(language: Language, text: str, **values: str) -> str:
    """``text`` in a language, with its values."""
    words = CHINESE.get(text, text) if language == "zh" else text
    return words % values if values else words


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name.strip() == "q" else 0.0
    except ValueError:
        return 0.0
