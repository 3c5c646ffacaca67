"""Hold the pages to what makes them: every number of the front pages, every verdict of docs.

``claims.toml`` lists claims.  A *block* is a paragraph between ``<!-- claims: NAME -->`` and ``<!-- claims end -->``,
written from a comparison's table by a template.  A *claim* is a fragment of a page with values that are read from the
declared parameters, from a table or from the code.  A *page* is made whole by a command.  *Exempt* is what looks like
a claim and is none, with the reason.

``python -m tools.claims`` makes everything again (what results hold already is not run again) and compares;
``--write`` puts the new values into the pages, ``--kept`` looks only at what is kept in ``docs/claims``.
"""

from __future__ import annotations

import argparse
import csv
import re
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
WIDTH: Final = 120
VERDICT: Final = re.compile(r"\b([Hh]elps|[Hh]arms|[Dd]oes nothing|[Ll]owers|[Rr]aises)\b")
BLOCK: Final = re.compile(r"(<!-- claims: ([\w-]+) -->\n)(.*?)(<!-- claims end -->)", re.DOTALL)

MOST: Final = 3
"""Assumptions that are named as those that decide."""

Rows = list[dict[str, str]]

WORDS: Final = {
    "en": {
        "up": "raises",
        "down": "lowers",
        "conflicts": "first **conflicts**",
        "filed": "**filed** cases",
        "standing": "**standing** disputes",
        "open": "leaves open whether it raises or lowers {what} ({change} %)",
        "sure": "{verb} {what} by {size:.1f} %",
        "span": "{low} to {high} %",
        "range": "{span}; lower in {down}, higher in {up} of {all}",
        "deciding": "Of what is not known, it matters most whether {}.",
        "next": "; whether ",
        "seeming": " Next, not distinguished from chance in so few worlds: whether {}.",
        "only seeming": "It seems to matter most, though nothing can be distinguished from chance in so few worlds, "
        "whether {}.",
        "ends": "{what} {high} % if so, {low} % if not",
    },
    "zh": {
        "up": "增加",
        "down": "减少",
        "conflicts": "首次**纠纷**",
        "filed": "**提交诉求**",
        "standing": "**未了纠纷**",
        "open": "{what}是增是减无法判定（{change} %）",
        "sure": "使{what}{verb} {size:.1f} %",
        "span": "{low} 至 {high} %",
        "range": "{span}；{all} 种中 {down} 种减少、{up} 种增加",
        "deciding": "在尚无定论的说法中，下列各项成立与否影响最大：{}。",
        "next": "；",
        "seeming": "其次（情形数太少，尚不能与偶然性区分）：{}。",
        "only seeming": "下列各项成立与否看来影响最大（情形数太少，均尚不能与偶然性区分）：{}。",
        "ends": "若成立，{what} {high} %；否则 {low} %",
    },
}
"""How a change is said.  What it says is decided by the interval alone."""


def read(path: Path = ROOT / "claims.toml") -> dict[str, Any]:
    """Read the list of claims."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def rows_of(path: Path) -> Rows:
    """Read a table: CSV, or all tables of a page, a dictionary for each row."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        return list(csv.DictReader(text.splitlines()))
    rows: Rows = []
    head: list[str] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            head = []
        elif not head:
            head = cells
        elif not set("".join(cells)) <= set("-:"):
            rows.append(dict(zip(head, cells, strict=False)))
    return rows


def picked(rows: Rows, wanted: Mapping[str, str]) -> dict[str, str]:
    """Return the one row in which all columns named hold what is wanted."""
    found = [row for row in rows if all(row.get(name) == value for name, value in wanted.items())]
    if len(found) != 1:
        raise LookupError(f"{len(found)} rows hold {dict(wanted)}, and one is needed")
    return found[0]


# Blocks -------------------------------------------------------------------------------------------


def percent(row: Mapping[str, str], column: str) -> float:
    """Return a difference in percent of the mean of what it is held against."""
    mean = float(row["mean"]) - float(row["difference"])
    return 100 * float(row[column]) / mean


def number(value: float, form: str = ".1f") -> str:
    """Write a number with a true minus, and without one before nothing."""
    text = format(value, form)
    return text.replace("-", "" if float(text) == 0 else "−")


def clause(row: Mapping[str, str], lang: str) -> str:
    """Say how an outcome changes: up, down, or not told apart from nothing by the interval of chance."""
    words = WORDS[lang]
    change, low, high = (percent(row, name) for name in ("difference", "ci_low", "ci_high"))
    what = words[row["outcome"]]
    if low <= 0 <= high:
        return words["open"].format(what=what, change=number(change, "+.1f"))
    return words["sure"].format(verb=words["up" if change > 0 else "down"], what=what, size=abs(change))


