"""The comments on an article's page and on further pages of its thread."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from articles.models import Article
from publishing.cache import pages
from publishing.models import Publication
from publishing.paths import url_of

from ..forms import CommentForm, read_only_sentence
from ..models import CommentSettings, Thread
from ..reading import thread_pages

register = template.Library()


def _fields(form, held_sentence: str) -> SafeString:
    return render_to_string("comments/_form_fields.html", {"form": form, "held_sentence": held_sentence})


@lru_cache(maxsize=4)
def _empty_fields(held_sentence: str, language: str) -> SafeString:
    """The fields of an empty form, which are the same under every article in one language."""
    return _fields(CommentForm(article=None), held_sentence)


def _shared(context, article, thread):
    """The context of each part of a thread. The page is cached until the thread changes or closes."""
    request, rules = context["request"], CommentSettings.current()
    publication = Publication.current()
    held_sentence = publication.comments_held_sentence
    closes_at = rules.closes_at(article, thread)
    pages.cacheable(request, f"link:{article.pk}", f"thread:{article.pk}", "commenting", until=closes_at)
    form = context.get("comment_form")
    # A form that comes back with a text stays enabled, so that it can be sent again.
    read_only = read_only_sentence(request)
    is_open = rules.is_open(article, thread)
    return {
        "publication": publication,
        "article": article,
        "thread": thread,
        "thread_url": url_of("comments:thread", article.slug),
        "is_open": is_open,
        "may_reply": is_open and not read_only,
        "closes_at": closes_at,
        "has_run_out": closes_at is not None and closes_at <= timezone.now(),
        "comment_form": form,
        "fields": _fields(form, held_sentence) if form else _empty_fields(held_sentence, get_language()),
        "read_only_sentence": "" if form and (form.is_bound or form.unread) else read_only,
    }


@register.simple_tag(takes_context=True)
def why_read_only(context, form=None):
    """Why a form cannot be sent now, or "". One that comes back as it was sent can be sent again later."""
    return "" if form and form.is_bound else read_only_sentence(context["request"])


@register.simple_tag(takes_context=True)
def count_comments(context, articles):
    """Give each article its `comment_count`, for its card; or one article, for its page. One query.

    The page is cached until one of the numbers changes.
    """
    if isinstance(articles, Article):
        # The thread below it is not fetched again.
        articles.thread = Thread.for_article(articles)
        counts, articles = {articles.pk: articles.thread.comment_count}, [articles]
    else:
        threads = Thread.objects.filter(article__in=[article.pk for article in articles])
        counts = dict(threads.values_list("article", "comment_count"))
    for article in articles:
        article.comment_count = counts.get(article.pk, 0)
    pages.cacheable(context["request"], *(Thread.count_name(article.pk) for article in articles))
    return ""


@register.inclusion_tag("comments/_section.html", takes_context=True)
def comment_section(context, article, page=None):
    """A `page` of the thread, or the first one, and below it the `comment_form` of the view, or an empty one."""
    page = page or thread_pages.page(article)
    return _shared(context, article, page.thread) | {"page": page}


@register.inclusion_tag("comments/_replies.html", takes_context=True)
def comment_replies(context, article, conversation):
    """The replies on a page of one conversation."""
    return _shared(context, article, Thread.for_article(article)) | {"conversation": conversation}


@register.inclusion_tag("comments/_form.html", takes_context=True)
def comment_form(context, article):
    """The form, or why there is none."""
    return _shared(context, article, Thread.for_article(article))
