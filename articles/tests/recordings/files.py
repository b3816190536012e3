"""Audio and video files to upload, as small as browsers take them."""

import wave
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile


def sound(seconds: float = 2, name: str = "interview.wav") -> SimpleUploadedFile:
    buffer = BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(8000)
        out.writeframes(b"\x80" * int(8000 * seconds))
    return SimpleUploadedFile(name, buffer.getvalue())


def _box(name: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4) + name + content


def film(width: int = 640, height: int = 360, brand: bytes = b"isom") -> SimpleUploadedFile:
    """The boxes of an MP4 of two seconds with one track and no frame."""
    track = _box(b"tkhd", bytes(76) + (width << 16).to_bytes(4) + (height << 16).to_bytes(4))
    header = _box(b"mvhd", bytes(12) + (1000).to_bytes(4) + (2000).to_bytes(4) + bytes(80))
    content = _box(b"ftyp", brand + bytes(4) + brand) + _box(b"free", bytes(100))
    return SimpleUploadedFile("film.mp4", content + _box(b"moov", header + _box(b"trak", track)))


def captions(text: str = "WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n") -> SimpleUploadedFile:
    return SimpleUploadedFile("captions.vtt", text.encode())
