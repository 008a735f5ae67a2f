from babel.numbers import format_percent

from odoo.tools.misc import babel_locale_parse, get_lang


def format_share(env, share, digits=0):
    """A share of one as a percentage, as the user's language writes it: "38%", "38 %" with a space that never breaks.

    ``digits``: decimals shown, all of them.
    """
    locale = babel_locale_parse(get_lang(env).code)
    pattern = locale.percent_formats[None].pattern
    return format_percent(
        share, format=pattern.replace("0", f"0.{'0' * digits}", 1) if digits else pattern, locale=locale
    )
