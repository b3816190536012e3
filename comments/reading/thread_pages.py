"""A thread in pages: its conversations, each with its first replies; the other replies are on pages of their own.

Every visible comment is on exactly one of these pages, a pinned one at the top of the first. Pages are found by a key
(the last comment of the page before), so a page deep in a long thread costs what the first one costs, and new comments
move nothing from one page to another.
"""

from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlencode

from django.db.models import BigIntegerField, CharField, Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.translation import gettext as _

from publishing.bases.addressed import Gone
from publishing.database.prepared import Parameter, Prepared, PreparedBulk
from publishing.models import WITHDRAWN
from publishing.paths import url_of
from publishing.web import redirects

from ..models import PATH_DIGITS, Comment, Thread

ROOTS_PER_PAGE = 20
# With each conversation on a page of the thread, then on pages of their own.
REPLIES_SHOWN = 3
REPLIES_PER_PAGE = 20

# All that is shown of a comment, and of the one that it answers.
SHOWN = [
    "article_id", "parent_id", "root_id", "path", "depth", "kind", "name", "html", "is_visible", "is_editorial",
    "created_at", "erased_at",
]  # fmt: skip
PARENT_SHOWN = ["parent__name", "parent__erased_at"]


@dataclass
class Conversation:
    """A top-level comment, the replies shown with it, and how many come after them."""

    root: Comment
    replies: list[Comment] = field(default_factory=list)
    more: int = 0
    is_pinned: bool = False
    # Whether replies come before that are not shown with the root.
    has_earlier: bool = False

    @property
    def more_url(self) -> str:
        """Where the next replies are; empty without any."""
        last = self.replies[-1].pk if self.replies else None
        return thread_url(self.root.article, under=self.root.pk, after=last) if self.more else ""

    @property
    def previous_url(self) -> str:
        """Where the replies before are; empty if they are shown with the root."""
        if not self.has_earlier:
            return ""
        return thread_url(self.root.article, under=self.root.pk, before=self.replies[0].pk)

    @property
    def numbers(self) -> set[int]:
        return {self.root.pk, *(reply.pk for reply in self.replies)}


@dataclass
class ThreadPage:
    """What one page of a thread shows, and the keys of the pages beside it."""

    thread: Thread
    conversations: list[Conversation]
    newest_first: bool = False
    is_first: bool = True
    after: int | None = None
    before: int | None = None

    @property
    def next_url(self) -> str:
        return thread_url(self.thread.article, self.newest_first, after=self.after) if self.after else ""

    @property
    def previous_url(self) -> str:
        return thread_url(self.thread.article, self.newest_first, before=self.before) if self.before else ""

    @property
    def has_order(self) -> bool:
        """Whether oldest or newest first makes a difference."""
        return not self.is_first or len(self.conversations) > 1


def page(article, *, newest_first=False, after: int | None = None, before: int | None = None) -> ThreadPage:
    """The page of `article`'s thread that begins `after` a comment's number, or ends `before` it.

    Without conversations where there is no such page: nothing comes after, or what ends there is the first page.
    """
    thread, is_first = Thread.for_article(article), after is None and before is None
    result = ThreadPage(thread, [], newest_first, is_first)
    roots, has_more = _roots(thread, newest_first, after, before)
    if before is not None and not has_more:
        return result
    if roots and (has_more or before is not None):
        result.after = roots[-1].pk
    if roots and not is_first:
        result.before = roots[0].pk
    if is_first and thread.pinned_id:
        roots = [*_pinned_root()(article=article.pk, pinned=thread.pinned_id), *roots]
    result.conversations = _conversations(thread, roots)
    return result


def conversation_page(root: Comment, after: int | None = None, before: int | None = None) -> Conversation:
    """The replies to the visible `root` (with its article) that begin `after` a comment's number, or end `before` it.

    That comment may be hidden by now. Going back leaves out the replies that are shown with the root. Two queries.
    """
    replies = Comment.objects.visible().filter(root=root)
    rows = replies.select_related("parent").only(*SHOWN, *PARENT_SHOWN).order_by("path")
    if key := after or before:
        path = Subquery(Comment.objects.filter(pk=key, root=root).values("path"))
        rows = rows.filter(path__gt=path) if after else rows.filter(path__lt=path).order_by("-path")
    shown = sorted(rows[:REPLIES_PER_PAGE], key=lambda reply: reply.path)
    if not shown:
        return Conversation(root)
    beside = replies.aggregate(
        earlier=Count("pk", filter=Q(path__lt=shown[0].path)), more=Count("pk", filter=Q(path__gt=shown[-1].path))
    )
    with_root = max(0, REPLIES_SHOWN - beside["earlier"]) if before else 0
    return Conversation(root, shown[with_root:], beside["more"], has_earlier=beside["earlier"] > REPLIES_SHOWN)


