"""All models of the admin in groups, by what people want to do."""

from dataclasses import dataclass

from django.utils.text import capfirst

# Names as people say them; None: the one of the model. What is in no group is in the last one.
GROUPS: dict[str, dict[str, str | None]] = {
    "Writing": {
        "articles.article": None,
        "articles.frontpage": None,
        "articles.image": "Pictures",
        "articles.recording": "Audio and video",
        "articles.linkcard": None,
        "articles.category": None,
        "articles.tag": None,
        "articles.series": None,
        "articles.author": None,
        "articles.correction": None,
    },
    "Comments": {
        "comments.comment": None,
        "comments.moderationentry": None,
        "comments.batch": None,
        "comments.word": "Banned words",
        "comments.ban": None,
        "comments.commentsettings": None,
    },
    "Quizzes": {
        "quizzes.quiz": None,
        "quizzes.question": None,
        "quizzes.bankcategory": "Categories of questions",
        "quizzes.questiontag": "Tags of questions",
        "quizzes.edition": None,
        "quizzes.attempt": None,
    },
    "Site": {
        "publishing.publication": None,
        "articles.page": "Pages",
        "articles.menu": "Menus",
        "maintenance.window": "Maintenance",
        "sponsors.slot": None,
        "sponsors.adstxt": "ads.txt",
        "publishing.redirect": None,
        "moving.transfer": "Moving in and out",
    },
    "People": {
        "auth.user": "Colleagues",
        "auth.group": "Roles",
        "axes.accesslog": "Sign-ins",
        "axes.accessfailurelog": "Failed sign-ins",
    },
    "More": {"django_tasks_database.dbtaskresult": "Tasks"},
}
_PLACES = {label: (group, name) for group, labels in GROUPS.items() for label, name in labels.items()}
_ORDER = [*_PLACES]
_LAST = list(GROUPS)[-1]


@dataclass(frozen=True)
class Entry:
    """A model: its list, and the form for a new row, if the account may see them."""

    name: str
    url: str
    add_url: str
    noun: str


def _entry(label: str, entry: dict) -> Entry:
    _, name = _PLACES.get(label, (_LAST, None))
    noun = "colleague" if label == "auth.user" else entry["model"]._meta.verbose_name
    words = name or capfirst(entry["name"])
    return Entry(words, entry["admin_url"] or "", entry["add_url"] or "", noun)


def grouped(app_list: list[dict]) -> list[tuple[str, list[Entry]]]:
    """Django's `app_list` of a page by groups. No query."""
    models = {entry["model"]._meta.label_lower: entry for app in app_list for entry in app["models"]}
    groups: dict[str, list[Entry]] = {group: [] for group in GROUPS}
    for label in sorted(models, key=lambda label: _ORDER.index(label) if label in _PLACES else len(_ORDER)):
        group, _ = _PLACES.get(label, (_LAST, None))
        groups[group].append(_entry(label, models[label]))
    return [(group, entries) for group, entries in groups.items() if entries]


# On every page of the admin, beside the way to the inbox and to everything.
MAIN = ["articles.article", "comments.comment", "quizzes.quiz", "articles.image"]


def main_lists(app_list: list[dict]) -> list[Entry]:
    """The lists that people use every day, of those that an account may see."""
    models = {entry["model"]._meta.label_lower: entry for app in app_list for entry in app["models"]}
    found = [(label, models[label]) for label in MAIN if label in models]
    return [_entry(label, entry) for label, entry in found if entry["admin_url"]]
