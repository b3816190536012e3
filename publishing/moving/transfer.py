"""Nothing of moves is in an export: they are about this machine, and pass."""

from ..transfer.export.tables import PASSING, Part, register
from .models import Transfer, TransferPost

register(Part(place=91, tables=(), left={Transfer: PASSING, TransferPost: PASSING}))
