"""All models of the admin in groups, by what people want to do."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Names as people say them; None: the one of the model. What is in no group is in the last one.
GROUPS: list[tuple[str, dict[str, str | None]]] = [
    (
        _("Writing"),
        {
            "articles.article": None,
            "articles.frontpage": None,
            "articles.image": _("Pictures"),
            "articles.recording": _("Audio and video"),
            "articles.linkcard": None,
            "articles.category": None,
            "articles.tag": None,
            "articles.series": None,
            "articles.author": None,
            "articles.correction": None,
        },
    ),
    (
        _("Comments"),
        {
            "comments.comment": None,
            "comments.moderationentry": None,
            "comments.batch": None,
            "comments.word": _("Banned words"),
            "comments.ban": None,
            "comments.commentsettings": None,
        },
    ),
    (
        _("Quizzes"),
        {
            "quizzes.quiz": None,
            "quizzes.question": None,
            "quizzes.bankcategory": _("Categories of questions"),
            "quizzes.questiontag": _("Tags of questions"),
            "quizzes.edition": None,
            "quizzes.attempt": None,
        },
    ),
    (
        _("Site"),
        {
            "publishing.publication": None,
            "articles.page": _("Pages"),
            "articles.menu": _("Menus"),
            "maintenance.window": _("Maintenance"),
            "maintenance.passlink": None,
            "sponsors.slot": None,
            "sponsors.creative": None,
            "sponsors.advertiser": None,
            "sponsors.adsense": "AdSense",
            "sponsors.adstxt": "ads.txt",
            "publishing.redirect": None,
            "moving.transfer": _("Moving in and out"),
        },
    ),
    (
        _("People"),
        {
            "auth.user": _("Colleagues"),
            "auth.group": _("Roles"),
            "axes.accesslog": _("Sign-ins"),
            "axes.accessfailurelog": _("Failed sign-ins"),
        },
    ),
    (_("More"), {"django_tasks_database.dbtaskresult": _("Tasks")}),
]
_PLACES = {label: (number, name) for number, (_group, labels) in enumerate(GROUPS) for label, name in labels.items()}
_ORDER = [*_PLACES]
_LAST = len(GROUPS) - 1


@dataclass(frozen=True)
class Entry:
    """A model: its list, and the form for a new row, if the account may see them."""

    name: str
    url: str
    add_url: str
    noun: str


def _entry(label: str, entry: dict) -> Entry:
    name = _PLACES.get(label, (_LAST, None))[1]
    noun = gettext("colleague") if label == "auth.user" else entry["model"]._meta.verbose_name
    words = name or capfirst(entry["name"])
    return Entry(words, entry["admin_url"] or "", entry["add_url"] or "", noun)


def grouped(app_list: list[dict]) -> list[tuple[str, list[Entry]]]:
    """Django's `app_list` of a page by groups. No query."""
    models = {entry["model"]._meta.label_lower: entry for app in app_list for entry in app["models"]}
    groups: list[list[Entry]] = [[] for _group in GROUPS]
    for label in sorted(models, key=lambda label: _ORDER.index(label) if label in _PLACES else len(_ORDER)):
        groups[_PLACES.get(label, (_LAST, None))[0]].append(_entry(label, models[label]))
    return [(group, entries) for (group, _labels), entries in zip(GROUPS, groups, strict=True) if entries]


# On every page of the admin, beside the way to the inbox and to everything.
MAIN = ["articles.article", "comments.comment", "quizzes.quiz", "articles.image"]


def main_lists(app_list: list[dict]) -> list[Entry]:
    """The lists that people use every day, of those that an account may see."""
    models = {entry["model"]._meta.label_lower: entry for app in app_list for entry in app["models"]}
    found = [(label, models[label]) for label in MAIN if label in models]
    return [_entry(label, entry) for label, entry in found if entry["admin_url"]]
