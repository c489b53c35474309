"""The results as Markdown and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from suite.measure import Part, Row, Table, Target


def number(value: float) -> str:
    """Three significant digits at least, whole from a thousand on."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"


def _row(row: Row, with_ratio: bool) -> str:
    ratio = [] if not with_ratio else ["" if row.ratio is None else number(row.ratio)]
    spread = f"{number(min(row.values))} .. {number(max(row.values))}"
    cells = [row.what, *ratio, f"{number(row.median)} {row.unit}", spread, str(len(row.values))]
    return "| " + " | ".join([*cells, row.note]) + " |"


def _table(table: Table) -> str:
    ratio = [table.ratio] if table.ratio else []
    heads = ["what", *ratio, "median", "min .. max", "n", ""]
    lines = [f"{table.title}:", "", "| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    return "\n".join(lines + [_row(row, bool(table.ratio)) for row in table.rows])


def _verdict(target: Target) -> str:
    if target.doubt:
        return f"not judged: {target.doubt}"
    return "met" if target.met else "**missed**"


def _targets(parts: list[Part]) -> str:
    lines = ["| target | wanted | measured | |", "|---|---|---|---|"]
    for part in parts:
        for target in part.targets:
            sign = ">=" if target.at_least else "<="
            lines.append(
                f"| {target.what} | {sign} {number(target.bound)} {target.unit} "
                f"| {number(target.measured)} {target.unit} | {_verdict(target)} |"
            )
    return "\n".join(lines)


def _part(part: Part) -> str:
    blocks = [f"## {part.name}", f"*Why this:* {part.why}", f"*Limit:* {part.limit}"]
    blocks += [_table(table) for table in part.tables]
    if part.notes:
        blocks.append("\n".join(f"- {note}" for note in part.notes))
    return "\n\n".join(blocks)


def markdown(machine: dict[str, str], parts: list[Part]) -> str:
    """Everything, the targets first."""
    head = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    blocks = ["# joust: benchmarks", head]
    if any(part.targets for part in parts):
        blocks.append("## Targets\n\n" + _targets(parts))
    return "\n\n".join(blocks + [_part(part) for part in parts]) + "\n"


def _json_row(row: Row) -> dict[str, Any]:
    return {**asdict(row), "median": row.median}


def _json_target(target: Target) -> dict[str, Any]:
    return {**asdict(target), "met": target.met}


def as_json(machine: dict[str, str], parts: list[Part]) -> dict[str, Any]:
    """The same, with every single value."""
    return {
        "machine": machine,
        "parts": {
            part.name: {
                "why": part.why,
                "limit": part.limit,
                "tables": [
                    {"title": t.title, "ratio": t.ratio, "rows": [_json_row(r) for r in t.rows]}
                    for t in part.tables
                ],
                "targets": [_json_target(target) for target in part.targets],
                "notes": part.notes,
            }
            for part in parts
        },
    }