def cell(row: Mapping[str, str]) -> str:
    """Write a change with its interval of chance."""
    change, low, high = (percent(row, name) for name in ("difference", "ci_low", "ci_high"))
    return f"{number(change, '+.1f')} % [{number(low, '+.1f')}, {number(high, '+.1f')}]"


def span(row: Mapping[str, str], lang: str) -> str:
    """Write the range over assumptions."""
    if not row.get("range_low"):
        raise LookupError(f"no table has a range of {row['strategy']} against {row['against']}")
    low, high = (number(100 * float(row[name]), "+.1f") for name in ("range_low", "range_high"))
    return WORDS[lang]["span"].format(low=low, high=high)


def over(row: Mapping[str, str], lang: str) -> str:
    """Write the range over assumptions, and in how many of its worlds the outcome falls and rises."""
    down, up, all_ = (float(row[name]) for name in ("worlds_lower", "worlds_higher", "worlds"))
    if down <= 1 and up <= 1:  # shares
        down, up = down * all_, up * all_
    return WORDS[lang]["range"].format(span=span(row, lang), down=round(down), up=round(up), all=round(all_))


def rendered(template: str, tables: Mapping[str, Rows], lang: str) -> str:
    """Fill a template; a field is ``{FORM STRATEGY AGAINST OUTCOME}``, or a form alone; a star is a space in a name.

    Forms: `clause`, a change in words; `cell`, a change with its interval; `further`, one on the smaller ground
    with its verdict, and `pairs`, how many runs it rests on; `over`, a range over assumptions with its worlds, and
    `span`, without; `hours`, mean hours of a week less those of AGAINST, and `yuan`, likewise; `base`, the mean of
    AGAINST; `when`, a change in one of the spans of `tools.spans`, which is named last, and `borne`, hours of a week by
    who bears them; `replicates`; `deciding`, a sentence on the three assumptions that decide an effect most, with
    STRATEGY alone.
    """

    def fill(match: re.Match[str]) -> str:
        form, *where = match[1].split()
        if form == "deciding":
            return deciding(tables.get("assumptions", []), where[0], lang)
        if form in ("when", "borne"):
            told = dict(zip(("strategy", "against", "outcome", "span"), [*where, "all"], strict=False))
            one = picked(tables["spans"], told)
            return cell(one) if form == "when" else f"{float(one['difference']):,.0f}"
        names = (name.replace("*", " ") for name in where or ("full", "none", "conflicts"))
        wanted = dict(zip(("strategy", "against", "outcome"), names, strict=True))
        row = picked(tables["further" if form == "further" else "compare"], wanted)
        if form == "clause":
            return clause(row, lang)
        if form == "cell":
            return cell(row)
        if form == "further":
            from experiments.reporting.words import verdict

            told = verdict(row["verdict"], lang)
            return f"{cell(row)} ({told})" if lang == "en" else f"{cell(row)}（{told}）"
        if form == "pairs":
            return f"{float(picked(tables['further'], wanted)['replicates']):.0f}"
        if form in ("over", "span"):
            return (over if form == "over" else span)({**row, **ranged(wanted, tables)}, lang)
        if form == "base":
            return f"{float(row['mean']) - float(row['difference']):.2f}"
        if form in ("hours", "yuan"):
            return f"{float(row['difference']):,.0f}"
        if form == "replicates":
            return f"{float(row['replicates']):.0f}"
        raise LookupError(f"{form} is no form")

    text = re.sub(r"\{([\w:*\s-]+)\}", fill, template.strip())
    if lang == "zh":
        return text + "\n"

    def wrapped(part: str) -> str:
        if part.startswith("|"):  # a table
            return part
        whole = re.sub(r"`[^`]+`", lambda code: code[0].replace(" ", "\0"), " ".join(part.split()))
        return textwrap.fill(whole, WIDTH, break_long_words=False, break_on_hyphens=False).replace("\0", " ")

    return "\n\n".join(map(wrapped, text.split("\n\n"))) + "\n"


def ranged(wanted: Mapping[str, str], tables: Mapping[str, Rows]) -> Mapping[str, str]:
    """Return the range over assumptions of a comparison with the same hours, which has worlds of its own."""
    own = (row for name, rows in tables.items() if name.startswith("hours") for row in rows)
    found = [row for row in own if all(row[name] == value for name, value in wanted.items())]
    return found[0] if found else {}


