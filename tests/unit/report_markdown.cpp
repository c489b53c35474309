#include "runner/report/markdown.hpp"

#include <doctest/doctest.h>

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
  CHECK(markdown_text("a_b*c|d") == "a\\_b\\*c\\|d");
  CHECK(markdown_text("<script>alert(1)</script>") == "&lt;script\\>alert\\(1\\)&lt;/script\\>");
  CHECK(markdown_text("[x](http://y)") == "\\[x\\]\\(http\\://y\\)");
  CHECK(markdown_text("see www.x.com") == "see www\\.x.com");
  CHECK(markdown_text("&lt;") == "&amp;lt;");
  CHECK(markdown_text("two\nlines\t\x1b[31mred") == "two lines red");
  CHECK(markdown_text("\xFF") == "?");
  CHECK(markdown_text("v1.2") == "v1.2");
  CHECK(markdown_code("a`b``c") == "``` a`b``c ```");
  CHECK(markdown_code("plain") == "`plain`");
}

TEST_CASE("the announcement has the winner, the table, the basis and how to play it again") {
  const std::string text = markdown_report(report_of(small_record(), in_folder("runs/small")));
  CAPTURE(text);
  CHECK(text.starts_with("## small\n\nwinner \\(of all 24 worlds\\): **Bob, \"the Builder\"**\n"));
  CHECK(has(text, "| rank | competitor | truncated\\_mean | worlds |\n| ---: |"));
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
    CHECK(cells_in(line) == 4);
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
  CHECK_FALSE(has(text, "Every world counted."));
}
