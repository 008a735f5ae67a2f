"""What to say on the phone, with the customer's figures in their places.

A script is HTML that a manager wrote, with placeholders such as ``{{ amount }}``. They are replaced by text, escaped,
and nothing is evaluated: neither the script nor a customer's name can run anything.
"""

import re
from html import escape

# An editor of HTML may write a space between the braces as "&nbsp;".
SPACE = r"(?:\s|&nbsp;)*"
PLACEHOLDER = re.compile(rf"\{{\{{{SPACE}([^{{}}]*?){SPACE}\}}\}}")


def fill(script: str, values: dict[str, str]) -> str:
    """The script with each known placeholder replaced by its value, as text; unknown ones stay as they are."""

    def replace(found):
        name = found.group(1)
        return escape(values[name]) if name in values else found.group(0)

    return PLACEHOLDER.sub(replace, script)


def find_unknown(script: str, known) -> list[str]:
    """Placeholders of the script that are not among the ``known`` ones, each once, in their order."""
    return [name for name in dict.fromkeys(PLACEHOLDER.findall(script)) if name not in known]
