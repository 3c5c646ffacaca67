"""The texts of studies, of policies and of their parts, in the requested language.

Arms, titles and questions are messages where a study is defined.  What is no message, such as an arm of the user's own,
is shown as it is written.
"""

from experiments.reporting.catalogue import gettext, pgettext


def phrase(text: str, lang: str = "en") -> str:
    """Return a question, a title, an arm or a system in the requested language, as far as it is known.

    Examples
    --------
    >>> phrase("hard fines"), phrase("mine", "zh")
    ('hard fines', 'mine')
    """
    return gettext(lang, text) if text else ""


def part(text: str, lang: str = "en") -> str:
    """Return a policy's part, whose name may mean something else as an arm.

    Examples
    --------
    >>> part("reporting", "zh") == phrase("reporting", "zh")
    False
    """
    if text == "reporting":
        return pgettext(lang, "part of a policy", "reporting")
    if text == "couriers":
        return pgettext(lang, "part of a policy", "couriers")
    return gettext(lang, text)
