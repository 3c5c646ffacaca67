"""What a comparison is: arms, what they are compared with, and how often, on which ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Self

from experiments.analyses.compare.further import Further
from experiments.core.design.arms import Arms, baseline_of, changes_of
from experiments.core.design.design import Design
from experiments.core.design.grounds import grounds
from experiments.core.design.policies import COVERAGE, as_policy, posed
from experiments.core.design.user_strategies import Plugin, check
from experiments.core.margin import MARGIN
from experiments.core.option import POLICY, Option
from experiments.core.spec import Count, Share, Spec, WorldFields
from experiments.core.statistics import measures
from sim import Scenario


class ComparisonFields(WorldFields, total=False):
    """Keywords of a comparison; see `ComparisonSpec` and `compare`."""

    policy: str
    further: Further | None
    baseline: str | None
    replicates: int
    weeks: int | None
    districts: int
    outcomes: Sequence[str] | None
    margin: float
    assumptions: int | None
    fixed: Sequence[str]


class ComparisonSpec(Spec):
    """A comparison; `arms` are labels with the changes that each makes, and those that controls replay are added."""

    analysis = "comparison"
    noun = "comparison"

    keywords = {"policy": Annotated[str, POLICY]}
    usual = {"replicates": 5, "baseline": "none"}
    quick = {"estates": 120, "replicates": 4, "weeks": 104}
    merging = ("arms", "replicates", "districts")

    arms: dict[str, dict[str, Any]]
    baseline: Annotated[str, Option("What all arms are compared with.", "ARM")] = "none"
    replicates: Annotated[Count, Option("Runs of every arm, in all.")] = 10
    districts: Annotated[Count, Option("Synthetic districts, to vary the ground as well.")] = 1
    outcomes: Annotated[
        tuple[str, ...] | None, Option("Outcome of the table, in place of the usual ones.", name="--outcome")
    ] = None
    margin: Annotated[Share, Option("A difference within this share of the baseline's mean is none.", "SHARE")] = MARGIN
    plugin: str | None = None
    assumptions: Annotated[
        int | None,
        Option(
            "Worlds of the range over what is least known: 0 for none, else 16 or more.",
            usual="64, or as many as a third of the time allows",
        ),
    ] = 0
    fixed: tuple[str, ...] = ()
    further: Further | None = None

    @classmethod
    def asked_of(cls, arms: Arms, fields: Mapping[str, Any]) -> Self:
        """Make the spec of what a user writes: names of arms, a policy that they stand under, a number of weeks."""
        values = dict(fields)
        policy = values.pop("policy", None) or COVERAGE
        kind = type(values["scenario"]) if isinstance(values.get("scenario"), Scenario) else Scenario
        posed_arms, baseline = posed(arms, values.pop("baseline", None), policy, kind)
        further = values.get("further")
        if further is not None:
            values["further"] = replace(further, arms=as_policy(further.arms, policy))
        if values.get("plugin") is not None:
            values["plugin"] = str(values["plugin"])
        weeks, outcomes = values.pop("weeks", None), values.get("outcomes")
        if outcomes is not None:
            outcomes = (outcomes,) if isinstance(outcomes, str) else outcomes
            if values.get("model") is None:
                measures.chosen(outcomes, measures.columns_of(Scenario.of(values.get("scenario"))))
            values["outcomes"] = tuple(outcomes)
        spec = cls.of(
            {
                **values,
                "arms": changes_of(posed_arms, kind),
                "baseline": baseline_of(posed_arms, baseline),
                "fixed": tuple(values.get("fixed") or ()),
            }
        )
        return spec if weeks is None else spec.replace(scenario=spec.scenario.replace({"run.weeks": weeks}))

    def design(self, *, worlds: Mapping[str, int] | None = None, stored: bool = False) -> Design:
        """Make the design, with `worlds` as for `Design.of`; everything that can be wrong with it is found here.

        Where it is only read (`stored`), strategies of the user's own need not be at hand.
        """
        code = None if self.plugin is None or stored else Plugin.read(self.plugin)
        if code is not None:
            code.load()
        scenario = self.scenario.replace({"outcomes.record_estates": True})
        design = Design.of(
            self.arms,
            scenario,
            grounds(scenario, self.district, self.districts),
            baseline=self.baseline,
            replicates=self.replicates,
            seed=self.seed,
            plugin=code,
            model=self.model,
            worlds=worlds or {},
        )
        for arm in () if stored else design.arms:
            check(arm.strategy, arm.label)
        return design

    def joined(self, design: Design) -> Self:
        """Return the spec of all that a folder holds: its arms, replicates and districts."""
        grounds = {} if self.district is not None else {"districts": len(design.grounds)}
        arms = {arm.label: dict(arm.changes) for arm in design.arms}
        return self.replace(arms=arms, replicates=design.replicates, **grounds)
