"""Form widgets for editors."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget


class MarkdownWidget(AdminTextareaWidget):
    """A textarea with a toolbar and a preview, which need the script."""

    template_name = "articles/markdown_widget.html"

    class Media:
        css = {"all": ["css/pictures.css"]}
        js = [forms.Script("js/markdown-editor.js", type="module")]
