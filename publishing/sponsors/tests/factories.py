from publishing.sponsors.models import Key, Slot
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


def make_blocks(*described):
    """Blocks from ("p", 80) pairs of tag and words; a bare number is a paragraph. Each is 100 characters long."""
    pairs = [("p", item) if isinstance(item, int) else item for item in described]
    return [Block(tag, 100 * number, words) for number, (tag, words) in enumerate(pairs, start=1)]
