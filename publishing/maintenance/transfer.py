"""What an export has of maintenance windows."""

from ..transfer.export.tables import Part, Table, register
from .models import Window

# The last: a site that is closed for an import opens at its end.
register(Part(place=90, tables=(Table(Window, is_replaced=True),)))
