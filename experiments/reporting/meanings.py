"""What the arms are, in a sentence or two."""

from __future__ import annotations

from experiments.reporting.catalogue import N_, gap, gettext
from experiments.reporting.phrases import phrase
from experiments.reporting.words import arm, base_of, control_of, cover_of, less_of, lesser

__all__ = ["meaning", "question"]

ARM_MEANINGS: dict[str, str] = {
    "none": N_("No branch anywhere; firms, committees and the desks of community, street and district as they are."),
    "own": N_("A branch only where at least three registered members live."),
    "dispatched": N_(
        "Every estate is served by secretaries whom the community sends; their hours leave the community's desk."),
    "joint": N_("Neighbouring estates with at least three members together share a branch."),
    "full": N_("The study's rule: an own branch where three members live, elsewhere a joint or a dispatched one."),
    "random": N_("Full coverage's rule, in a share of the estates drawn by lot."),
    "hotspot": N_("Full coverage's rule, in the share of estates with most conflicts so far."),
    "largest": N_("Full coverage's rule, in the share of estates with most households."),
    "weakest": N_(
        "Full coverage's rule, in the weakest communities first, there in estates without a committee first."),
    "phased": N_("Full coverage, community by community in steps, in an order drawn by lot."),
    "budget": N_("Full coverage's rule, most recent conflicts per hour first, until the hours budget is spent."),
    "arrangement": N_(
        "Full coverage with three rights, stations, platform and cross-appointment, captains, social organisations, "
        "supervision, help with owners' meetings, volunteers, the two-new policy, and services and reports of "
        "riders."),
    "hours_matched": N_(
        "No branch; the net new hours that {base} worked, week by week, are added to the communities' desks, pooled."),
    "hours_matched_net": N_("The same without the hours that {base} spent on reporting."),
    "hours_offered": N_("The same with all hours that {base} offered, time on call included."),
    "hours_matched_tied": N_(
        "No branch; the net new hours of {base} are added where they arose, tied to the estates, not pooled."),
    "placebo": N_("The names and the channel of {base}, with no hours behind them: attraction alone."),
    "placebo, no channel": N_("The names of {base} only: it must equal no branches exactly."),
    "shuffled": N_("The branches of {base}, moved to other estates of the same size class."),
    "mediation alone": N_(
        "Full coverage with the branches' routine services switched off; those hours are not worked."),
    "routine services alone": N_(
        "Full coverage with the branches' mediation switched off: no channel, no cases, only inspection, patrol and "
        "traffic guidance."),
    "second dispatched": N_("Where fewer than three members live, the community dispatches."),
    "second joint": N_("Where fewer than three members live, neighbouring estates share a branch."),
}


def meaning(name: str, lang: str = "en") -> str:
    """Return what an arm is, in a sentence or two; empty for one that only its user knows."""
    if name in ARM_MEANINGS:
        return gettext(lang, ARM_MEANINGS[name])
    base = base_of(name)
    if base == name:
        return ""
    if cover := cover_of(name):
        told = gettext(lang, ARM_MEANINGS[cover])
        return gettext(lang, "The arrangement, with another coverage. {told}", told=told)
    if part := less_of(name):
        return gettext(lang, "The arrangement without {part}.", part=lesser(part, lang))
    if control := control_of(name):
        return gettext(lang, ARM_MEANINGS[control], base=arm(base, lang))
    part = name.partition(", ")[2]
    key = part if part in ARM_MEANINGS and part.endswith("alone") else f"second {part}"
    if part.endswith("alone"):
        return gettext(lang, ARM_MEANINGS[key])
    return gap(lang).join((gettext(lang, ARM_MEANINGS[base]), gettext(lang, ARM_MEANINGS[key])))


def question(asked: str, lang: str = "en") -> str:
    """Return a question in the language asked for, where its translation is known."""
    return phrase(asked, lang)
