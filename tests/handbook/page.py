"""A page of the handbook, as text: its blocks, and what was said of each.

A block of code stands in a fence with a language. A comment in the line before it says what is to be done with it:

    <!-- file: first.toml -->     put it into this file, in the folder where the commands are
    <!-- exits: 3 -->             the last of these commands ends with this exit code
    <!-- printed -->              these lines are among those that the commands before it printed, in this order
    <!-- not run: REASON -->      none of it

Commands (sh) are run when nothing else is said. Every other block needs a comment.
"""

import re
from dataclasses import dataclass, field
from typing import Optional

COMMENT = re.compile(r"<!--\s*(.*?)\s*-->")
FENCE = re.compile(r"(`{3,}|~{3,})\s*(\S*)\s*$")
SHELLS = ("bash", "shell", "console", "zsh")


@dataclass
class Block:
    line: int  # of its fence
    language: str
    text: str
    file: str = ""
    exits: int = 0
    printed: bool = False
    not_run: str = ""


@dataclass
class Page:
    blocks: list = field(default_factory=list)
    prose: list = field(default_factory=list)  # pairs: number of the line, text
    errors: list = field(default_factory=list)

    def error(self, line: int, text: str) -> None:
        self.errors.append(f"line {line}: {text}")


def say_of(page: Page, block: Block, line: int, comment: str) -> None:
    """Takes over what a comment says of the block behind it."""
    key, _, value = (part.strip() for part in comment.partition(":"))
    if key == "file" and value:
        block.file = value
    elif key == "exits" and value.isdigit():
        block.exits = int(value)
    elif key == "printed" and not value:
        block.printed = True
    elif key == "not run" and len(value) > 5:
        block.not_run = value
    else:
        page.error(line, f"'{comment}' is none of: file: NAME, exits: CODE, printed, not run: REASON")


def check(page: Page, block: Block) -> None:
    """A block is used, or says why not."""
    said = [bool(block.file), block.printed, bool(block.not_run)]
    if not block.language:
        page.error(block.line, "a block without a language: sh for commands, text for what is none")
    elif block.language in SHELLS:
        page.error(block.line, f"commands are marked with sh, not {block.language}")
    elif sum(said) > 1 or (block.exits and (block.language != "sh" or any(said))):
        page.error(block.line, "comments that contradict each other")
    elif block.printed and block.language != "text":
        page.error(block.line, "what is printed is marked with text")
    elif block.language == "sh" and (block.file or block.not_run):
        pass
    elif block.language != "sh" and not any(said):
        page.error(block.line, f"nobody uses this block ({block.language}): <!-- file: NAME -->, <!-- printed --> or "
                               "<!-- not run: REASON --> before it says what it is for")


def read_page(text: str) -> Page:
    page = Page()
    comments: list = []  # that wait for a block: pairs of line and text
    block: Optional[Block] = None
    fence = ""
    before = ""
    for number, line in enumerate(text.splitlines(), 1):
        if block:
            if line.strip() == fence:
                check(page, block)
                page.blocks.append(block)
                block = None
            else:
                block.text += line + "\n"
            continue
        opening = FENCE.match(line.strip())
        comment = COMMENT.fullmatch(line.strip())
        if opening:
            fence = opening[1]
            block = Block(number, opening[2], "")
            for at, said in comments:
                say_of(page, block, at, said)
            comments = []
        elif comment:
            comments.append((number, comment[1]))
        elif line.strip():
            for at, _ in comments:
                page.error(at, "a comment without a block behind it")
            comments = []
            if line.startswith(("    ", "\t")) and not before.strip():
                page.error(number, "an indented block: nobody would run what is in it; use a fence")
            page.prose.append((number, line))
        before = line
    if block:
        page.error(block.line, "a fence that does not end")
    for at, _ in comments:
        page.error(at, "a comment without a block behind it")
    return page


def logical_lines(text: str) -> list:
    """The commands of a block: lines that end in a backslash go on."""
    commands = []
    command = ""
    for line in text.splitlines():
        command += line + "\n"
        if line.endswith("\\"):
            continue
        if command.strip() and not command.strip().startswith("#"):
            commands.append(command.strip())
        command = ""
    return commands
