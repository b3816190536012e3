"""Links between the posts of a source lead to their addresses here.

addresses = Addresses(finder)            # once for a run; finder of ..pictures
addresses.add(post, "/articles/slug/")   # in the first pass, for each post
body = rewrite(body, post, addresses, notes)
"""

from .index import Addresses
from .rewriting import rewrite

__all__ = ["Addresses", "rewrite"]
