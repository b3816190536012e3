"""The forms of a page, as a browser fills them in and sends them."""

from html.parser import HTMLParser
from urllib.parse import urljoin

NOT_SENT = {"submit", "button", "image", "file", "reset"}


class Form:
    def __init__(self, attributes):
        self.id, self.action = attributes.get("id"), attributes.get("action") or ""
        # Values by name, as the page has them; and those of buttons.
        self.values: dict[str, list[str]] = {}
        self.buttons: dict[str, str] = {}


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self._form, self._select, self._text = [], None, None, None
        self._options = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self._form = Form(attributes)
            self.forms.append(self._form)
        elif tag in ("input", "button", "select", "textarea"):
            self._control(tag, attributes)
        elif tag == "option" and self._select:
            self._options.append((attributes.get("value", ""), "selected" in attributes))

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select:
            form, attributes = self._select
            chosen = [value for value, is_selected in self._options if is_selected]
            if not chosen and "multiple" not in attributes:
                chosen = [value for value, _ in self._options[:1]]
            form.values[attributes["name"]] = chosen
            self._select, self._options = None, []
        elif tag == "textarea" and self._text:
            form, name, parts = self._text
            form.values[name] = ["".join(parts).removeprefix("\r").removeprefix("\n")]
            self._text = None

    def handle_data(self, data):
        if self._text:
            self._text[2].append(data)

    def _control(self, tag, attributes):
        named = [form for form in self.forms if form.id and form.id == attributes.get("form")]
        form, name = named[0] if named else self._form, attributes.get("name")
        if form is None or not name or "disabled" in attributes:
            return
        kind = "submit" if tag == "button" else attributes.get("type", "text")
        if tag == "select":
            self._select = (form, attributes)
        elif tag == "textarea":
            self._text = (form, name, [])
        elif kind in NOT_SENT:
            form.buttons.setdefault(name, attributes.get("value") or "")
        elif kind not in ("checkbox", "radio"):
            form.values.setdefault(name, []).append(attributes.get("value") or "")
        else:
            found = form.values.setdefault(name, [])
            if "checked" in attributes:
                found.append(attributes.get("value") or "on")


def form_with(page: str, name: str) -> Form:
    """The first form that has a control or button of this name, or this id. Raises LookupError."""
    parser = _Forms()
    parser.feed(page)
    for form in parser.forms:
        if name in form.values or name in form.buttons or name == form.id:
            return form
    raise LookupError(f"no form has {name}")


def submit(client, url: str, name: str, /, **values):
    """Send the form of a page that has a control or button of this name, with other values; returns the response.

    A value is a text or a list of texts, and replaces what the form has. The name of a field that only a script adds
    ends with `__new`.
    """
    page = client.get(url)
    assert page.status_code == 200, (url, page.status_code)
    form = form_with(page.content.decode(), name)
    data = dict(form.values)
    if name in form.buttons:
        data[name] = [form.buttons[name]]
    for key, value in values.items():
        known = key.removesuffix("__new")
        assert known in data or key != known, f"{url} has no field {key}: {sorted(data)}"
        data[known] = value if isinstance(value, list) else [value]
    return client.post(urljoin(url, form.action.partition("#")[0]), data)
