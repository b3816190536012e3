"""What the form of an article sends about notes on its paragraphs."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from publishing.text.parsing import normal_line_ends
from publishing.text.validators import validate_storable, validate_visible

from ..models import BODY_LENGTH, Article, Version
from ..models.colleagues.notes import LONGEST_NOTE
from . import writing
from .listing import listed, may_remove

STALE = _("Somebody saved meanwhile. Put the caret into the paragraph and try again.")


class NoteText(forms.CharField):
    """Plain text of some lines."""

    default_validators = [validate_storable, validate_visible]

    def __init__(self, **kwargs):
        super().__init__(max_length=LONGEST_NOTE, **kwargs)

    def clean(self, value):
        return normal_line_ends(super().clean(value))


class NoteForm(forms.Form):
    text = NoteText()
    start = forms.IntegerField(min_value=0, max_value=BODY_LENGTH)
    token = forms.CharField(max_length=16)


class ActionForm(forms.Form):
    action = forms.ChoiceField(choices=[(name, name) for name in ("answer", "resolve", "open", "remove")])
    text = NoteText(required=False)

    def clean(self):
        if self.cleaned_data.get("action") == "answer" and not self.errors and not self.cleaned_data["text"]:
            self.add_error("text", gettext("Write an answer."))


def urls(model_admin) -> list:
    views = {"notes": ("<int:key>/notes/", add), "note": ("<int:key>/notes/<int:number>/", act)}
    return [
        path(
            route,
            model_admin.admin_site.admin_view(require_POST(view)),
            {"model_admin": model_admin},
            name=f"articles_article_{name}",
        )
        for name, (route, view) in views.items()
    ]


def add(request: HttpRequest, key: int, model_admin) -> JsonResponse:
    """Write a note. 200: all `notes`. 400: `errors`. 404: the article is gone, or not one of theirs. 409: stale."""
    article, form = _article(request, key, model_admin), NoteForm(request.POST)
    if not form.is_valid():
        return _refused(form.errors.as_data())
    try:
        writing.write(article, by=request.user, **form.cleaned_data)
    except writing.Stale:
        return JsonResponse({"errors": [STALE]}, status=409)
    except ValidationError as error:
        return JsonResponse({"errors": error.messages}, status=400)
    except Article.DoesNotExist:
        return JsonResponse({"gone": True}, status=404)
    return _notes(article, request.user)


def act(request: HttpRequest, key: int, number: int, model_admin) -> JsonResponse:
    """Answer a note, resolve it, open it again or remove it. 200: all `notes`. 400: `errors`. 404: it is gone."""
    article, form = _article(request, key, model_admin), ActionForm(request.POST)
    note = get_object_or_404(article.paragraph_notes.filter(answers_to=None), pk=number)
    if not form.is_valid():
        return _refused(form.errors.as_data())
    action, by = form.cleaned_data["action"], request.user
    if action == "remove" and not may_remove(note, by):
        raise PermissionDenied
    try:
        if action == "answer":
            writing.answer(note, by=by, text=form.cleaned_data["text"])
        else:
            ACTIONS[action](note, by=by)
    except ValidationError as error:
        return JsonResponse({"errors": error.messages}, status=400)
    except Article.DoesNotExist:
        return JsonResponse({"gone": True}, status=404)
    return _notes(article, by)


ACTIONS = {"resolve": writing.resolve, "open": writing.open_again, "remove": writing.remove}


def _article(request, key: int, model_admin) -> Article:
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    article = Article.objects.editable_by(request.user).only("status", "published_at").filter(pk=key).first()
    if article is None:
        raise Http404("The article is gone, or not one of theirs.")
    return article


def _refused(errors: dict) -> JsonResponse:
    found = [sentence for several in errors.values() for error in several for sentence in error.messages]
    return JsonResponse({"errors": found}, status=400)


def _notes(article: Article, user) -> JsonResponse:
    anchors = Version.objects.shown().filter(article=article).values_list("anchors", flat=True).first()
    return JsonResponse({"notes": listed(article.pk, anchors, user)})
