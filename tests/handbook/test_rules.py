"""No page gets past: commands that nobody runs, outputs that nobody compares, pages that no test reads."""

import os
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

from page import logical_lines, read_page
from run_page import Reader, Shell, check_mentions

SOURCE = Path(__file__).resolve().parents[2]
NOT_OURS = {"build", "runs", "node_modules"}  # made by somebody else, or by running joust


def errors_of(page: str) -> str:
    return "\n".join(read_page(textwrap.dedent(page)).errors)


class Rules(unittest.TestCase):
    def test_a_page_that_follows_the_rules_has_no_errors(self):
        self.assertEqual(errors_of("""\
            # Title

            - a list
              that goes on

            <!-- file: a.toml -->
            ```toml
            [world]

                indented = "as it likes"
            ```

            ```sh
            cat a.toml
            ```

            <!-- printed -->
            ```text
            [world]
            ```

            <!-- exits: 3 -->
            ```sh
            (exit 3)
            ```

            <!-- not run: needs the internet -->
            ```sh
            curl https://example.org
            ```
            """), "")

    def test_what_nobody_would_run_is_an_error(self):
        fence = "\n```%s\nx\n```\n"
        for page, error in (
                ("text\n\n    joust run first.toml\n", "indented block"),
                ("text\n\n\tjoust run first.toml\n", "indented block"),
                (fence % "", "without a language"),
                (fence % "bash", "marked with sh"),
                (fence % "console", "marked with sh"),
                (fence % "toml", "nobody uses this block (toml)"),
                (fence % "text", "nobody uses this block (text)"),
                ("<!-- exits: 3 -->" + fence % "toml", "contradict"),
                ("<!-- printed -->" + fence % "sh", "marked with text"),
                ("<!-- file: a -->\n<!-- not run: some reason -->" + fence % "sh", "contradict"),
                ("<!-- not run: -->" + fence % "sh", "is none of"),
                ("<!-- not run: no -->" + fence % "sh", "is none of"),
                ("<!-- runs: maybe -->" + fence % "sh", "is none of"),
                ("<!-- not run: some reason -->\ntext\n" + fence % "sh", "without a block behind it"),
                ("<!-- not run: some reason -->\n", "without a block behind it"),
                ("```sh\njoust run first.toml\n", "does not end")):
            with self.subTest(page=page):
                self.assertIn(error, errors_of(page))

    def test_a_reason_is_good_for_one_block_only(self):
        page = read_page("<!-- not run: some reason -->\n```sh\na\n```\n\n```sh\nb\n```\n")
        self.assertEqual([block.not_run for block in page.blocks], ["some reason", ""])

    def test_commands_go_on_after_a_backslash(self):
        self.assertEqual(logical_lines("# a comment\na \\\n  b   # c\n\nd\n"), ["a \\\n  b   # c", "d"])


class Following(unittest.TestCase):
    def follow(self, text: str) -> Reader:
        with tempfile.TemporaryDirectory() as folder:
            scratch = Path(folder).resolve() / "scratch"
            scratch.mkdir()
            reader = Reader(Shell(scratch, {"PATH": os.defpath}))
            for block in read_page(textwrap.dedent(text)).blocks:
                if not reader.follow(block):
                    break
        return reader

    def test_folders_and_variables_stay_from_one_command_to_the_next(self):
        reader = self.follow("""\
            <!-- file: sub/a.txt -->
            ```text
            content
            ```
            ```sh
            cd sub
            export NAME=$'two\\nlines'
            ```
            ```sh
            cat a.txt; echo "$NAME"
            ```
            <!-- printed -->
            ```text
            content
            two
            lines
            ```
            """)
        self.assertEqual(reader.errors, [])
        self.assertEqual(reader.commands, 3)

    def test_a_command_that_fails_is_an_error_and_the_end(self):
        reader = self.follow("```sh\nfalse && true\necho not reached\n```\n")
        self.assertEqual(reader.commands, 1)
        self.assertIn("'false && true' ended with 1 and not 0", reader.errors[0])

    def test_another_exit_code_than_the_page_says_is_an_error(self):
        page = "<!-- exits: 3 -->\n```sh\ntrue\n(exit %d)\n```\n"
        self.assertEqual(self.follow(page % 3).errors, [])
        self.assertIn("ended with 0 and not 3", self.follow(page % 0).errors[0])
        self.assertIn("ended with 3 and not 0", self.follow("```sh\nexit 3\n```\n").errors[0])

    def test_lines_that_were_not_printed_or_not_in_this_order_are_an_error(self):
        page = "```sh\nprintf 'a\\nb\\n  c  \\n' >&2\n```\n<!-- printed -->\n```text\n%s\n```\n"
        for good in ("a", "a\nb", "a\n\n  c", "b\n  c"):
            self.assertEqual(self.follow(page % good).errors, [])
        for bad in ("d", "b\na", "a\na", "c", "a b"):
            self.assertIn("not printed", self.follow(page % bad).errors[0])


class Pages(unittest.TestCase):
    def test_commands_and_options_that_the_text_speaks_of_exist(self):
        with tempfile.TemporaryDirectory() as folder:
            joust = Path(folder) / "joust"
            joust.write_text("#!/bin/sh\n[ $1 = run ] && echo '--out,-o TEXT  where'\n")
            joust.chmod(0o755)
            prose = [(1, "`joust run SPEC --out DIR` and `joust run`"), (2, "`joust run --fast`"),
                     (3, "`joust fly DIR`"), (4, "joust fly, `joust COMMAND --help`, `joustabout`")]
            self.assertEqual(check_mentions(prose, joust), [
                "line 2: 'joust run' has no option --fast", "line 3: there is no command 'joust fly'"])

    def test_every_page_has_a_test(self):
        """CMake passes the pages for which it has registered one."""
        tested = {Path(page).resolve() for page in os.environ["JOUST_PAGES"].split(":")}
        there = set()
        for folder, folders, files in os.walk(SOURCE):
            folders[:] = [name for name in folders if name not in NOT_OURS and not name.startswith(".")]
            there.update(Path(folder, name) for name in files if name.endswith(".md"))
        self.assertEqual({str(page.relative_to(SOURCE)) for page in there - tested}, set())
        self.assertGreater(len(tested), 20)


if __name__ == "__main__":
    sys.exit(unittest.main())
