"""A thread in pages: conversations by the comment that began them, the first answers shown and the others folded.

Every visible comment stands on exactly one of these pages: what is pinned on the first one, above all others; each
conversation with its first answers on a page of the thread; the other answers on pages of that conversation. Pages go
on from a key (the last comment of the page before), so a page deep in a thread of thousands costs what the first one
costs, and what arrives meanwhile shifts nothing.
"""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.urls import reverse

from articles.models import Article
from publishing.bases.addressed import Gone
from publishing.models import WITHDRAWN
from publishing.web import redirects

from ..models import PATH_DIGITS, Comment, Thread

ROOTS_PER_PAGE = 20
# Of each conversation, until the reader asks for more; then in pages of their own.
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
    """A comment that answers no other, the answers shown with it, and how many come after them."""

    root: Comment
    replies: list[Comment] = field(default_factory=list)
    more: int = 0
    is_pinned: bool = False
    # Whether other answers than those that stand with the root come before.
    has_earlier: bool = False

    @property
    def more_url(self) -> str:
        """The address of the answers that come next; empty where none does."""
        last = self.replies[-1].pk if self.replies else None
        return conversation_url(self.root, after=last) if self.more else ""

    @property
    def previous_url(self) -> str:
        """The address of the answers that come before; empty where those stand with the root."""
        return conversation_url(self.root, before=self.replies[0].pk) if self.has_earlier else ""

    @property
    def numbers(self) -> set[int]:
        """The comments that stand here."""
        return {self.root.pk, *(reply.pk for reply in self.replies)}


@dataclass
class ThreadPage:
    """What one page of a thread shows, and the keys of the pages beside it."""

    article: Article
    thread: Thread
    conversations: list[Conversation]
    newest_first: bool = False
    is_first: bool = True
    after: int | None = None
    before: int | None = None

    @property
    def next_url(self) -> str:
        return thread_url(self.article, self.newest_first, after=self.after) if self.after else ""

    @property
    def previous_url(self) -> str:
        return thread_url(self.article, self.newest_first, before=self.before) if self.before else ""

    @property
    def has_order(self) -> bool:
        """Whether oldest or newest first makes a difference."""
        return not self.is_first or len(self.conversations) > 1


def page(article, *, newest_first=False, after: int | None = None, before: int | None = None) -> ThreadPage:
    """The page of `article`'s thread that goes on `after` a comment's number, or ends `before` it.

    Without conversations where that is no page of its own: where nothing comes after, and where what ends there is
    the first page. Two queries, however long the thread is: the conversations with the thread itself, and the answers
    to show. Three where no conversation is found.
    """
    roots, has_more = _roots(article, newest_first, after, before)
    if before is not None and not has_more:
        return ThreadPage(article, Thread.of(article), [], newest_first)
    is_first = after is None and before is None
    thread, pinned = _thread(article, roots)
    result = ThreadPage(article, thread, _conversations(article, thread, roots, pinned if is_first else None))
    result.newest_first, result.is_first = newest_first, is_first
    if roots and (has_more or before is not None):
        result.after = roots[-1].pk
    if roots and not is_first:
        result.before = roots[0].pk
    return result


def conversation_page(root: Comment, after: int | None = None, before: int | None = None) -> Conversation:
    """The answers under the visible `root` (with its article) that go on `after` a comment's number, or end `before`.

    That one need not be visible any more, as long as it stood in this conversation. What ends before it leaves out the
    answers that stand with the root. Two queries.
    """
    replies = Comment.objects.visible().filter(root=root)
    rows = replies.select_related("parent").only(*SHOWN, *PARENT_SHOWN).order_by("path")
    if key := after or before:
        path = Subquery(Comment.objects.filter(pk=key, root=root).values("path"))
        rows = rows.filter(path__gt=path) if after else rows.filter(path__lt=path).order_by("-path")
    shown = sorted(rows[:REPLIES_PER_PAGE], key=lambda reply: reply.path)
    if not shown:
        return Conversation(root)
    first, last = (
        Count("pk", filter=condition) for condition in (Q(path__lt=shown[0].path), Q(path__gt=shown[-1].path))
    )
    beside = replies.aggregate(earlier=first, more=last)
    with_root = max(0, REPLIES_SHOWN - beside["earlier"]) if before else 0
    return Conversation(root, shown[with_root:], beside["more"], has_earlier=beside["earlier"] > REPLIES_SHOWN)


def public_or_gone(comments, pk):
    """The one of `comments`, which readers see. Raises Gone when they saw it once, Http404 when they never did.

    One query, one more when it is not there.
    """
    if comment := comments.filter(pk=pk).first():
        return comment
    hidden = Comment.objects.ever_public().select_related("article").filter(pk=pk).first()
    if hidden and hidden.article.is_published:
        raise Gone("The comment was removed.")
    if hidden and redirects.target(hidden.article.get_absolute_url()) == WITHDRAWN:
        raise Gone("The article was withdrawn.")
    raise Http404("No such comment.")


