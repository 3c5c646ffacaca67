"""Who holds the rights, what they cost, and who answers for them (M10)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.component import Component, Outcome, Step
from sim.core.codes import TO_BRANCH
from sim.policies.empowerment.empowerment_parameters import EmpowermentSection
from sim.stakeholders.firms.contracts import QUARTER

__all__ = ["Empowerment"]


class Empowerment(Component):
    """The rights of branches: who holds them this week, and with how many hours.

    Attributes
    ----------
    acting
        Whether anything of the policy is in force.
    holds
        Estates served by a branch that holds its rights this week, shape (estates,).
    granted
        Share of the hours asked for that the branch could give this week, shape (estates,).
    suspended
        Week in which a branch gets its rights back, shape (estates,), at homes.
    """

    section = "empowerment"
    outcomes = (
        Outcome(
            "rights_held",
            unit="share",
            unit_zh="0 至 1",
            label="share of branches that hold rights",
            zh="享有权利的支部占比",
            plural=False,
            off=0,
            meaning="branches that hold their rights this week",
        ),
        Outcome(
            "rights_hours",
            unit="hours per week",
            unit_zh="工时/周，全区",
            label="hours for rights",
            zh="行使权利工时",
            off=0,
            meaning="branches' hours that rights and training took",
        ),
        Outcome(
            "evaluation_hours",
            unit="hours per week",
            unit_zh="工时/周，全区",
            label="hours for evaluation",
            zh="评价工时",
            off=0,
            meaning="branches' hours for evaluating firms",
        ),
        Outcome(
            "evaluated_out",
            unit="firms per week",
            unit_zh="家/周",
            label="firms evaluated out",
            zh="经评价清退的物业企业",
            off=0,
            meaning="firms that a branch's evaluation put out this week",
        ),
        Outcome(
            "branch_captured",
            unit="share",
            unit_zh="0 至 1",
            better="lower",
            label="capture of branches",
            zh="支部受物业企业左右的程度",
            plural=False,
            off=0,
            meaning="judgement of branches that firms have won, mean over estates they serve",
        ),
        Outcome(
            "projects",
            unit="projects",
            unit_zh="个",
            label="micro-projects",
            zh="民生微实事",
            off=0,
            meaning="micro-projects under way",
        ),
        Outcome(
            "projects_yuan",
            unit="yuan per week",
            unit_zh="元/周，全区",
            better="lower",
            label="spending on micro-projects",
            zh="民生微实事支出",
            plural=False,
            off=0,
            meaning="spent on micro-projects",
        ),
        Outcome(
            "motivation",
            unit="0 to 1",
            unit_zh="0 至 1",
            better="higher",
            label="members' own motivation",
            zh="党员内在动力",
            plural=False,
            off=1,
            meaning="members' own motivation, mean over branches",
        ),
    )
    steps = (
        Step("claim", doc="branches that hold rights ask for hours to use them", equation="M10", stage="claims"),
        Step("exercise", doc="rights are used with the hours that there are", equation="M10", stage="rights"),
        Step("account", doc="micro-projects are quarrelled about", equation="M10", before="committees.work"),
        Step(
            "judge",
            doc="branches judge firms, and answer for themselves",
            equation="M10",
            before="supervision.announce",
        ),
    )
    parameters: EmpowermentSection

    def prepare(self) -> None:
        p = self.parameters
        self._rights = p.evaluation + p.micro_projects + p.awards
        self._each_targets = p.regulations * self._rights

    def settle_in(self) -> None:
        estates = self.model.district.estates
        self.acting = False
        self.holds = np.zeros(estates, dtype=np.bool_)
        self.granted = np.zeros(estates)
        self.suspended = np.zeros(estates, dtype=np.int64)
        self._homes = np.zeros(estates, dtype=np.bool_)
        self._asked = np.zeros(estates)
        # What a branch answers for: cases that it had, got and dealt with in the quarter.
        self._had = np.zeros(estates)
        self._handled = np.zeros(estates)
        self._read = 0

    def _may_act(self) -> bool:
        branches = self.model.branches
        return (
            self.parameters.enabled
            and self._rights > 0
            and self.model.policy_on
            and branches.any
            and not branches.phantom
        )

    def claim(self) -> None:
        """Before branches staff their week: see who holds rights, begin projects, and ask for hours."""
        if not self._may_act():
            if self.acting:
                self._lay_down()
            return
        model, p = self.model, self.parameters
        branches = model.branches
        components = (
            (p.evaluation, model.evaluation),
            (p.micro_projects, model.micro_projects),
            (p.awards, model.awards),
        )
        for held, component in components:
            if component.in_force and not held:
                component.lay_down()
        if not self.acting:
            self.acting = True
            self._read = model.disputes.book.size
            self._had = self._open_cases()
        self._homes = (branches.reach > 0.0) & (self.suspended <= model.week)
        self.holds = branches.standing() & self._homes[branches.place]
        self._asked = self._ask()
        branches.add_to_inputs(asked_rights=self._asked, extra_targets=np.multiply(self._homes, self._each_targets))
        if p.awards:
            model.awards.move()

    def _ask(self) -> NDArray[np.float64]:
        """Hours that each home is asked for this week."""
        model, p = self.model, self.parameters
        wanted = np.zeros(self.holds.size)
        if p.evaluation:
            wanted += model.evaluation.wanted(self.holds)
        if p.micro_projects:
            model.micro_projects.choose(self.holds)
            wanted += model.micro_projects.wanted(self.holds)
        asked = self._by_home(wanted)
        if p.awards:
            asked += model.awards.wanted(self._homes)
        if p.training:
            asked += p.training_hours * self._homes
        return asked

    def _by_home(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over the estates of each home of what is 0 where no rights are held, shape (estates,)."""
        return np.bincount(self.model.branches.place, values, values.size)

    def exercise(self) -> None:
        """With the hours that were granted: evaluate, lead projects, recommend, train."""
        if not self.acting:
            return
        model, p = self.model, self.parameters
        branches = model.branches
        # A right that asks for no time is granted it.
        granted = branches.granted("rights", self._asked)
        share = np.divide(granted, self._asked, out=np.ones(self._asked.size), where=self._asked > 0.0)
        share *= self._homes
        self.granted = share[branches.place] * self.holds
        if p.evaluation:
            model.evaluation.attend(self.granted)
            power = model.evaluation.power()
            power *= self.holds
            # At a joint desk the firms of several estates are judged: it has the mean power over them.
            power *= branches.weight
            power = self._by_home(power)
            model.desks.raise_authority(power, "branch")
        if p.micro_projects:
            model.micro_projects.work(self.granted)
        if p.awards:
            model.awards.recommend(share)
        if p.training and p.training_hours > 0.0:
            skill = model.desks.skill[model.desks.block("branch")]
            gap = p.training_top - skill
            np.maximum(gap, 0.0, out=gap)
            share *= -p.training_gain * p.training_hours
            gap *= np.expm1(share, out=share)
            model.desks.set_skill("branch", skill - gap)

    def account(self) -> None:
        """After firms have billed: projects under way are quarrelled about."""
        if self.acting and self.parameters.micro_projects:
            self.model.micro_projects.quarrel()

    def judge(self) -> None:
        """After the week's meetings: judge firms, and each quarter the branches themselves."""
        if not self.acting:
            return
        model, p = self.model, self.parameters
        if p.evaluation:
            model.evaluation.judge(self.holds)
        self._handled += model.desks.handled[model.desks.block("branch")]
        if model.week % QUARTER == 0 and p.accountability:
            self._hold_to_account()

    def _hold_to_account(self) -> None:
        """Suspend the rights of branches that left too many of the quarter's cases unserved."""
        model, p = self.model, self.parameters
        left, total = self.unserved()
        fails = (left > p.unserved_limit * total) & (total >= p.least_cases) & self._homes
        self.suspended[fails] = model.week + 1 + p.suspension
        self._read = model.disputes.book.size
        self._had = self._open_cases()
        self._handled.fill(0.0)

    def unserved(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Cases of the quarter so far that left the branch's desk unserved, and all that left it, by home.

        What came in and is neither there nor handled was given up, sent up, lost, or closed without work.
        """
        model, book = self.model, self.model.disputes.book
        new = slice(self._read, book.size)
        home = model.branches.home[book.estate[new][book.channel[new] == TO_BRANCH]]
        came = np.bincount(home, minlength=self._had.size)
        left = np.maximum(self._had + came - self._handled - self._open_cases(), 0.0)
        return left, left + self._handled

    def _open_cases(self) -> NDArray[np.float64]:
        """Cases open at each branch's desk, by home."""
        block, disputes = self.model.desks.block("branch"), self.model.disputes
        desk = disputes.book.desk[disputes.open] - block.start
        here = (desk >= 0) & (desk < block.stop - block.start)
        return np.bincount(desk[here], minlength=block.stop - block.start).astype(np.float64)

    def _lay_down(self) -> None:
        """Give up all rights: a future without the policy."""
        model = self.model
        self.settle_in()
        for component in (model.evaluation, model.micro_projects, model.awards):
            component.lay_down()

    def measures(self) -> dict[str, float]:
        """Return the week's outcomes."""
        if not self.acting:
            return {}
        model, p = self.model, self.parameters
        evaluation, projects = model.evaluation, model.micro_projects
        branches = model.branches
        homes = branches.reach > 0.0
        number = max(int(np.count_nonzero(homes)), 1)
        served = branches.standing()
        watching = self.parameters.evaluation_hours * (self.granted @ model.contracts.present)
        return {
            "rights_held": float(np.count_nonzero(self._homes)) / number,
            "rights_hours": float(branches.for_rights.sum()),
            "evaluation_hours": float(watching) if p.evaluation else 0.0,
            "evaluated_out": float(evaluation.ousted),
            "branch_captured": float(evaluation.captured @ served) / max(int(np.count_nonzero(served)), 1),
            "projects": float(np.count_nonzero(projects.left > 0.0)),
            "projects_yuan": projects.spent,
            "motivation": float(model.awards.motivation @ homes) / number,
        }
