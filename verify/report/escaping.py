"""Text that others wrote, made safe to show: control characters visible, markup harmless, long things short."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"[\\`*_\[\]|~$]")


def visible(text: str) -> str:
    """Return the text with every character that does not print (controls, direction marks) as an escape sequence."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def shortened(text: str, limit: int) -> str:
    """Return the text, its middle left out where it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    head = limit // 2
    return f"{text[:head]}…{text[len(text) - (limit - 1 - head) :]}"


def markdown_text(text: str) -> str:
    """Return text that Markdown renders as it is: no markup, no HTML, no links, no table cells, one line."""
    safe = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    safe = _MARKDOWN.sub(lambda found: "\\" + found[0], safe)
    safe = safe.replace("://", "&#58;//").replace("@", "&#64;")
    return re.sub(r"(?i)www\.", lambda found: found[0][:-1] + "&#46;", safe)


def markdown_block(text: str) -> str:
    """Return a fenced code block with this text on one line."""
    shown = visible(text)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    return f"{fence}text\n{shown}\n{fence}"


def short_rational(text: str, limit: int = 17) -> str:
    """Return `p/q` with the middle digits of p and of q left out where they have more than `limit` digits."""
    return "/".join(shortened(part, limit) for part in text.split("/"))
