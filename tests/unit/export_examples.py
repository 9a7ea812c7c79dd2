"""Every example system, analysed once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from cncb_compiler.export.part import Part, part_of
from cncb_compiler.passes import Analysis, analyse
from cncb_compiler.source.discover import systems

TOPOLOGIES = Path(__file__).parents[2] / "topologies"
SCHEMAS = Path(__file__).parents[1] / "schemas"


@cache
def examples() -> dict[str, Analysis]:
    analyses = [analyse(source) for source in systems(TOPOLOGIES)]
    return {analysis.linked.name: analysis for analysis in analyses}


@cache
def parts() -> dict[str, Part]:
    return {name: part_of(analysis.linked) for name, analysis in examples().items()}
