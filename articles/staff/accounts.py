"""What happens to an account: made with its role and byline, changed, ended, begun again."""

from django.conf import settings
from django.contrib.admin.models import ADDITION
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.bases.log import log
from publishing.cache import changes

from ..models import Author, author_of
from ..news.telling import choose, wants_news

NAME_LENGTH = Author._meta.get_field("name").max_length
# What a colleague is told about each of `settings.ROLES`.
DUTIES = {
    "Author": _("writes, and sends drafts for review"),
    "Editor": _("writes and publishes, and runs quizzes, slots and maintenance"),
    "Moderator": _("decides about comments"),
    "Owner": _("all of that, and accounts"),
}
ROLE_NAMES = {"Author": _("Author"), "Editor": _("Editor"), "Moderator": _("Moderator"), "Owner": _("Owner")}


def role_of(user: User) -> str:
    """The name of the user's role; empty if they have none. A superuser is an owner. One query, none if prefetched."""
    names = {group.name for group in user.groups.all()}
    if user.is_superuser:
        return "Owner"
    return next((role for role in reversed(settings.ROLES) if role in names), "")


def role_name(role: str) -> str:
    """A role, as it is stored, in words."""
    return str(ROLE_NAMES.get(role, role))


def writes(role: str) -> bool:
    """Whether the role may write articles, and so needs a byline. One query."""
    return Permission.objects.filter(group__name=role, codename="add_article").exists()


def lock() -> None:
    """Until the transaction ends, no other request that called this changes an account: addresses stay unique."""
    list(Group.objects.select_for_update().order_by("pk").values_list("pk"))


def free_username(name: str, email: str) -> str:
    """A user name from the name, or from the address if that has no letters of ASCII. One query."""
    base = (slugify(name) or slugify(email.partition("@")[0]) or "colleague")[:100]
    taken = {username.casefold() for username in User.objects.values_list("username", flat=True)}
    return next(name for name in _numbered(base) if name not in taken)


def _numbered(base):
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1


@transaction.atomic
def make(*, name: str, email: str, role: str, byline: Author | None, by: User, news: bool = True) -> User:
    """A new account without a password, its role, and its byline if the role writes or one was chosen. Logged."""
    user = User(username=free_username(name, email), email=email, is_staff=True)
    _name(user, name)
    user.set_unusable_password()
    _save(user)
    log(by, user, gettext("Made as %(role)s") % {"role": role_name(role)}, ADDITION)
    _set_role(user, role)
    _set_byline(user, role, byline)
    _set_news(user, news)
    return user


@transaction.atomic
def change(user: User, *, name: str, email: str, role: str, byline: Author | None, by: User, news: bool = True) -> None:
    """Change an account; nothing is logged if nothing changes."""
    changes = []
    if user.get_full_name() != name:
        changes.append(gettext("name: %(name)s") % {"name": name})
    if user.email != email:
        changes.append(gettext("address"))
    if role_of(user) != role:
        values = {"old": role_name(role_of(user)) or gettext("none"), "new": role_name(role)}
        changes.append(gettext("role: %(old)s → %(new)s") % values)
        _set_role(user, role)
    if byline and byline.user_id != user.pk:
        changes.append(gettext("byline: %(name)s") % {"name": byline})
    if changes:
        _name(user, name)
        user.email = email
        user.is_staff = True
        _save(user)
        log(by, user, gettext("Changed %(fields)s") % {"fields": ", ".join(changes)})
    _set_byline(user, role, byline)
    _set_news(user, news)


def _save(user):
    user.save()
    # Readers cannot take the names of staff, as they cannot take those of bylines.
    changes.invalidate("authors")


def _name(user, name):
    user.first_name, _space, user.last_name = name.rpartition(" ")


def _set_role(user, role):
    """One of the roles; groups of one's own stay."""
    user.groups.remove(*user.groups.filter(name__in=settings.ROLES))
    user.groups.add(Group.objects.get(name=role))


def _set_byline(user, role, byline):
    if byline and byline.user_id != user.pk:
        Author.objects.filter(user=user).update(user=None)
        byline.user = user
        byline.save()
    elif byline is None and writes(role):
        author_of(user)


def _set_news(user, news):
    if wants_news(user) != news:
        choose(user, news)


@transaction.atomic
def end(user: User, *, by: User) -> None:
    """The person leaves: sessions, links and the password end at once; byline and articles stay. Logged."""
    user.is_active = False
    # The hash of the password is part of sessions, of links and of known browsers.
    user.set_unusable_password()
    _save(user)
    log(by, user, gettext("Ended the account"))


@transaction.atomic
def begin_again(user: User, *, by: User) -> None:
    """The account works again, once its owner has chosen a password. Logged."""
    user.is_active = True
    _save(user)
    log(by, user, gettext("Opened the account again"))
