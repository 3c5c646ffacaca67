"""The folder of an analysis of several steps, each of which has a store of its own in it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.core import environment
from experiments.core.design.own_components import require_sound, version_with
from experiments.core.spec import GROUND, Running, Spec
from experiments.core.store import checked_json
from experiments.core.store.files import remove_leftovers
from experiments.core.store.mismatch import value_differences
from experiments.core.store.store import FORMAT, Store, refuse_strangers, unwritable
from sim.core.errors import StoreError, refusal
from sim.core.paths import expanded


def claim(folder: str | Path, spec: Spec, running: Running) -> Path:
    """Make a folder that of an analysis of several steps, or see that it is.

    A folder whose ``experiment.json`` was lost, or that an earlier version made without one, becomes whole again:
    every step's own store refuses what is not its own.  A folder that holds something else is refused, which is named.
    """
    place = expanded(folder)
    if running.execution.only_stored:
        return place
    if spec.model is None:
        require_sound(spec.scenario)
    try:
        place.mkdir(parents=True, exist_ok=True)
        remove_leftovers(place)
        path, has_steps = place / "experiment.json", any(place.glob("*/experiment.json"))
        stored = checked_json.from_bytes(path.read_bytes()) if path.exists() else None
        if stored is not None:
            _refuse_another(place, stored, spec, running.extend)
        elif path.exists() and not has_steps:
            raise StoreError(f"{path} is damaged. Give another folder (--out, or out= in Python).")
        elif not has_steps:
            refuse_strangers(place)
        if stored is None or running.extend:
            store = Store(place)
            if spec.district is not None:
                store.write_through(GROUND, spec.district.to_csv)
            content = {
                "format": FORMAT,
                "question": spec.question,
                "command": running.command,
                "spec": spec.record(),
                "versions": environment.environment(),
                "model": version_with(environment.model_version(spec.model), spec.scenario.components),
                "revision": environment.revision(),
            }
            store.write("experiment.json", checked_json.to_bytes(content))
    except OSError as error:
        raise unwritable(place, error) from None
    return place


def _refuse_another(folder: Path, stored: Mapping[str, Any], spec: Spec, extend: bool) -> None:
    before, now = (
        {"components": {}, **record} for record in ({**spec.defaults(), **(stored.get("spec") or {})}, spec.record())
    )
    if before.get("analysis") != now["analysis"]:
        kind = before.get("analysis") or "another analysis"
        raise StoreError(
            f"{folder} holds another experiment: {kind} there, {now['analysis']} now. "
            "Give another folder (--out, or out= in Python)."
        )
    free = {*spec.beside, *(spec.growing if extend else ())}
    other = [name for name, value in now.items() if name not in free and value != before.get(name)]
    if other:
        advice = refusal("Give another folder (--out, or out= in Python).")
        if set(other) <= set(spec.growing):
            advice = refusal("Give another folder (--out, or out= in Python), or add to what is there with --extend.")
        differ = [f"\n  - {text}" for name in other for text in value_differences(name, before.get(name), now[name])]
        raise StoreError(f"{folder} holds another {spec.noun}. It differs in:{''.join(differ)}\n{advice}")
