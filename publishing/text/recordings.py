"""Audio and video of one's own in Markdown, `![Title](/media/….mp3)`, and in HTML."""

import re
from dataclasses import dataclass
from html import escape

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

# The kinds of file that browsers play, by suffix.
TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
ELEMENTS = ("audio", "video")
_ENDING = re.compile(r"\.(?:mp3|m4[abv]|og[gav]|opus|wav|flac|aac|mp4|webm|mov)\Z", re.IGNORECASE)


def is_named_so(address: str) -> bool:
    """Whether an address ends as those of audio and video do, whether browsers play it or not."""
    return bool(_ENDING.search(re.split(r"[?#]", address.strip(), maxsplit=1)[0]))


@dataclass(frozen=True)
class RecordingInfo:
    """An audio or video file of this site. `captions` is the address of a WebVTT file, in `language`."""

    url: str
    title: str = ""
    width: int = 0
    height: int = 0
    captions: str = ""
    language: str = ""

    @property
    def is_video(self) -> bool:
        return TYPES[self.url.rpartition(".")[2]].startswith("video/")


def tag(info: RecordingInfo, label: str) -> SafeString:
    """The player. It loads nothing before somebody plays it, and takes its place from the start."""
    name = format_html(' aria-label="{}"', label) if label else ""
    is_sized = info.is_video and info.width
    size = format_html(' width="{}" height="{}"', info.width, info.height) if is_sized else ""
    language = format_html(' srclang="{}"', info.language) if info.language else ""
    track = format_html('<track kind="captions" src="{}"{} default>', info.captions, language) if info.captions else ""
    kind = "video" if info.is_video else "audio"
    player = '<{} controls preload="none" src="{}"{}{}>{}</{}>'
    return format_html(player, kind, info.url, size, name, track, kind)


def link(kind: str, addresses: list[str], label: str) -> str:
    """What stands for a player of a file that is not here: pages load nothing from other hosts."""
    words = _("Audio") if kind == "audio" else _("Video")
    words = escape(f"{words}: {label}" if label else words, quote=False)
    address = next((address for address in addresses if address.startswith(("http://", "https://"))), "")
    return f'<a href="{escape(address)}">{words}</a>' if address else f"<em>{words}</em>"