def deciding(rows: Rows, strategy: str, lang: str) -> str:
    """Name the three assumptions that decide an effect most, and which of them chance does not explain."""
    own = [
        row
        for row in rows
        if row["strategy"] == strategy
        and row["against"] == "none"
        and row["outcome"] in ("conflicts", "standing")
        and float(row["share"]) > 0
    ]
    if not own:
        return ""
    clear = {row["parameter"] for row in own if row["clear"] == "True"}
    # Of what is clear in one outcome, that outcome is told.
    share: dict[str, float] = {}
    most: dict[str, Mapping[str, str]] = {}
    for row in sorted(own, key=lambda row: (row["clear"] != "True", -float(row["share"]))):
        share[row["parameter"]] = share.get(row["parameter"], 0.0) + float(row["share"])
        most.setdefault(row["parameter"], row)
    best = sorted(share, key=lambda name: (name not in clear, -share[name]))[:MOST]
    words = WORDS[lang]

    def said(form: str, names: Sequence[str]) -> str:
        return words[form].format(words["next"].join(_end(most[name], name, lang) for name in names)) if names else ""

    return said("deciding", [name for name in best if name in clear]) + said(
        "seeming" if clear else "only seeming", [name for name in best if name not in clear]
    )


def _end(row: Mapping[str, str], name: str, lang: str) -> str:
    """Say an assumption, and an effect at its two ends."""
    from experiments.reporting.template_rendering import sentence

    low, top = (number(100 * float(row[end]), "+.1f") for end in ("effect_low", "effect_high"))
    ends = WORDS[lang]["ends"].format(what=WORDS[lang][row["outcome"]], low=low, high=top)
    told = sentence(lang, "assumption_high.where", parameter=name)
    return f"{told} (`{name}`; {ends})" if lang == "en" else f"{told}（`{name}`；{ends}）"


# Claims -------------------------------------------------------------------------------------------


def value(claim: Mapping[str, Any]) -> str:
    """Read a claim's value and write it as the page does."""
    from sim import Scenario

    if "parameter" in claim:
        found: Any = Scenario().get(claim["parameter"])
    elif "less" in claim:
        found = Scenario().get(claim["less"][0]) - Scenario().get(claim["less"][1])
    elif claim.get("count") == "parameters":
        found = len(Scenario().parameters())
    elif claim.get("count") == "further":
        from experiments.analyses.compare.further import ESTATES

        found = ESTATES
    elif claim.get("count") == "adults":
        from sim import District

        found = int(District.synthetic().adults.sum())
    else:
        row = picked(rows_of(ROOT / claim["table"]), claim["rows"])
        cell = row[claim["column"]].replace("−", "-").replace("%", "")
        found = float(cell.split(" to ")[claim.get("part", 0)])
    found *= claim.get("scale", 1)
    return str(claim.get("names", {}).get(str(found)) or format(found, claim.get("format", "")))


