"""The figures that a district is judged by: what each is called, in what unit, and on which scale it scatters."""

from __future__ import annotations

from typing import Final, NamedTuple

from experiments.analyses.validation.evidence import Scale
from experiments.reporting.catalogue import N_, gettext, pgettext

__all__ = ["FIGURES", "Words", "name_of", "words_of"]


class Words(NamedTuple):
    """A figure in words.

    Attributes
    ----------
    name
        What it is called.
    unit
        What it is measured in.
    scale
        On which it scatters about evenly from run to run.
    """

    name: str
    unit: str
    scale: Scale = "plain"


FIGURES: Final[dict[str, Words]] = {
    "elasticity": Words(N_("elasticity of filings to households"), "exponent of households"),
    "dispersion": Words(N_("dispersion k of yearly filings, given size"), "negative-binomial k", "log"),
    "share service": Words(N_("share of service in filings"), "share of filings", "logit"),
    "share facility": Words(N_("share of facility in filings"), "share of filings", "logit"),
    "share parking": Words(N_("share of parking in filings"), "share of filings", "logit"),
    "share noise": Words(N_("share of noise in filings"), "share of filings", "logit"),
    "share charging": Words(N_("share of charging in filings"), "share of filings", "logit"),
    "share fees": Words(N_("share of fees in filings"), "share of filings", "logit"),
    "share committee": Words(N_("share of committee in filings"), "share of filings", "logit"),
    "reply": Words(N_("median reply"), "days", "log"),
    "authority": Words(N_("filings that reach an authority"), "per 1,000 residents and year", "log"),
    "tolerated": Words(N_("conflicts that are borne"), "share of conflicts", "logit"),
    "to a third party": Words(N_("conflicts taken to a third party"), "share of conflicts", "logit"),
    "settled at the table": Words(N_("settled at the table"), "share of cases at the table", "logit"),
    "reached the table": Words(N_("reached the table"), "share of those who ask, between neighbours", "logit"),
    "settled of those who asked": Words(N_("settled, of those who asked"),
                                        "share of those who ask, between neighbours", "logit"),
    "committees": Words("owners' committees", "of 1,034 estates", "log"),
    "volume": Words(N_("filings with an authority"), "per 1,000 adults and year", "log"),
    "silent estates": Words(N_("estates without a filing in a year"), "share of estates", "logit"),
    "busiest tenth": Words(N_("filings from the busiest tenth of estates"), "share of filings", "logit"),
    "halves": Words(N_("likeness of the two halves of a year"),
                    "rank correlation over estates of filings per household"),
    "near repeats": Words(N_("near repeats"), "other filings within 4 weeks, over those by lot", "log"),
    "reply tail": Words(N_("slow replies against the median"), "90 % quantile over median", "log"),
    "busy desks": Words(N_("slower where more is filed"),
                        "rank correlation over communities of filings per adult and median reply"),
    "own experience": Words(N_("adult-years for each case of one's own that ends"), "adult-years", "log"),
    "agreements kept": Words(N_("agreements that last"), "share of agreements", "logit"),
    "riders' turnover": Words(N_("riders who leave"), "per week", "log"),
    "riders under a year": Words(N_("riders who have been riding for less than a year"), "share of riders", "logit"),
    "riders' hazards": Words(N_("hazards that riders bring, half a year into a campaign"),
                             "change against no campaign"),
    "riders' offences": Words(N_("offences of riders, a year into a campaign"), "change against no campaign"),
    "members in enterprises": Words(N_("party members who belong to enterprises"), "share of members", "logit"),
}  # fmt: skip
"""Figures of what happens, in the order in which they are told; the ground's have their own names."""

_GROUND: Final = (
    N_("households of an estate, median"),
    N_("households of an estate, mean"),
    N_("households of an estate, log-sd"),
    N_("households of an estate, Gini"),
    N_("households, lower tail over upper (lognormal: 1)"),
    N_("buildings of an estate, median"),
    N_("fee, median (yuan per m2 and month)"),
    N_("fee, log-sd"),
    N_("fee and year, Spearman"),
    N_("fee and households, Spearman"),
    N_("firms with one estate, share"),
    N_("estates with the ten largest firms, share"),
    N_("portfolios, Zipf exponent"),
    N_("same firm at the nearest estate"),
    N_("same firm at a random estate"),
    N_("Clark-Evans index of positions"),
    N_("adults of a household"),
    N_("estates with 3 members or more at 0.002 a household"),
    N_("estates with 3 members or more at 0.005 a household"),
    N_("estates with 3 members or more at 0.01 a household"),
    N_("estates with 3 members or more at 0.02 a household"),
)
"""Names of the ground's figures, which the model gives them, for their translations."""


def words_of(figure: str) -> Words:
    """Return a figure's words; a figure of the ground is its own name.

    Examples
    --------
    >>> words_of("reply").unit, words_of("fee, log-sd").name
    ('days', 'fee, log-sd')
    """
    return FIGURES.get(figure) or Words(figure, "")


def name_of(figure: str, lang: str = "en") -> str:
    """Return what a figure is called in a language.

    Examples
    --------
    >>> name_of("reply"), name_of("committees"), name_of("fee, log-sd")
    ('median reply', "owners' committees", 'fee, log-sd')
    """
    if figure == "committees":  # their number
        return pgettext(lang, "a figure", "owners' committees")
    return gettext(lang, words_of(figure).name)
