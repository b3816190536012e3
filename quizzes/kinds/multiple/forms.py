from django.utils.translation import gettext as _

from ..single.forms import SingleForms


class MultipleForms(SingleForms):
    def answer_groups(self, question, report):
        yield from super().answer_groups(question, report)
        letters = {str(choice["id"]): chr(ord("A") + place) for place, choice in enumerate(question["choices"])}
        yield from report.whole(_("Ticked together"), lambda key: " ".join(map(letters.get, key.split(","))))