def place_of(comment: Comment) -> str:
    """The address of the page that shows the visible `comment` (with its article), down to the comment itself.

    Three queries at most, with the article's thread; one more without it.
    """
    article, root_number = comment.article, comment.root_id or comment.pk
    pinned = Thread.of(article).pinned_id
    if comment.root_id:
        earlier = Comment.objects.visible().filter(root=comment.root_id, path__lt=comment.path).order_by("path")
        folded = earlier.count() - REPLIES_SHOWN
        if folded >= 0:
            start = REPLIES_SHOWN + folded // REPLIES_PER_PAGE * REPLIES_PER_PAGE
            after = earlier.values_list("pk", flat=True)[start - 1]
            return f"{conversation_url(Comment(pk=root_number, article=article), after=after)}#{comment.anchor}"
    if root_number != pinned:
        earlier = Comment.objects.roots(article).filter(path__lt=comment.path[:PATH_DIGITS])
        earlier = earlier.exclude(pk=pinned) if pinned else earlier
        if start := earlier.count() // ROOTS_PER_PAGE * ROOTS_PER_PAGE:
            after = earlier.values_list("pk", flat=True)[start - 1]
            return f"{thread_url(article, after=after)}#{comment.anchor}"
    return f"{article.get_absolute_url()}#{comment.anchor}"


def thread_url(article, newest_first=False, **key) -> str:
    """The address of a page of the thread; the article's own where that is it."""
    query = ({"sort": "newest"} if newest_first else {}) | {name: value for name, value in key.items() if value}
    if not query:
        return article.get_absolute_url() + "#comments"
    return f"{reverse('comments:thread', args=[article.slug])}?{urlencode(query)}"


def conversation_url(root, **key) -> str:
    query = {"under": root.pk} | {name: value for name, value in key.items() if value}
    return f"{reverse('comments:thread', args=[root.article.slug])}?{urlencode(query)}"


def _roots(article, newest_first, after, before):
    """At most a page of conversations' first comments in the order shown, and whether there are more that way."""
    backwards = before is not None
    key = before if backwards else after
    descending = newest_first != backwards
    row = Thread.objects.filter(article=article)
    roots = Comment.objects.roots(article).exclude(pk=Coalesce(Subquery(row.values("pinned")), 0))
    if key is not None:
        path = f"{key:0{PATH_DIGITS}d}"
        roots = roots.filter(path__lt=path) if descending else roots.filter(path__gt=path)
    # The thread's own row comes along in subqueries: for a join the database would read and sort all roots.
    names = ("comment_count", "policy", "close_after_days", "pinned")
    whole = {f"thread_{name}": Subquery(row.values(name)) for name in names}
    if key is None:
        whole |= _answers_to_pinned(article)
    rows = roots.order_by("-path" if descending else "path").only(*SHOWN)
    rows = list(rows.annotate(**_answers(OuterRef("pk")), **whole)[: ROOTS_PER_PAGE + 1])
    has_more, rows = len(rows) > ROOTS_PER_PAGE, rows[:ROOTS_PER_PAGE]
    return (rows[::-1] if backwards else rows), has_more


def _answers(root, prefix=""):
    """Annotations: the numbers of the first answers to `root`, and how many there are."""
    answers = Comment.objects.visible().filter(root=root)
    first = answers.order_by("path").values("pk")
    number = answers.order_by().values("root").annotate(number=Count("pk")).values("number")
    shown = {f"{prefix}reply_{index}": Subquery(first[index : index + 1]) for index in range(REPLIES_SHOWN)}
    return {f"{prefix}reply_count": Coalesce(Subquery(number), 0), **shown}


def _answers_to_pinned(article):
    """The same of what is pinned. These depend on no row, so the database finds them once for all."""
    return _answers(Subquery(Thread.objects.filter(article=article).values("pinned")), "pinned_")


def _thread(article, roots):
    """The article's thread, from the row of a root where there is one, and a row that knows the answers to what is
    pinned (None where nothing is)."""
    if not roots:
        thread = Thread.objects.filter(article=article).annotate(**_answers_to_pinned(article)).first()
        return thread or Thread(article=article), thread if thread and thread.pinned_id else None
    first = roots[0]
    thread = Thread(
        article=article, comment_count=first.thread_comment_count, policy=first.thread_policy,
        close_after_days=first.thread_close_after_days, pinned_id=first.thread_pinned,
    )  # fmt: skip
    return thread, first if thread.pinned_id else None


def _conversations(article, thread, roots, pinned):
    """The conversations of a page, what is pinned before all others where `pinned` knows its answers. One query."""
    wanted = {root.pk: _numbers(root) for root in roots}
    if pinned:
        wanted = {thread.pinned_id: _numbers(pinned, "pinned_")} | wanted
    numbers = [pk for replies in wanted.values() for pk in replies] + ([thread.pinned_id] if pinned else [])
    found = {}
    if numbers:
        rows = Comment.objects.visible().filter(pk__in=numbers)
        found = rows.select_related("parent").only(*SHOWN, *PARENT_SHOWN).order_by().in_bulk()
    if pinned and thread.pinned_id in found:
        top = found[thread.pinned_id]
        top.reply_count = pinned.pinned_reply_count
        roots = [top, *roots]
    conversations = []
    for root in roots:
        root.article = article
        replies = [found[pk] for pk in wanted[root.pk] if pk in found]
        more = max(0, root.reply_count - len(replies))
        conversations.append(Conversation(root, replies, more, is_pinned=root.pk == thread.pinned_id))
    return conversations


def _numbers(row, prefix=""):
    numbers = (getattr(row, f"{prefix}reply_{index}") for index in range(REPLIES_SHOWN))
    return [number for number in numbers if number]
