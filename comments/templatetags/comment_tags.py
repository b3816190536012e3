"""The comments on an article's page."""

from django import template

from publishing import pages
from publishing.models import Publication

from ..forms import CommentForm
from ..models import Comment, ThreadCount
from ..views import READ_ONLY_SENTENCE, is_read_only

register = template.Library()


@register.inclusion_tag("comments/_section.html", takes_context=True)
def comment_section(context, article):
    """The thread of `article` and the form under it, or the form `comment_form` that a view puts into the context.

    Two queries, however many comments there are. The page is named `article:<id>`, which the moderators' verbs purge.
    """
    request = context["request"]
    pages.shows(request, f"article:{article.pk}")
    form = context.get("comment_form")
    # A form that comes back with a text stays writable, so that the text can be copied, mended and sent again.
    read_only = is_read_only(request) and form is None
    return {
        "request": request,
        "publication": Publication.current(),
        "article": article,
        "comments": Comment.objects.in_thread(article).only("name", "html", "created_at"),
        "number": ThreadCount.of(article),
        "comment_form": form or CommentForm(article=article, read_only=read_only),
        "read_only_sentence": READ_ONLY_SENTENCE if read_only else "",
    }
