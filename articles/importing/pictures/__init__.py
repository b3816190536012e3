"""The pictures of a post: found in the source, made ready, stored, and named in its text by their new addresses.

pictures = Pictures(reader, options)                                # once for a run
with prepare(pictures, post, body, post.cover, notes) as prepared:  # outside of transactions
    with transaction.atomic():
        body, cover = prepared.stored()
"""

from . import portraits
from .finding import Finder
from .in_text import prepare
from .preparing import Pictures, Prepared

__all__ = ["Finder", "Pictures", "Prepared", "portraits", "prepare"]
