"""Where a line of a drawn text may end: at a space, and between the characters of Chinese and Japanese."""

import re
from collections.abc import Iterator

_OPENING = re.escape("「『（【〈《〔［｛")
# Also the small kana and the marks that go with the character before.
_CLOSING = re.escape("、。，．・：；？！）」』】〉》〕］｝…‥ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々〻")
_WIDE = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_PIECE = re.compile(
    f"[{_OPENING}]*(?:[{_WIDE}]|[^{_WIDE}{_OPENING}{_CLOSING}]+)[{_CLOSING}]*|[{_OPENING}]+[{_CLOSING}]*|[{_CLOSING}]+"
)


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """The parts between which a line may end, each with the space that is before it otherwise."""
    for word in text.split():
        space = " "
        for piece in _PIECE.findall(word):
            yield space, piece
            space = ""
