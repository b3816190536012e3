"""The page of the trash, and the message after an article was moved there."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ...links.incoming import state_of
from ...models import Article, TrashedArticle
from ...trash import moving

PER_PAGE = 50
GONE = _("It is not in the trash any more.")
COLUMNS = ("by", "at", "status", "slug", "article__title", "article__published_at", "article__archives_at")


@require_http_methods(["GET", "HEAD", "POST"])
def page(request):
    """GET lists it. POST restores what is chosen or asks whether to delete it for ever, and then does."""
    if not request.user.has_perm("articles.delete_article"):
        raise PermissionDenied
    rows = TrashedArticle.objects.restorable_by(request.user).select_related("article", "by")
    rows = rows.only(*COLUMNS, "by__username", "by__first_name", "by__last_name")
    if request.method == "POST":
        return _act(request, rows)
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    for row in shown:
        row.days_left = moving.days_left(row)
    return _render(request, "trash", title=gettext("Trash"), page=shown, days=moving.KEPT_DAYS)


def moved_message(request, title: str, key: int) -> str:
    """That an article lies in the trash, with a button that restores it."""
    row = TrashedArticle.objects.select_related("article").get(pk=key)
    context = {"article_title": title, "row": row, "days": moving.KEPT_DAYS, "token": get_token(request)}
    return render_to_string("admin/articles/trash/moved.html", context)


def _act(request, rows):
    """A button has the key of its row; without one it is for all that are ticked."""
    steps = {"restore": _restore, "draft": _restore_as_drafts, "delete": _ask, "delete_for_ever": _delete}
    step = next((name for name in steps if name in request.POST), "restore")
    wanted = [request.POST[step]] if request.POST.get(step) else request.POST.getlist("chosen")
    keys = [int(key) for key in wanted[:PER_PAGE] if key.isdecimal() and len(key) < 19]
    chosen = list(rows.filter(pk__in=keys))
    if not chosen:
        messages.warning(request, GONE if keys else gettext("Choose articles first."))
        return _back(request)
    return steps[step](request, chosen)


def _restore(request, chosen, *, as_draft=False):
    restored = []
    for row in chosen:
        try:
            sentences = moving.restore(row, by=request.user, as_draft=as_draft)
        except TrashedArticle.DoesNotExist:
            messages.warning(request, gettext("“%(title)s” is not in the trash any more.") % {"title": row})
        else:
            restored.append(row.article_id)
            for sentence in sentences:
                text = gettext("“%(title)s”: %(message)s") % {"title": row, "message": sentence}
                messages.warning(request, text)
    found = Article.objects.only("title", "status", "published_at").in_bulk(restored)
    context = {"articles": [(found[key], state_of(found[key])) for key in restored if key in found]}
    messages.success(request, render_to_string("admin/articles/trash/restored.html", context))
    return _back(request)


def _restore_as_drafts(request, chosen):
    return _restore(request, chosen, as_draft=True)


def _ask(request, chosen):
    return _render(request, "delete", title=gettext("Delete for ever?"), rows=chosen)


def _delete(request, chosen):
    for row in chosen:
        moving.delete(row, by=request.user)
    titles = ", ".join(gettext("“%(title)s”") % {"title": row} for row in chosen)
    messages.success(request, gettext("Deleted for ever: %(titles)s.") % {"titles": titles})
    return _back(request)


def _back(request):
    """To the page of the button: the list of articles has one in its message."""
    is_list = request.POST.get("back") == "articles"
    return HttpResponseRedirect(reverse(f"admin:articles_article_{'changelist' if is_list else 'trash'}"))


def _render(request, name, **context):
    context = admin.site.each_context(request) | {"is_nav_sidebar_enabled": False} | context
    return TemplateResponse(request, f"admin/articles/trash/{name}.html", context)
