"""Form widgets for editors."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget, AutocompleteSelect

from publishing.text import languages


class MarkdownWidget(AdminTextareaWidget):
    """A textarea with a toolbar and a preview, which need the script."""

    template_name = "articles/markdown_widget.html"

    class Media:
        css = {"all": ["css/pictures.css"]}
        js = [forms.Script("js/markdown-editor.js", type="module")]


class LanguageWidget(AdminTextInputWidget):
    """A tag, with a list of usual ones."""

    template_name = "articles/language_widget.html"

    def get_context(self, *args):
        context = super().get_context(*args)
        attributes = context["widget"]["attrs"]
        attributes["list"] = f"{attributes['id']}-tags"
        return context | {"tags": languages.usual()}


class NamedAutocomplete(AutocompleteSelect):
    """A choice by typing whose empty box says what it is for: to screen readers that is its name."""

    def __init__(self, *args, placeholder: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.placeholder = placeholder

    def build_attrs(self, *args, **kwargs):
        return super().build_attrs(*args, **kwargs) | {"data-placeholder": self.placeholder}
