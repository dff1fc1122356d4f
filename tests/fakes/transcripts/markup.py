"""HTML made of elements: text is escaped because it is text, never because somebody remembered to."""

from __future__ import annotations

from markupsafe import Markup, escape

Child = str | Markup
"""Plain text is escaped; markup is taken as it is."""


def element(tag: str, /, *children: Child, **attributes: str | None) -> Markup:
    """Make an element. An attribute that is None is left away; `class_` and `for_` lose their underscore."""
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), value)
        for key, value in attributes.items()
        if value is not None
    )
    inner = Markup("").join(map(escape, children))
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(tag), written, inner)  # our own names of elements


def void(tag: str, /, **attributes: str) -> Markup:
    """Make an element that holds nothing, such as a picture or a line break."""
    written = Markup("").join(Markup(' {}="{}"').format(key.rstrip("_"), value) for key, value in attributes.items())
    return Markup("<{}{}>").format(Markup(tag), written)  # our own names of elements


def join(parts: list[Markup]) -> Markup:
    """Put pieces one after the other."""
    return Markup("").join(parts)


def page(title: str, style: str, body: Markup, *, theme: str, language: str = "en") -> str:
    """Make a whole page that needs nothing from outside."""
    head = join(
        [
            void("meta", charset="utf-8"),
            void("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("title", title),
            element("style", Markup(style)),  # our own style sheet
        ]
    )
    whole = element("html", element("head", head), element("body", body), lang=language, data_theme=theme)
    return f"<!doctype html>\n{whole}\n"
