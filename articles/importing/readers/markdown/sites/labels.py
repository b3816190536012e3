"""Categories, tags and authors of a site: what it says of them, and where their pages were."""

import re
from dataclasses import dataclass, field

from django.utils.text import slugify

from publishing.transfer.files import Files
from publishing.transfer.notes import Refused

from ....records import Label, Person
from .. import fields, heads, texts
from .addresses import urlized, whole

MOST_BYTES = 512 * 1024
_TERM = re.compile(r"(?:^|/)(?:tags|categories)/([^/]+)/_index\.(?:md|html)$")
_SITE = {"category": "/categories/{}/", "tag": "/tags/{}/", "author": "/authors/{}/"}
# By generator; another one, or none, has the first.
_PAGES = {
    "jekyll": {"category": "/category/{}/", "tag": "/tag/{}/"},
    "docusaurus": {"tag": "/blog/tags/{}", "author": "/blog/authors/{}"},
    "mkdocs": {"category": "/blog/category/{}/"},
    "pelican": {"category": "/category/{}.html", "tag": "/tag/{}.html", "author": "/author/{}.html"},
}


@dataclass
class Told:
    """What the files of a site say of its tags: by their keys their names, and by names their descriptions."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)


def told(files: Files) -> Told:
    """From Docusaurus' tags.yml and from Hugo's pages of terms."""
    found = Told()
    for name in files.names:
        term = _TERM.search(name)
        if not term and not name.endswith("tags.yml"):
            continue
        try:
            text = texts.decoded(files.read(name, MOST_BYTES), files.notes)
            loaded = heads.split(text)[0] if term else heads.load_yaml(text)
        except (Refused, heads.Broken, heads.yaml.YAMLError, OSError, ValueError, RecursionError):
            continue
        rows = {term[1]: loaded} if term else loaded if isinstance(loaded, dict) else {}
        for key, value in rows.items():
            if isinstance(value, dict):
                label = fields.text(value.get("label")) if not term else ""
                found.names[str(key)] = label or str(key)
                found.descriptions[urlized(label or str(key))] = fields.text(value.get("description"))
                found.addresses[label] = fields.text(value.get("permalink"))
    return found


def labels(site, said: Told, used: set[tuple[str, str, str]]) -> list[Label]:
    """Of the labels that posts use: rows of what they are here, what they are there, and the name."""
    found: dict[tuple[str, str], Label] = {}
    # A page there has one here: that of a category, if its name is also one of a tag.
    taken: set[str] = set()
    for ours, theirs, name in sorted(used):
        label = found.setdefault((ours, name), Label(ours, name, description=said.descriptions.get(urlized(name), "")))
        permalink = said.addresses.get(name, "").strip("/") if theirs == "tag" else ""
        addresses = [f"/blog/tags/{permalink}"] if permalink else _addresses(site, theirs, name)
        label.old_addresses += [address for address in addresses if address not in taken]
        taken.update(addresses)
    return list(found.values())


def with_addresses(site, people: list[Person], names: set[str]) -> list[Person]:
    """All people, with their pages there, also those of whom only the name is known."""
    known = {person.name for person in people}
    everyone = [*people, *(Person(name) for name in sorted(names - known))]
    for person in everyone:
        person.old_addresses = _addresses(site, "author", person.name)
    return everyone


def _addresses(site, kind: str, name: str) -> list[str]:
    pattern = _PAGES.get(site.generator, _SITE).get(kind)
    if site.generator == "hugo" and (given := site.terms.get({"category": "categories", "tag": "tags"}.get(kind))):
        # The last part is the name of the label, whatever it is called.
        pattern = re.sub(r":(?:title|slug|filename|contentbasename|slugor\w+)\b", "{}", given)
    if not pattern or pattern.count("{}") != 1:
        return []
    forms = (
        [urlized(name)] if site.generator in ("hugo", "zola") else [slugify(name, allow_unicode=True), urlized(name)]
    )
    return [whole(pattern.format(form), site) for form in dict.fromkeys(forms) if form]
