"""What articles add to the look of the publication: the colours of categories."""

from publishing.identity import face

from ..navigation import sections


@face.palettes
def of_categories():
    """No query while nothing has changed."""
    return {category.colour_class: category.palette for category in sections()}
