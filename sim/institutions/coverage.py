"""Interim while the package is written; the folder of the same name takes precedence when it appears."""
import sys, types
import numpy as np
from dataclasses import dataclass
from enum import IntEnum
from sim.parameter import Section, parameter
from sim.errors import StrategyError
from sim.room import Room
__path__ = []
class BranchKind(IntEnum):
    NONE=0; OWN=1; DISPATCHED=2; JOINT=3
def P(x, **k): return parameter(x, unit="u", status="assumed", source="s", doc="d", **k)
class CoverageSection(Section):
    strategy: str = P("none"); second: str = P("joint", choices=("joint","dispatched")); share: float = P(.5); hours: float = P(2000.)
    start_week: int | None = P(None); waves: int = P(4); wave_weeks: int = P(13)
def strategy(name):
    return lambda f: f
@dataclass
class Plan:
    kind: np.ndarray; home: np.ndarray; members: np.ndarray; phantom: bool=False
def groups(district, rows, z):
    home=np.full(district.estates,-1)
    for c in np.unique(district.community[rows]):
        r=rows[district.community[rows]==c]
        for i in range(0,r.size,z): home[r[i:i+z]]=r[i]
    return home
class Coverage(Room):
    section="coverage"
    def settle_in(self): self.control=None
    def assign(self):
        m=self.model; p=self.parameters; s=p.strategy
        start=m.scenario.run.warmup if p.start_week is None else p.start_week
        self._start=start
        phased = s.endswith("phased")
        if m.week<start or (m.week>start and not phased) or s=="none": return
        mode,_,x=s.rpartition(":")
        if mode.startswith("hours_matched"):
            if m.replay is None: raise StrategyError("hours_matched must be run through compare")
            return
        E=m.district.estates; mem=m.members; d=m.district
        u=m.chance.uniform("interim",0,d.identity)
        chosen=np.ones(E,bool)
        if x=="own": chosen=mem>=3
        elif x in("random","budget"): chosen=u<p.share
        elif x=="hotspot": chosen=m.grievances.recent>=np.median(m.grievances.recent)
        elif x=="largest": chosen=d.households>=np.median(d.households)
        elif x=="weakest": chosen=d.strength[d.community]<=np.median(d.strength)
        elif x=="phased": chosen=u<((m.week-start)//p.wave_weeks+1)/p.waves
        second=3 if (x=="joint" or (p.second=="joint" and x!="dispatched")) else 2
        kind=np.where(chosen, second,0)
        if x not in("joint","dispatched"): kind=np.where(chosen&(mem>=3),1,kind)
        home=np.where(kind==1,np.arange(E),-1)
        for k,z in((2,4),(3,4)):
            g=groups(d,np.flatnonzero(kind==k),z); home=np.where(kind==k,g,home)
        if phased:
            keep=m.branches.kind==0; kind=np.where(keep,kind,m.branches.kind); home=np.where(keep,home,m.branches.home)
        m.branches.establish(Plan(kind.astype(np.int8),home,mem,mode=="placebo"))
    def replay(self):
        s=self.parameters.strategy; m=self.model
        if not s.startswith("hours_matched") or m.replay is None or m.week<(m.scenario.run.warmup if self.parameters.start_week is None else self.parameters.start_week): return None
        return ("tied" if "tied" in s else "pooled", m.replay[m.week])
sec=types.ModuleType(__name__+'.section'); sec.CoverageSection=CoverageSection; sys.modules[sec.__name__]=sec
