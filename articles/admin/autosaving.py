"""What is typed into the form of an article is saved every few seconds, valid or not."""

from dataclasses import asdict
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, JsonResponse, QueryDict
from django.urls import reverse

from publishing.text.blocks.cards import lines_with_addresses
from publishing.text.fields import TITLE_LENGTH
from publishing.text.parsing import normal_line_ends
from publishing.text.validators import validate_storable

from ..models import BODY_LENGTH, Article, LinkCard
from ..models.taxonomy import with_kept_labels
from ..versions import buttons, saving
from ..versions.content import DATES, EMPTY, KEYS, LISTS, TEXTS, as_text

# What does not fit a column is stored as it is typed, within reason.
LINE_LENGTH = 2000
LIST_LENGTH = 200


class KeyList(forms.TypedMultipleChoiceField):
    """Primary keys, in the order in which they were sent."""

    def __init__(self):
        super().__init__(coerce=int, required=False)

    def valid_value(self, value):
        return value.isdecimal() and len(value) < 19


class TypedDate(forms.DateField):
    """A date that is not finished is none yet, so that the text beside it is saved."""

    def clean(self, value):
        try:
            return super().clean(value)
        except ValidationError:
            return None


class TypedForm(forms.Form):
    """The fields of a version as they are typed: limits of size and storable characters, and nothing else."""

    category = series = cover = None
    tags, byline = KeyList(), KeyList()
    series_position = forms.IntegerField(required=False, min_value=0, max_value=32767)
    featured = forms.BooleanField(required=False)
    is_sensitive = forms.BooleanField(required=False)
    token = forms.CharField(required=False, max_length=16)
    # Fields as [name, value] pairs: what was saved last, and what was sent since without an answer.
    base = forms.JSONField(required=False)
    unanswered = forms.JSONField(required=False)
    created_in = forms.UUIDField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in TEXTS:
            length = BODY_LENGTH if name == "body" else LINE_LENGTH
            self.fields[name] = forms.CharField(
                required=False, strip=False, max_length=length, validators=[validate_storable]
            )
        for name in DATES:
            self.fields[name] = TypedDate(required=False)
        for name in KEYS:
            self.fields[name] = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def clean_base(self):
        base = self.cleaned_data["base"]
        return base and _content_of(base)

    def clean_unanswered(self):
        return [_content_of(pairs) for pairs in self.cleaned_data["unanswered"] or ()]

    def content(self) -> dict:
        cleaned = self.cleaned_data
        fields = {name: normal_line_ends(cleaned[name]) for name in TEXTS}
        fields |= {name: cleaned[name] for name in (*KEYS, "series_position", "featured", "is_sensitive")}
        fields |= {name: as_text(cleaned[name]) for name in DATES}
        fields |= {"tags": sorted(set(cleaned["tags"]))[:LIST_LENGTH], "authors": cleaned["byline"][:LIST_LENGTH]}
        # Labels may have been merged since the form was opened.
        return with_kept_labels(fields)


def _content_of(pairs) -> dict:
    """Raises ValidationError unless they are fields that could be saved."""
    try:
        form = TypedForm(QueryDict(urlencode([(str(name), str(value)) for name, value in pairs])))
    except (TypeError, ValueError) as error:
        raise ValidationError("Send fields as pairs of names and values.") from error
    if not form.is_valid():
        raise ValidationError("Send fields that can be saved.")
    return form.content()


def save(request: HttpRequest, key: int | None) -> JsonResponse:
    """Save the sent form as the working version; without `key`, as a new draft.

    200: the `token` for the next save; `fields` if they are merged with those of others; for a new draft, its
    addresses. 400: `errors` by field. 404: the article is gone, or not one of theirs. 409: `base` has to be sent, or
    a `conflict` with both texts of each field.
    """
    form = TypedForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors.get_json_data()}, status=400)
    fields, token = form.content(), form.cleaned_data["token"]
    with transaction.atomic():
        if key is None:
            article = saving.create(_valid_start(fields), by=request.user, key=form.cleaned_data["created_in"])
            version = saving.shown(article)
            token, fields = version.digest, fields | {"authors": fields["authors"] or version.fields["authors"]}
        else:
            article = (
                Article.objects.editable_by(request.user).locked().only("status", "published_at").filter(pk=key).first()
            )
            if article is None:
                return JsonResponse({"gone": True}, status=404)
            version = saving.current(article)
        if version.fields in form.cleaned_data["unanswered"]:
            token = version.digest
        fields, before = buttons.permitted(fields, article, version, request.user), version.fields["body"]
        try:
            result = saving.save_working(version, fields, by=request.user, token=token, base=form.cleaned_data["base"])
        except saving.UnknownBase:
            return JsonResponse({"base": None}, status=409)
        if not isinstance(result, saving.Conflict):
            _ask_for_cards(before, result.fields["body"])
    if isinstance(result, saving.Conflict):
        return JsonResponse(_conflict(result), status=409)
    answer = {"token": result.token}
    # A new article has got the byline of who begins it.
    if result.is_merged or (key is None and not form.cleaned_data["byline"]):
        answer |= {"fields": result.fields, "labels": _labels(result.fields)}
    if key is None:
        answer |= {"key": article.pk} | addresses(article.pk)
    return JsonResponse(answer)


def _ask_for_cards(before: str, after: str) -> None:
    """Of addresses that were there at the save before, too: one that is being typed is none yet."""
    if found := lines_with_addresses(after):
        LinkCard.objects.of(set(found).intersection(lines_with_addresses(before)))


def _labels(*several: dict) -> dict[str, dict[int, str]]:
    """The names of the rows that the fields refer to."""
    found = {}
    for name, model in (KEYS | LISTS).items():
        keys = {key for fields in several for key in ([fields[name]] if name in KEYS else fields[name])}
        found[name] = {pk: str(row) for pk, row in model.objects.in_bulk(keys - {None}).items()}
    return found


def addresses(key: int) -> dict[str, str]:
    """Where the form of an article is, and where its script saves it."""
    names = {"change": "change", "autosave": "autosave"}
    return {name: reverse(f"admin:articles_article_{view}", args=[key]) for name, view in names.items()}


def _valid_start(fields: dict) -> dict:
    """A draft that is valid whatever was typed: the rest is in its working version."""
    title = fields["title"][:TITLE_LENGTH]
    try:
        Article._meta.get_field("title").run_validators(title)
    except ValidationError:
        title = ""
    return EMPTY | {"title": title}


def _conflict(conflict: saving.Conflict) -> dict:
    pieces = {name: [asdict(piece) for piece in pieces] for name, pieces in conflict.merge.conflicts.items()}
    by = conflict.theirs.by
    return {
        "conflict": pieces,
        "fields": conflict.merge.fields,
        "theirs": conflict.theirs.fields,
        "labels": _labels(conflict.merge.fields, conflict.theirs.fields),
        "token": conflict.token,
        "by": by.get_full_name() or by.get_username() if by else "",
    }
