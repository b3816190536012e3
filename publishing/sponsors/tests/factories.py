from publishing.sponsors.models import Key, Slot
from publishing.sponsors.slots.decision import THIN_ENTRIES
from publishing.tests.factories import make_article
from publishing.text.markdown import Block


def fill(key, source="preview", **fields):
    """Let a source fill a slot, whether or not its row exists."""
    slot = Slot.objects.filter(key=key).first() or Slot(key=key)
    for name, value in ({"source": source} | fields).items():
        setattr(slot, name, value)
    slot.save()
    return slot


def show_boxes():
    """Readers see every slot, although it is empty."""
    for key in Key.values:
        fill(key)


def make_list():
    """As many articles as a list needs for a slot, each of one category. Returns that of the last one."""
    return [make_article() for _ in range(THIN_ENTRIES)][-1].category


def make_blocks(*described):
    """Blocks from ("p", 80) pairs of tag and words; a bare number is a paragraph. Each is 100 characters long."""
    pairs = [("p", item) if isinstance(item, int) else item for item in described]
    return [Block(tag, 100 * number, words) for number, (tag, words) in enumerate(pairs, start=1)]
