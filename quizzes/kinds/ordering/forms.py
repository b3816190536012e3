from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishing.text import markdown

from ..base_forms import Forms, ids_of, sent_to, text_of, words


class OrderingForms(Forms):
    template = "quizzes/_{}_items.html"
    script = "js/quiz-order.js"

    def clean(self, question, paper, sent):
        tokens = sent_to(question, sent)
        if not any(tokens):
            return []
        known = paper.ids_by_token(question)
        ids = ids_of(known, [token for token in tokens if token])
        if len(set(ids)) < len(ids):
            raise ValidationError(_("An item is in two places. Give each item its own place."), code="repeated")
        if missing := len(known) - len(ids):
            message = ngettext(
                "%(count)s of %(all)s items have no place yet.",
                "%(count)s of %(all)s items have no place yet.",
                missing,
            )
            raise ValidationError(message, code="incomplete", params={"count": missing, "all": len(known)})
        return ids

    def shown(self, question, paper, sent):
        items = [
            {"token": paper.token(question, choice), "letter": chr(ord("A") + place), "words": words(choice["html"])}
            for place, choice in enumerate(paper.choices(question))
        ]
        places = sent_to(question, sent)[: len(items)]
        return {"items": items, "places": places + [""] * (len(items) - len(places)), **self._words()}

    def _words(self) -> dict[str, str]:
        """The sentences of the script, which fills their placeholders."""
        return {
            "moved": _("“%(item)s” is now number %(place)s of %(count)s."),
            "first": _("“%(item)s” is already first."),
            "last": _("“%(item)s” is already last."),
        }

    def answer_groups(self, question, report):
        items = {str(choice["id"]): text_of(choice["html"]) for choice in question["choices"]}
        right = {item: str(place) for place, item in enumerate(items, 1)}
        yield from report.parts(
            _("Items in their places"),
            right.values(),
            lambda place, item: f"{place}. {items[item]}",
            lambda place, item: right[item] == place,
        )
        yield from report.whole(_("Orders"), lambda key: " ".join(right.get(item, "?") for item in key.split(",")))

    def reviewed(self, question, answer, mark):
        items = {choice["id"]: markdown.stored(choice["html"]) for choice in question["choices"]}
        return {
            "parts": [{"html": items[pk], "is_right": pk in mark.matched} for pk in answer or ()],
            "right_order": list(items.values()),
            "laid": [items[pk] for pk in question.get("laid") or sorted(items)],
        }
