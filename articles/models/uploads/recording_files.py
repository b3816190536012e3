"""Which audio and video files are taken: those that every browser plays, known by their first bytes."""

from dataclasses import dataclass
from io import SEEK_CUR

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from tinytag import TinyTag, TinyTagException

from publishing.text.recordings import TYPES

MOST_BYTES = 200 * 1024 * 1024
MOST_CAPTIONS = 1024 * 1024
_HEAD = 64
# Boxes of MP4 that hold others on the way to the size of a track, and how many are looked at.
_OUTER, MOST_BOXES = (b"moov", b"trak"), 2000


@dataclass(frozen=True)
class Measured:
    """What is known of a file: its suffix, its length in seconds (0: not known), its size in pixels (0: audio)."""

    suffix: str
    seconds: float = 0
    width: int = 0
    height: int = 0


def measure(upload) -> Measured:
    """Raises ValidationError unless the file is audio or video of an accepted kind and size. Reads a few kB of it."""
    if upload.size > MOST_BYTES:
        message = _("The file is larger than %(size)s MB. Compress it, or shorten it.")
        raise ValidationError(message, params={"size": MOST_BYTES // 1024 // 1024}, code="too_large")
    upload.open()
    head = upload.read(_HEAD)
    kind = _kind(head)
    if not kind:
        message = _("This is no audio or video file that browsers play. Upload %(kinds)s.")
        raise ValidationError(message, params={"kinds": ", ".join(suffix.upper() for suffix in TYPES)})
    width, height = _size_in_mp4(upload) if kind == "mp4" else (0, 0)
    if kind == "mp4" and not width:
        kind = "m4a"
    seconds = 0 if kind == "webm" else _seconds(upload)
    if kind not in ("mp4", "webm") and not seconds:
        raise ValidationError(_("The file is damaged, or holds no sound."))
    upload.seek(0)
    return Measured(kind, seconds, width, height)


def _kind(head: bytes) -> str:
    """The suffix, by the signatures of the formats."""
    brand = head[8:12] if head[4:8] == b"ftyp" else b""
    is_mpeg_audio = head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE6 == 0xE2
    tests = {
        "mp3": head.startswith(b"ID3") or is_mpeg_audio,
        "flac": head.startswith(b"fLaC"),
        "ogg": head.startswith(b"OggS") and b"theora" not in head,
        "wav": head.startswith(b"RIFF") and head[8:12] == b"WAVE",
        "m4a": brand in (b"M4A ", b"M4B "),
        "mp4": bool(brand) and brand != b"qt  " and not brand.startswith((b"hei", b"avi", b"mif", b"msf")),
        "webm": head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head,
    }
    return next((suffix for suffix, found in tests.items() if found), "")


def _seconds(upload) -> float:
    upload.seek(0)
    try:
        return TinyTag.get(file_obj=upload, tags=False).duration or 0
    except (TinyTagException, ArithmeticError, LookupError, ValueError, OSError):
        return 0


def title_of(upload) -> str:
    """The title that a file gives itself; often none."""
    upload.seek(0)
    try:
        return TinyTag.get(file_obj=upload, duration=False).title or ""
    except (TinyTagException, ArithmeticError, LookupError, ValueError, OSError):
        return ""
    finally:
        upload.seek(0)


def _size_in_mp4(upload) -> tuple[int, int]:
    """Width and height of the first track that has them (ISO 14496-12: `tkhd`); zeros if there is none."""
    upload.seek(0)
    for _number in range(MOST_BOXES):
        head = upload.read(8)
        if len(head) < 8:
            break
        length, name, read = int.from_bytes(head[:4]), head[4:], 8
        if length == 1:
            length, read = int.from_bytes(upload.read(8)), 16
        if name in _OUTER:
            continue
        if name == b"tkhd":
            box = upload.read(min(max(length - read, 0), 256))
            # The last eight bytes: two numbers of which half the bits are behind the point.
            size = int.from_bytes(box[-8:-4]) >> 16, int.from_bytes(box[-4:]) >> 16
            if all(0 < pixels <= 16384 for pixels in size):
                return size
        elif length < read:
            break
        else:
            upload.seek(length - read, SEEK_CUR)
    return 0, 0


def check_captions(upload) -> None:
    """Raises ValidationError for what is no file of captions (WebVTT, https://www.w3.org/TR/webvtt1/)."""
    if upload.size > MOST_CAPTIONS:
        raise ValidationError(_("The captions are larger than 1 MB."))
    upload.open()
    head = upload.read().removeprefix(b"\xef\xbb\xbf")
    upload.seek(0)
    try:
        text = head.decode()
    except UnicodeDecodeError:
        text = ""
    if not text.startswith("WEBVTT") or text[6:7] not in ("", " ", "\t", "\n", "\r") or "\0" in text:
        raise ValidationError(_("Captions are a WebVTT file in UTF-8: its first line begins with WEBVTT."))
