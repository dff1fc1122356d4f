"""Pages that are no issue: those of a repository, those that only list issues."""

from __future__ import annotations

from markdown_it.token import Token

from bot.parsing.markdown import tokenize
from bot.parsing.naming import is_guide, read_naming, split_front_matter


def is_index(markdown: str, *, filename: str) -> bool:
    """Tell whether a page stands beside issues and is none: a README, or a list of files named like issues.

    A page with a number or dates of its own, in its name or its front matter, is an issue whatever it says.
    """
    fields, _, text = split_front_matter(markdown)
    naming = read_naming(filename, fields)
    if naming.tells:
        return False
    return is_guide(filename) or _lists_issues(text)


def _lists_issues(text: str) -> bool:
    tokens, _ = tokenize(text)
    items = [token for token in tokens if token.type == "list_item_open"]
    listed = [token for token in tokens if token.type == "inline" and _leads_to_issue(token)]
    return bool(items) and len(listed) * 2 > len(items)


def _leads_to_issue(inline: Token) -> bool:
    targets = [str(token.attrs.get("href", "")) for token in inline.children or () if token.type == "link_open"]
    return len(targets) == 1 and "://" not in targets[0] and read_naming(targets[0].rstrip("/"), {}).tells