def public_or_gone(comments, pk):
    """The comment among the public `comments`. Raises Gone if it was public once, Http404 if it never was."""
    if comment := comments.filter(pk=pk).first():
        return comment
    hidden = Comment.objects.ever_public().select_related("article").filter(pk=pk).first()
    if hidden and hidden.article.is_published:
        raise Gone(_("The comment was removed."))
    if hidden and redirects.target(hidden.article.get_absolute_url()) == WITHDRAWN:
        raise Gone(_("The article was withdrawn."))
    raise Http404("No such comment.")


def place_of(comment: Comment) -> str:
    """The address of the visible `comment` (with its article) on the page that shows it. Four queries at most."""
    article, root, after = comment.article, comment.root_id or comment.pk, None
    pinned = Thread.for_article(article).pinned_id
    if comment.root_id:
        earlier = Comment.objects.visible().filter(root=root, path__lt=comment.path).order_by("path")
        if after := _page_start(earlier, REPLIES_PER_PAGE, REPLIES_SHOWN):
            return f"{thread_url(article, under=root, after=after)}#{comment.anchor}"
    if root != pinned:
        earlier = Comment.objects.roots(article).filter(path__lt=comment.path[:PATH_DIGITS]).exclude(pk=pinned)
        after = _page_start(earlier, ROOTS_PER_PAGE)
    url = thread_url(article, after=after) if after else article.get_absolute_url()
    return f"{url}#{comment.anchor}"


def _page_start(earlier, size, first=0):
    """The id after which the page begins that follows all pages of `size` which the `earlier` comments fill.

    None for the first page, which shows `first` of them. Two queries.
    """
    folded = earlier.count() - first
    start = first + folded // size * size
    return earlier.values_list("pk", flat=True)[start - 1] if folded >= 0 and start else None


def thread_url(article, newest_first=False, **key) -> str:
    """The address of a page of the thread; of the article for the first one."""
    query = ({"sort": "newest"} if newest_first else {}) | {name: value for name, value in key.items() if value}
    if not query:
        return article.get_absolute_url() + "#comments"
    return f"{url_of('comments:thread', article.slug)}?{urlencode(query)}"


def _roots(thread, newest_first, after, before):
    """The roots of a page without the pinned one, in its order, and whether more follow. One query."""
    backwards = before is not None
    key = before if backwards else after
    values = {"article": thread.article_id, "pinned": thread.pinned_id or 0}
    if key is not None:
        values["path"] = f"{key:0{PATH_DIGITS}d}"
    rows = _page_of_roots(descending=newest_first != backwards, has_key=key is not None)(**values)
    has_more, rows = len(rows) > ROOTS_PER_PAGE, rows[:ROOTS_PER_PAGE]
    return (rows[::-1] if backwards else rows), has_more


def _conversations(thread, roots):
    """The conversations of a page. One query, none without replies."""
    shown = {root.pk: [getattr(root, f"reply_{index}") for index in range(REPLIES_SHOWN)] for root in roots}
    numbers = [number for replies in shown.values() for number in replies if number]
    found = _replies()(numbers)
    conversations = []
    for root in roots:
        root.article = thread.article
        replies = [found[number] for number in shown[root.pk] if number in found]
        more = max(0, root.reply_count - len(replies))
        conversations.append(Conversation(root, replies, more, is_pinned=root.pk == thread.pinned_id))
    return conversations


# --- prepared queries -----------------------------------------------------------------------------

_ARTICLE = Parameter("article", BigIntegerField())
_PINNED = Parameter("pinned", BigIntegerField())


@cache
def _page_of_roots(*, descending: bool, has_key: bool) -> Prepared:
    """A page of the roots on `article` without `pinned`, and one more; with a key, before or after its `path`."""
    roots = Comment.objects.roots(_ARTICLE).exclude(pk=_PINNED)
    if has_key:
        roots = roots.filter(**{"path__lt" if descending else "path__gt": Parameter("path", CharField())})
    return Prepared(_with_replies(roots.order_by("-path" if descending else "path"))[: ROOTS_PER_PAGE + 1])


@cache
def _pinned_root() -> Prepared:
    return Prepared(_with_replies(Comment.objects.roots(_ARTICLE).filter(pk=_PINNED)))


@cache
def _replies() -> PreparedBulk:
    return PreparedBulk(Comment.objects.visible().select_related("parent").only(*SHOWN, *PARENT_SHOWN))


def _with_replies(roots):
    """`roots` with the numbers of their first replies, and how many replies they have."""
    replies = Comment.objects.visible().filter(root=OuterRef("pk"))
    first = replies.order_by("path").values("pk")
    count = replies.order_by().values("root").annotate(number=Count("pk")).values("number")
    shown = {f"reply_{index}": Subquery(first[index : index + 1]) for index in range(REPLIES_SHOWN)}
    return roots.only(*SHOWN).annotate(reply_count=Coalesce(Subquery(count), 0), **shown)