def filled(claim: Mapping[str, Any], values: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a claim's text with the values that it should have."""
    return re.sub(r"\{(\w[\w-]*)\}", lambda found: value(values[found[1]]), claim["text"])


def searched(claim: Mapping[str, Any]) -> re.Pattern[str]:
    """Return what finds a claim's text with whatever values it has."""
    parts = re.split(r"\{\w[\w-]*\}", claim["text"])
    return re.compile(r"([^\s,;()]+?)".join(re.escape(part) for part in parts))


# What is left -------------------------------------------------------------------------------------


def bare(text: str) -> str:
    """Return a page without code, addresses, pictures, years and versions."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`[^`\n]*`", "", text)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return re.sub(r"\b(19|20)\d\d\b|Python 3\.\d+|v?\d+\.\d+\.\d+", "", text)


def without(text: str, fragments: Sequence[str]) -> str:
    """Take fragments out; each must be there, whatever its line ends."""
    for one in fragments:
        pattern = re.compile(r"\s+".join(re.escape(word) for word in one.split()))
        text, times = pattern.subn(" ", text)
        if not times:
            raise LookupError(f'"{one}" is not on the page')
    return text


def uncovered(name: str, listed: Mapping[str, Any]) -> list[str]:
    """Return the lines of a page that make a claim which is not listed: a digit on a front page, a verdict in docs.

    The headline's pages are front pages too.
    """
    if name in {page["file"] for page in listed["page"]}:
        return []
    text = (ROOT / name).read_text(encoding="utf-8")
    text = BLOCK.sub("", text)
    values = listed["value"]
    said = [filled(claim, values) for claim in listed["claim"] if claim["file"] == name]
    said += [one for entry in listed["exempt"] if entry["file"] == name for one in entry["words"]]
    text = bare(without(text, said))
    sign = re.compile(r"\d") if name.startswith(("README", "docs/headline")) else VERDICT
    return [line.strip() for line in text.splitlines() if sign.search(line)]


# Making again -------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Make everything again, compare, and say what differs."""
    parser = argparse.ArgumentParser(prog="python -m tools.claims", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put new values into the pages")
    parser.add_argument("--kept", action="store_true", help="run nothing; use the tables in docs/claims")
    asked = parser.parse_args(arguments)
    listed = read()
    wrong: list[str] = []
    if not asked.kept:
        for made in listed["made"]:
            run(made["command"])
            for result, kept in made.get("keep", {}).items():
                wrong += keep(ROOT / result, ROOT / kept, made, asked.write)
    wrong += blocks(listed, asked.write) + claims(listed, asked.write)
    if not asked.kept:
        wrong += pages(listed, asked.write)
    for line in wrong:
        print(line)
    print(
        f"{len(listed['block']) + len(listed['claim']) + len(listed['page'])} claims, {len(wrong)} "
        f"{'renewed' if asked.write else 'not so'}."
    )
    return int(bool(wrong) and not asked.write)


def run(command: Sequence[str]) -> None:
    """Run a command of the laboratory with this interpreter."""
    print("$", *command, flush=True)
    subprocess.run([sys.executable, *command[1:]] if command[0] == "python" else list(command), cwd=ROOT, check=True)


def keep(result: Path, kept: Path, made: Mapping[str, Any], write: bool) -> list[str]:
    """Hold the rows of a table that claims read to those that are kept, to what is printed of them."""
    if not result.exists():
        return [f"{result.relative_to(ROOT)}: was not made"] if result.name == "table.csv" else []
    wanted, columns = made["rows"], made["columns"]
    rows = [
        {name: row[name] for name in columns if name in row}
        for row in rows_of(result)
        if all(name not in row or row[name] in values for name, values in wanted.items())
    ]
    before = rows_of(kept) if kept.exists() else []
    if rows == before:
        return []
    if write:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with kept.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]) if rows else columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return [f"{kept.relative_to(ROOT)}: not what {result.relative_to(ROOT)} holds"]


def kept_tables(listed: Mapping[str, Any]) -> dict[str, Rows]:
    """Read what is kept of results."""
    return {name: rows_of(ROOT / path) for name, path in listed["kept"].items() if (ROOT / path).exists()}


def blocks(listed: Mapping[str, Any], write: bool = False) -> list[str]:
    """Compare the paragraphs that are written from results."""
    tables, wrong = kept_tables(listed), []
    for block in listed["block"]:
        path = ROOT / block["file"]
        text = path.read_text(encoding="utf-8")
        wanted = rendered(block["template"], tables, block["lang"])
        found = next((match for match in BLOCK.finditer(text) if match[2] == block["id"]), None)
        if found is None:
            raise LookupError(f"{block['file']} has no block {block['id']}")
        if found[3] != wanted:
            wrong.append(f"{block['file']}: the paragraph {block['id']} is not what the table says")
            if write:
                path.write_text(text[: found.start(3)] + wanted + text[found.end(3) :], encoding="utf-8")
    return wrong


def claims(listed: Mapping[str, Any], write: bool = False) -> list[str]:
    """Compare fragments with their values."""
    wrong = []
    for claim in listed["claim"]:
        path = ROOT / claim["file"]
        text, wanted = path.read_text(encoding="utf-8"), filled(claim, listed["value"])
        if wanted in text:
            continue
        wrong.append(f'{claim["file"]}: "{wanted}" is not there')
        if write:
            text, times = searched(claim).subn(wanted.replace("\\", "\\\\"), text)
            if times != 1:
                raise LookupError(f"{claim['file']}: {times} places look like {claim['text']}")
            path.write_text(text, encoding="utf-8")
    return wrong


def pages(listed: Mapping[str, Any], write: bool = False) -> list[str]:
    """Make pages again that a command makes whole, and compare; without `write` they are put back."""
    wrong = []
    for page in listed["page"]:
        path = ROOT / page["file"]
        paths = [one for one in (path, path.with_suffix(".zh.md")) if one.exists()]
        before = {one: one.read_text(encoding="utf-8") for one in paths}
        for command in page["commands"]:
            run(command)
        for one, text in before.items():
            if one.read_text(encoding="utf-8") != text:
                wrong.append(f"{one.relative_to(ROOT).as_posix()}: another page is made today")
                if not write:
                    one.write_text(text, encoding="utf-8")
    return wrong


if __name__ == "__main__":
    raise SystemExit(main())
