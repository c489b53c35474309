"""The outcomes as Markdown."""

from __future__ import annotations

from cases import Case, Outcome
from drivers import tasks


def cell(outcome: Outcome) -> str:
    """One outcome in few words."""
    if outcome.verdict == "skipped":
        return f"- ({outcome.why})"
    if outcome.verdict == "failed":
        return f"not tried: {outcome.why}"
    parts = [_verdict(outcome)]
    if outcome.seconds is not None and (outcome.verdict != "hung" or outcome.why):
        parts.append(_time(outcome.seconds))
    if outcome.again is not None:
        parts.append(f"{outcome.again} of {outcome.done} played again")
        parts.append(f"{outcome.left} left behind")
    return ", ".join(parts)


def _time(seconds: float) -> str:
    """Whole milliseconds, or seconds."""
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.001 else "< 1 ms"


def _verdict(outcome: Outcome) -> str:
    """Finished, or what is missing and why."""
    missing = tasks.TASKS - outcome.got
    why = f" ({outcome.why})" if outcome.why else ""
    if outcome.verdict == "finished":
        return f"finished{why}"
    if outcome.verdict == "lost":
        return f"**lost {missing}**{why or ' without a word'}"
    return f"**hung**, {missing} missing{why}" if missing else f"**hung** at the end{why}"


def table(outcomes: list[Outcome], cases: list[Case]) -> str:
    """A row for each case, a column for each peer that has an outcome."""
    peers = list(dict.fromkeys(outcome.peer for outcome in outcomes))
    cells = {(outcome.peer, outcome.case): cell(outcome) for outcome in outcomes}
    lines = ["| | " + " | ".join(peers) + " |", "|---" * (len(peers) + 1) + "|"]
    for case in cases:
        lines.append(
            f"| {case.title} | "
            + " | ".join(cells.get((peer, case.name), "") for peer in peers)
            + " |"
        )
    return "\n".join(lines)
