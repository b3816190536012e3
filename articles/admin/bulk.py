"""Changes of many articles: the actions of the list, and the page that asks, shows the progress and undoes."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from publishing.bases.admin import row_or_404

from ..bulk import running
from ..links.incoming import links_to
from ..models import Article, BulkChange, Category
from ..versions import buttons
from .widgets import LanguageWidget, NamedAutocomplete

Action = BulkChange.Action
# After these, links to the articles lead nowhere.
HIDING = (Action.ARCHIVE, Action.UNPUBLISH, Action.TRASH)
NOTICES = {
    Action.PUBLISH: _(
        "Drafts appear on the site at once, with what is worked on. What was published before keeps its date. What is "
        "published or scheduled stays as it is; what has no category or is stopped by its checks, too."
    ),
    Action.ARCHIVE: _(
        "Readers do not find them any more: their addresses answer that they are gone, and they leave lists, feeds, "
        "search and sitemap."
    ),
    Action.UNPUBLISH: _(
        "They become drafts: their addresses answer that they are gone, and they leave lists, feeds, search and "
        "sitemap."
    ),
    Action.CATEGORY: _("They move to another list, and their pages show its name. Addresses stay."),
    Action.TAG: _("Their pages show the tag, whose list and feed have them."),
    Action.LANGUAGE: _(
        "Their texts are shown and read aloud in it: with its direction, quotation marks and reading time. Without one "
        "it is found by the letters of each text."
    ),
    Action.TRASH: _(
        "They can be restored for 30 days, with comments and quizzes. Until then their addresses answer that they are "
        "gone, and they leave lists, feeds, search and sitemap."
    ),
}


def _action(action: Action):
    def ask(model_admin, request, queryset):
        keys = list(queryset.order_by("-pk").values_list("pk", flat=True)[: running.MOST + 1])
        if len(keys) > running.MOST:
            text = gettext("Choose at most %(count)s articles: filter the list first.")
            messages.error(request, text % {"count": number_format(running.MOST, force_grouping=True)})
            return None
        return HttpResponseRedirect(url_of(running.ask(action, keys, by=request.user)))

    ask.__name__ = action.value
    permission = "delete" if action == Action.TRASH else "publish"
    return admin.action(ask, description=format_lazy("{}…", action.label), permissions=[permission])


ACTIONS = [_action(action) for action in Action if action != Action.UNDO]


class CategoryForm(forms.Form):
    category = forms.ModelChoiceField(Category.objects, label=_("New category"))


class TagForm(forms.Form):
    tag = forms.ModelChoiceField(
        Article._meta.get_field("tags").related_model.objects,
        label=_("Tag"),
        widget=NamedAutocomplete(Article._meta.get_field("tags"), admin.site, placeholder=_("Choose a tag")),
    )


class LanguageForm(forms.Form):
    language = Article._meta.get_field("language").formfield(label=_("New language"), widget=LanguageWidget)


FORMS = {Action.CATEGORY: CategoryForm, Action.TAG: TagForm, Action.LANGUAGE: LanguageForm}


def url_of(change: BulkChange) -> str:
    return reverse("admin:articles_article_bulk", args=[change.pk])


def _may_look(user, change: BulkChange) -> bool:
    """Authors move their own drafts to the trash."""
    is_of_trash = Action.TRASH in (change.action, change.undoes and change.undoes.action)
    return buttons.may_publish(user) or (is_of_trash and change.by == user)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, key):
    """GET asks, or shows the progress; POST takes a `step`: confirm, continue, undo."""
    if not request.user.has_perm("articles.delete_article"):
        raise PermissionDenied
    change = row_or_404(BulkChange.objects.select_related("by", "category", "tag", "undoes", "undone_by"), key)
    if not _may_look(request.user, change):
        raise PermissionDenied
    form = FORMS.get(change.action, forms.Form)(request.POST if "confirm" in request.POST else None)
    if request.method == "POST":
        if "undo" in request.POST:
            return _undo(request, change)
        if "continue" in request.POST and change.confirmed_at:
            running.carry_out.enqueue(change.pk)
            return HttpResponseRedirect(url_of(change))
        if form.is_valid():
            running.confirm(change, **form.cleaned_data)
            return HttpResponseRedirect(url_of(change))
    progress = running.progress(change)
    context = admin.site.each_context(request) | {
        "title": _title(change, progress.total),
        "change": change,
        "form": form,
        "notice": NOTICES.get(change.action, ""),
        "progress": progress,
        "counts": {} if change.confirmed_at else _counts(change),
        "dying": links_to(_keys(change)) if change.action in HIDING and not change.confirmed_at else None,
        "is_nav_sidebar_enabled": False,
    }
    return TemplateResponse(request, "admin/articles/bulk.html", context)


def _title(change: BulkChange, total: int) -> str:
    text = ngettext("%(change)s (%(count)s article)", "%(change)s (%(count)s articles)", total)
    return text % {"change": change, "count": number_format(total, force_grouping=True)}


def _undo(request, change):
    try:
        change = running.undo(change, by=request.user)
    except ValueError as error:
        messages.warning(request, str(error))
    return HttpResponseRedirect(url_of(change))


def _keys(change: BulkChange) -> list[int]:
    return [key for part in change.parts.values_list("keys", flat=True) for key in part]


def _counts(change: BulkChange) -> dict[str, int]:
    """How many of the chosen readers see now, will see, and do not see."""
    keys = _keys(change)
    is_released, now = Q(status="published"), timezone.now()
    return Article.objects.filter(pk__in=keys).aggregate(
        public=Count("pk", filter=is_released & Q(published_at__lte=now)),
        scheduled=Count("pk", filter=is_released & Q(published_at__gt=now)),
        hidden=Count("pk", filter=~is_released),
    )
