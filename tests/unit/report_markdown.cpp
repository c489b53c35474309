#include "runner/report/markdown.hpp"

#include <doctest/doctest.h>

#include "runner/report/html/html_report.hpp"
#include "runner/report/markdown_escape.hpp"
#include "tests/support/report_samples.hpp"

using namespace joust;
using namespace joust::report;
using namespace joust::test;

namespace {

// The cells of a line of a table, as a reader of Markdown splits them.
std::size_t cells_in(const std::string& line) {
  std::size_t bars = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\') {
      ++at;
    } else if (line[at] == '|') {
      ++bars;
    }
  }
  return bars - 1;
}

}  // namespace

TEST_CASE("names are shown as they are, whatever Markdown would make of them") {
  CHECK(markdown_text("a_*b_ **c** ~d~") == "a\\_\\*b\\_ \\*\\*c\\*\\* \\~d\\~");
  CHECK(markdown_cell("c|d \\| e\\") == "c\\|d \\\\\\| e\\\\");
  CHECK(markdown_text("<script>alert(1)</script>") == "&lt;script>alert(1)&lt;/script>");
  CHECK(markdown_text("[x](http://y)") == "\\[x](http\\://y)");
  CHECK(markdown_text("mail a.b@c.de or MAILTO:x") == "mail a.b\\@c.de or MAILTO\\:x");
  CHECK(markdown_text("a `b` $c$") == "a \\`b\\` \\$c\\$");
  CHECK(markdown_text("the last #") == "the last \\#");
  CHECK(markdown_text("see www.x.com") == "see www\\.x.com");
  CHECK(markdown_text("&lt;") == "&amp;lt;");
  CHECK(markdown_text("two\nlines\t\x1b[31mred") == "two lines red");
  CHECK(markdown_text("\xFF") == "?");
  CHECK(markdown_text("v1.2") == "v1.2");
}

TEST_CASE("what Markdown takes for text is not escaped") {
  for (const char* plain :
       {"winner (of all 528 worlds)", "m-mean", "--", "truncated_mean", "C#", "#1", "a + b > c",
        "a < b & c", "2 * 3", "x ~ y", "{a}", "d]", "hey!", "at 12:30", "C:\\dir", "a|b", "@"}) {
    CHECK(markdown_text(plain) == plain);
  }
  CHECK(markdown_code("a`b``c") == "``` a`b``c ```");
  CHECK(markdown_code("plain") == "`plain`");
}

TEST_CASE("the announcement has the winner, the table, the basis and how to play it again") {
  Report report = report_of(small_record(), in_folder("runs/small"));
  report.standings.inference = {};
  const std::string text = markdown_report(report);
  CAPTURE(text);
  CHECK(text.starts_with("## small\n\nwinner (of all 24 worlds): **Bob, \"the Builder\"**\n"));
  CHECK(has(text, "| rank | competitor | truncated_mean | worlds |\n| ---: |"));
  CHECK(has(text, "| 1 | Bob, \"the Builder\" | "));
  CHECK(has(text, "Every world counted.\n"));
  CHECK(has(text, "seed 42"));
  CHECK(has(text, "`joust run spec.toml --seed 42`"));
  CHECK_FALSE(has(text, "PARTIAL"));
  CHECK_FALSE(has(text, "UNEQUAL"));
}

TEST_CASE("a table keeps its columns when a name has bars and line breaks") {
  Tournament tournament = small_tournament();
  tournament.setup.competitors[0].name = "| a \\| b |\n| c |";
  const std::string text =
      markdown_report(report_of(small_record(), in_folder("runs/small"), tournament));
  CAPTURE(text);
  std::istringstream lines(text);
  std::size_t rows = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("|")) continue;
    ++rows;
    CHECK(cells_in(line) == 6);
  }
  CHECK(rows == 5);
}

TEST_CASE("missing worlds, unequal coverage and a run that is not over are announced") {
  Report report = report_of(troubled_record(), in_folder("runs/small"));
  report.standings.inference = sample_inference();
  report.sensitivity = sample_sensitivity(false);
  const std::string text = markdown_report(report);
  CAPTURE(text);
  CHECK(has(text, "> **PARTIAL:** the run was interrupted; 20 of 24 worlds done"));
  CHECK(has(text, "> **UNEQUAL COVERAGE:** "));
  CHECK(has(text, "> **FEW BLOCKS:** "));
  CHECK(has(text, "4 of 24 worlds have no result (2 failed at every attempt, 2 not played)."));
  CHECK(has(text, "**The winner depends on what is assumed of the missing worlds.**"));
  CHECK(has(text, "| 95 % interval | P(rank 1) |"));
  CHECK(has(text, "leader so far"));
  CHECK(has(text,
            "**The winner depends on what is assumed of the missing worlds.** Tried: missing "
            "worlds are left out; the culprit gets 0.\n"));
  CHECK_FALSE(has(text, "Every world counted."));
}

TEST_CASE("the announcement names the assumptions that were tried, and what they leave out") {
  Report report = report_of(troubled_record(), in_folder("runs/small"));
  report.sensitivity = sample_sensitivity(true);
  report.sensitivity->unblamed = 3;
  const std::string text = markdown_report(report);
  CAPTURE(text);
  CHECK(has(text,
            " The winner is the same under each of 2 assumptions about the missing worlds: missing "
            "worlds are left out; the culprit gets 0. Nothing was assumed of 1 failed world of "
            "which no culprit is known and 2 not played.\n"));
}

TEST_CASE("scores that cannot be used are announced, and whose they are") {
  MemoryRecord record = small_record();
  WorldResult broken = small_result(2);
  broken.seats[1].score = std::nan("");
  record.add(2, broken);
  const std::string text = markdown_report(report_of(record, in_folder("runs/small")));
  CAPTURE(text);
  CHECK(has(text, " | worlds | unusable |\n"));
  CHECK(has(text, " | 16 of 16 | 1 |\n"));
  CHECK(has(text, "\n1 score could not be used.\n"));
}

TEST_CASE("a tournament of one configuration says why it has no intervals, in every format") {
  Tournament tournament = small_tournament();
  tournament.shape.configs = 1;
  MemoryRecord record;
  for (TaskIndex task = 0; task < Plan(tournament.shape).worlds(); ++task) {
    record.add(task, small_result(task));
  }
  const Report report = report_of(record, in_folder("runs/small"), tournament);
  const std::string why = "they need at least two configurations with usable scores; there is 1.";
  CHECK(has(markdown_report(report), "> **NO INTERVALS:** " + why));
  CHECK(has(text_of(report), "NO INTERVALS: " + why));
  CHECK(has(html_report(report, {}), why));
  CHECK(report.standings.inference.draws == 0);
}

TEST_CASE("a tournament of too many competitors says why it has no intervals") {
  scoring::Standings standings;
  standings.ranking.resize(513);
  standings.inference.too_many_competitors = true;
  CHECK(intervals_alarm(standings) ==
        "NO INTERVALS: they are computed for at most 512 competitors; there are 513.");
}
