"""What an export says besides its posts: users, tags, and which belong to which post."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from ...records import Label, Person
from . import texts


def as_row(row: dict) -> tuple[str, dict]:
    """An entry as programs write it that make exports for Ghost ({"url", "data"}): the address, and the row."""
    data = row.get("data")
    if isinstance(data, dict) and "url" in row:
        return str(row["url"] or ""), data
    return "", row


def words(value: object) -> str:
    """One line of a text or number."""
    return " ".join(str(value).split()) if isinstance(value, (str, int, float)) and value is not True else ""


def order(row: dict) -> float:
    value = row.get("sort_order")
    return value if isinstance(value, (int, float)) else 0


@dataclass
class Site:
    """Numbers are strings here: exports have them as either."""

    address: str = ""
    language: str = ""
    users: dict[str, dict] = field(default_factory=dict)
    tags: dict[str, dict] = field(default_factory=dict)
    meta: dict[str, dict] = field(default_factory=dict)
    posts: set[str] = field(default_factory=set)
    members: int = 0
    damage: str = ""
    _lines: dict[str, list[dict]] = field(default_factory=lambda: defaultdict(list))
    # Of posts that carry their authors and tags in themselves.
    _carried_first: set[str] = field(default_factory=set)

    def add(self, table: str, row: dict) -> None:
        _, row = as_row(row)
        id = words(row.get("id"))
        if table == "posts":
            self.posts.add(id)
            self._carry(row)
        elif table == "users":
            user = {name: row.get(name) for name in ("name", "slug", "bio", "website", "profile_image", "image",
                                                     "facebook", "twitter")}  # fmt: skip
            self.users[id or words(row.get("slug")) or words(row.get("name"))] = user
        elif table == "tags":
            self.tags[id or words(row.get("slug"))] = row
        elif table == "posts_meta":
            self.meta[words(row.get("post_id"))] = row
        elif table in ("posts_tags", "posts_authors"):
            self._lines[table].append(row)
        elif table in ("members", "subscribers"):
            self.members += 1
        elif table == "settings" and row.get("key") in ("url", "site_url") and isinstance(row.get("value"), str):
            self.address = row["value"].rstrip("/")
        elif table == "settings" and row.get("key") in ("lang", "locale"):
            self.language = words(row.get("value"))

    def _carry(self, row: dict) -> None:
        users = [row.get("author"), *(row.get("authors") if isinstance(row.get("authors"), list) else [])]
        for table, entries in ((self.users, users), (self.tags, row.get("tags"))):
            for entry in entries if isinstance(entries, list) else []:
                if isinstance(entry, dict):
                    _, data = as_row(entry)
                    table.setdefault(words(data.get("id")) or words(data.get("slug")), data)
        tags = [tag for tag in self._carried(row, "tags") if is_public(tag)]
        self._carried_first |= {words(tags[0].get("name"))} if tags else set()

    def _carried(self, row: dict, name: str) -> list[dict]:
        entries = row.get(name)
        return [as_row(entry)[1] for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []

    def _of_posts(self, table: str, name: str, rows: dict[str, dict]) -> dict[str, list[dict]]:
        found = defaultdict(list)
        for line in sorted(self._lines[table], key=order):
            id = words(line.get(name))
            if id in rows:
                found[words(line.get("post_id"))].append(rows[id])
        return found

    @cached_property
    def _authors(self) -> dict[str, list[dict]]:
        return self._of_posts("posts_authors", "author_id", self.users)

    @cached_property
    def _tags(self) -> dict[str, list[dict]]:
        return self._of_posts("posts_tags", "tag_id", self.tags)

    def authors_of(self, row: dict) -> list[str]:
        users = self._authors.get(words(row.get("id"))) or self._carried(row, "authors")
        if not users:
            author = row.get("author")
            users = [as_row(author)[1]] if isinstance(author, dict) else []
            users = users or [self.users[id] for id in [words(row.get("author_id"))] if id in self.users]
        return list(dict.fromkeys(filter(None, (name_of(user) for user in users))))

    def tags_of(self, row: dict) -> list[dict]:
        """In their order, internal ones too."""
        return self._tags.get(words(row.get("id"))) or self._carried(row, "tags")

    @property
    def orphans(self) -> Counter:
        """Of each table, the number of lines that belong to nothing."""
        lost: Counter = Counter()
        for table, name, rows in (("posts_tags", "tag_id", self.tags), ("posts_authors", "author_id", self.users)):
            for line in self._lines[table]:
                lost[table] += words(line.get(name)) not in rows or words(line.get("post_id")) not in self.posts
        return +lost

    def people(self) -> list[Person]:
        people = []
        for user in self.users.values():
            slug, links = words(user.get("slug")), []
            for label, start, value in (
                ("Website", "", words(user.get("website"))),
                ("X", "https://x.com/", words(user.get("twitter")).lstrip("@")),
                ("Facebook", "https://www.facebook.com/", words(user.get("facebook")).lstrip("/")),
            ):
                if value and value.startswith(("http://", "https://")):
                    links.append((label, value))
                elif value and start:
                    links.append((label, start + value))
            picture = texts.local(user.get("profile_image") or user.get("image"))
            biography = words(user.get("bio"))
            if name := name_of(user):
                addresses = [f"/author/{slug}/", f"/author/{slug}/rss/"] if slug else []
                people.append(Person(name, slug, biography, picture, links, addresses))
        return people

    def labels(self) -> list[Label]:
        first = set(self._carried_first)
        for tags in self._tags.values():
            first |= {next((words(tag.get("name")) for tag in tags if is_public(tag)), "")}
        labels = []
        for tag in self.tags.values():
            name, slug = words(tag.get("name")), words(tag.get("slug"))
            if not name or not is_public(tag):
                continue
            addresses = [f"/tag/{slug}/", f"/tag/{slug}/rss/"] if slug else []
            kind = "category" if name in first else "tag"
            labels.append(Label(kind, name, slug, texts.plain(tag.get("description")), addresses))
            if kind == "category":
                labels.append(Label("tag", name, slug))
        return labels


def is_public(tag: dict) -> bool:
    return bool(words(tag.get("name"))) and not words(tag.get("name")).startswith("#") and tag.get("visibility") in (
        None, "", "public",
    )  # fmt: skip


def name_of(user: dict) -> str:
    return words(user.get("name")) or words(user.get("slug"))
