"""A comment becomes a correction of its article, which thanks the writer."""

from articles.corrections.sources import form_url, source
from comments.models import Comment, Status
from comments.moderation.decisions import may_read
from publishing.text import markdown

NAME = "comment"
# Not what was refused.
USABLE = (Status.PENDING, Status.APPROVED)


def correction_url(comment: Comment, user) -> str:
    """The form of the article with a note that thanks the writer; "" if the account or the comment has none."""
    is_usable = comment.name and comment.status in USABLE and comment.article.is_published
    return form_url(comment.article_id, NAME, comment.pk) if is_usable and _may_use(user) else ""


def _may_use(user) -> bool:
    return may_read(user) and user.has_perm("articles.publish_article")


@source(NAME)
def thanks(article, key, user) -> str:
    if not _may_use(user):
        return ""
    rows = Comment.objects.filter(pk=key, article=article, status__in=USABLE).exclude(name="")
    name = rows.values_list("name", flat=True).first()
    return f"… Thanks to {markdown.escaped(name)}." if name else ""
