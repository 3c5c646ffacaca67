"""Make the Chinese font of the figures anew: `python tools/font.py [FOLDER]`.

Figures must not depend on which fonts a machine has, so the project brings one: Noto Sans CJK SC, regular and bold,
cut down to GB 2312 (6,763 characters), Latin letters, signs and whatever else stands in this tree. The whole font
would weigh forty megabytes. The cut has a name of its own, so that it is never mistaken for an installed font.

FOLDER holds NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc, as in Debian's fonts-noto-cjk; without it they are
looked for among the installed fonts. The same originals give the same bytes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "sim" / "fonts"
ORIGINAL = "Noto Sans CJK SC"
FAMILY = "Gongzhi Sans SC"
SIGNS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *range(0x2010, 0x2030),
    *range(0x3000, 0x3018),
    *range(0xFF01, 0xFF5F),
)


def gb2312() -> set[int]:
    """Return the code points of both levels of GB 2312's Chinese characters."""
    found = set()
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            text = bytes((row, cell)).decode("gb2312", errors="ignore")
            found |= {ord(character) for character in text}
    return found


def in_tree() -> set[int]:
    """Return the code points of all characters in the repository's text files."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found: set[int] = set()
    for name in filter(None, listing.split("\0")):
        data = (ROOT / name).read_bytes()
        if b"\0" not in data:
            found |= set(map(ord, data.decode("utf-8")))
    return found


def original(weight: str) -> TTFont:
    """Open the original of one weight, from the folder that was named or from the installed fonts."""
    name = f"NotoSansCJK-{weight}.ttc"
    if len(sys.argv) > 1:
        path = Path(sys.argv[1]) / name
    else:
        from matplotlib.font_manager import findSystemFonts

        found = [path for path in map(Path, findSystemFonts()) if path.name == name]
        if not found:
            sys.exit(f"{name} is not installed (Debian: fonts-noto-cjk). Give its folder: python tools/font.py FOLDER")
        path = found[0]
    fonts = TTCollection(path).fonts
    return TTFont(
        path,
        fontNumber=next(place for place, font in enumerate(fonts) if font["name"].getDebugName(1) == ORIGINAL),
        recalcTimestamp=False,
    )


def cut(weight: str) -> Path:
    """Write the part of one weight that the figures use."""
    font = original(weight)
    options = subset.Options(
        layout_features=["kern"], hinting=False, notdef_outline=True, name_languages=[0x409], name_IDs=[0, 5, 7, 13, 14]
    )
    options.drop_tables += ["BASE", "GSUB", "VORG", "vhea", "vmtx"]  # for vertical lines and other regions' forms
    taken = subset.Subsetter(options)
    taken.populate(unicodes={*SIGNS, *gb2312(), *in_tree()})
    taken.subset(font)
    plain = FAMILY.replace(" ", "") + f"-{weight}"
    for number, text in ((1, FAMILY), (2, weight), (3, plain), (4, f"{FAMILY} {weight}"), (6, plain)):
        font["name"].setName(text, number, 3, 1, 0x409)
    outlines = font["CFF "].cff
    outlines.fontNames[0] = plain
    outlines[0].FullName, outlines[0].FamilyName = f"{FAMILY} {weight}", FAMILY
    path = FONTS / f"{plain}.otf"
    font.save(path)
    return path


if __name__ == "__main__":
    for name in ("Regular", "Bold"):
        made = cut(name)
        print(f"{made.relative_to(ROOT)}: {made.stat().st_size:,} bytes")
