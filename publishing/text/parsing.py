"""Shared by the readers of file formats. Imports nothing of Django."""

import yaml


class NoAliasLoader(yaml.SafeLoader):
    """YAML without anchors and aliases: a few lines of them expand to gigabytes."""

    def compose_node(self, parent, index):
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases are not allowed", self.peek_event().start_mark)
        return super().compose_node(parent, index)


def normal_line_ends(value: str) -> str:
    """Line ends as one character each, as a browser counts them."""
    return value.replace("\r\n", "\n").replace("\r", "\n")


def title_of(stem: str) -> str:
    """A title from a file name: "routing-and-requests" becomes "Routing and requests"."""
    words = " ".join(stem.replace("-", " ").replace("_", " ").split())
    return words[:1].upper() + words[1:]
