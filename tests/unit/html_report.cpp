#include "runner/report/html/html_report.hpp"

#include <doctest/doctest.h>

#include <regex>

#include "runner/report/html/markup.hpp"
#include "runner/report/html/scale.hpp"
#include "runner/report/html/svg.hpp"
#include "tests/support/course_record.hpp"
#include "tests/support/small_tournament.hpp"

using namespace joust;
using namespace joust::report;
using namespace joust::test;

namespace {

CourseOptions three() {
  CourseOptions options;
  options.names = {"Ann", "<script>alert(1)</script>", "Bob & \"Co\" 'x'\x01"};
  options.configs = 30;
  return options;  // 90 worlds
}

std::string page_of(const CourseOptions& options, bool lock_held = false) {
  const CourseRecord record(options);
  ReportOptions show;
  show.dir = "runs/my <run>";
  show.lock_held = lock_held;
  const Report report = build_report(show, record.tournament(), record.plan(), record);
  return html_report(report, gather_detail(report, record.tournament(), record.plan(), record));
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

std::string labels(const std::vector<html::Tick>& ticks) {
  std::string text;
  for (const html::Tick& tick : ticks) text += (text.empty() ? "" : " ") + tick.label;
  return text;
}

}  // namespace

TEST_CASE("text from outside can not become markup") {
  CHECK(html::escape("<a href=\"x\">'&'</a>") ==
        "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
  CHECK(html::escape(std::string("a\0b\x1B[31mc\nd\xFF", 12)) == "a?bc d?");
  CHECK(html::escape_clipped("<<<<<<", 5) == "&lt;&lt;...");
}

TEST_CASE("names break between their parts, and numbers not at all") {
  CHECK(html::breakable("EqualDistOneS/hotAgent") ==
        "Equal<wbr>Dist<wbr>One<wbr>S/<wbr>hot<wbr>Agent");
  CHECK(html::breakable("truncated_mean v0.25 <&>") == "truncated_<wbr>mean v0.25 &lt;&amp;&gt;");
  CHECK(html::breakable(std::string(30, 'x')) ==
        std::string(24, 'x') + "<wbr>" + std::string(6, 'x'));
  CHECK(html::breakable("\u540d\u524d") == "\u540d\u524d");
}

TEST_CASE("long names are cut in the middle, so that their ends tell them apart") {
  CHECK(html::clip_middle("Competitor number 12", 12) == "Compe\u2026ber 12");
  CHECK(html::clip_middle("Competitor", 10) == "Competitor");
  CHECK(html::clip_middle("\u540d\u524d\u540d\u524d\u540d", 7) == "\u540d\u2026\u540d");
}

TEST_CASE("the only script of the page is ours, and names are text") {
  const std::string page = page_of(three());
  CHECK(count(page, "<script") == 1);
  CHECK(count(page, "</script") == 1);
  CHECK(has(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  CHECK(has(page, "Bob &amp; &quot;Co&quot; &#39;x&#39;?"));
  CHECK(has(page, "runs/my &lt;run&gt;"));
  CHECK(has(page, "script-src &#39;") == false);
  CHECK(std::regex_search(page, std::regex("script-src 'sha256-[A-Za-z0-9+/]{43}='")));
}

TEST_CASE("the page asks for nothing from anywhere else") {
  const std::string page = page_of(three());
  for (const char* part : {"http:", "https:", "src=", "@import", "url(", "<link", "<img"}) {
    CAPTURE(part);
    CHECK_FALSE(has(page, part));
  }
  CHECK(has(page, "default-src 'none'"));
}

TEST_CASE("the same run gives the same page") { CHECK(page_of(three()) == page_of(three())); }

TEST_CASE("every section is there, and every element that opens also closes") {
  CourseOptions nothing = three();
  nothing.unplayed = 90;
  nothing.fail_every = 0;
  CourseOptions old = three();
  old.with_moments = false;
  CourseOptions crowd = three();
  crowd.names.resize(130);
  for (std::size_t i = 3; i < crowd.names.size(); ++i) crowd.names[i] = std::to_string(i);
  crowd.per_world = 2;
  crowd.configs = 1;
  for (const CourseOptions& options : {three(), nothing, old, crowd}) {
    const std::string page = page_of(options);
    for (const char* id : {"standings", "scores", "pairs", "ranks", "coverage", "failures", "slots",
                           "course", "durations"}) {
      CAPTURE(id);
      CHECK(count(page, "<section id=\"" + std::string(id) + "\"") == 1);
      CHECK(has(page, "<a href=\"#" + std::string(id) + "\">"));
    }
    for (const char* tag : {"section", "svg", "figure", "table", "details", "div", "dl", "main"}) {
      CAPTURE(tag);
      CHECK(count(page, "<" + std::string(tag) + " ") + count(page, "<" + std::string(tag) + ">") ==
            count(page, "</" + std::string(tag) + ">"));
    }
    CHECK_FALSE(has(page, "nan"));
    CHECK_FALSE(has(page, "=\"inf"));
  }
}

TEST_CASE("a page about a part of the worlds says so before anything else") {
  CourseOptions options = three();
  CHECK_FALSE(has(page_of(options), "class=\"banner"));
  options.unplayed = 13;
  options.quarantined = 2;
  options.configs = 4;
  options.runs = 10;
  const std::string page = page_of(options);
  const std::string head = page.substr(0, page.find("<main"));
  CHECK(has(head, "leader so far (of "));
  CHECK(has(head, "<strong>Partial.</strong> The tournament was interrupted: 13 of 120 worlds"));
  CHECK(has(head, "joust resume &#39;runs/my &lt;run&gt;&#39;"));
  CHECK(has(head, "<strong>Worlds are missing.</strong> 2 worlds were given up"));
  CHECK(has(head, "<strong>Few configurations.</strong> The intervals rest on 4 configurations"));
  CHECK(has(page_of(options, true), "still running"));
  CHECK(has(page, "joust replay &#39;runs/my &lt;run&gt;&#39; 18 --attempt"));
  options.quarantined = 1;
  CHECK(has(page_of(options),
            "</strong> 1 world was given up after failing again and again; it has no result."));
}

TEST_CASE("the key facts say what was asked and how fast it was done") {
  const std::string page = page_of(three());
  CHECK(has(page, "<dt>Competitors</dt><dd>3, 3 in each world</dd>"));
  CHECK(has(page, "<dt>Configurations</dt><dd>30</dd>"));
  CHECK(has(page, "<dt>Time taken</dt><dd>"));
  CHECK(has(page, "worlds a second</dd>"));
}

TEST_CASE("the ranks are shown under each assumption about the missing worlds") {
  CourseOptions options = three();
  options.quarantined = 2;  // of the second one the evidence names the culprit
  const std::string page = page_of(options);
  const std::string coverage = page.substr(page.find("<section id=\"coverage\""));
  CHECK(has(coverage, "The ranks, if the missing worlds counted"));
  CHECK(has(coverage, "the culprit gets 0"));
  CHECK(has(coverage, "1 missing world without a known culprit is left out in all cases."));
  CHECK_FALSE(has(page_of(three()), "if the missing worlds counted"));
}

TEST_CASE("the pairs say so when too few configurations rule out any mark") {
  CourseOptions options = three();
  options.configs = 3;
  CHECK(has(page_of(options),
            "With 3 configurations no p value can be below 0.25, or 0.75 after the adjustment for "
            "3 pairs: no difference can be marked."));
  CHECK_FALSE(has(page_of(three()), "no p value can be below"));
}

TEST_CASE("worlds in trouble that are not shown are counted, and all tasks given up are listed") {
  CourseOptions options = three();
  options.fail_every = 2;
  options.quarantined = 10;
  const std::string page = page_of(options);
  CHECK(has(page, "<p>40 of 45 shown; failures.csv has all of them."));
  CHECK(has(page, "The tasks of all 10 worlds given up</summary><p class=\"tasks\">1, 3, 5, 7, "));
}

TEST_CASE("a short run's timeline shows each attempt, a long one's what was played together") {
  CourseOptions options = three();
  options.fail_every = 10;
  const std::string brief = page_of(options);
  for (const char* title : {"<title>world 7, attempt 1: done, after ", "world 5, attempt 2: done",
                            "<title>world 5, attempt 1: ", "<title>a worker died</title>"}) {
    CAPTURE(title);
    CHECK(count(brief, title) >= 2);  // in both drawings
  }
  CHECK(has(brief, "world played again</li>"));
  options.configs = 3000;  // 9,000 worlds
  const std::string lengthy = page_of(options);
  CHECK_FALSE(has(lengthy, "attempt-done\" d="));
  CHECK(std::regex_search(lengthy, std::regex("<title>[0-9]+ worlds, [0-9]+ to [0-9]+</title>")));
  CHECK(std::regex_search(lengthy, std::regex("attempts failed: worlds [0-9]+, [0-9]+")));
  CHECK(std::regex_search(lengthy, std::regex("retries: worlds [0-9]+, [0-9]+")));
}

TEST_CASE("the throughput of a run of a second is no flat block") {
  CourseOptions options = three();
  options.slots = 32;  // 90 worlds in three rounds of 300 ms
  const std::string page = page_of(options);
  const std::string plot = page.substr(page.find("aria-labelledby=\"plot-rate-w-t\""));
  const std::size_t edge = plot.find("<path class=\"edge\" d=\"");
  REQUIRE(edge != std::string::npos);
  const std::string path = plot.substr(edge, plot.find("/>", edge) - edge);
  CAPTURE(path);
  CHECK(count(path, "H") >= 10);
}

TEST_CASE("unequal coverage and unusable scores have their banners") {
  const Tournament tournament = small_tournament();
  const Plan plan(tournament.shape);
  MemoryRecord record = small_record();
  WorldResult broken = small_result(2);
  broken.seats[1].score = std::numeric_limits<double>::quiet_NaN();
  record.add(2, broken);
  ReportOptions options;
  options.dir = "runs/small";
  Report report = build_report(options, tournament, plan, record);
  report.standings.inference = {};  // as where nobody computed it
  const std::string page = html_report(report, gather_detail(report, tournament, plan, record));
  CHECK(has(page, "<strong>Unequal coverage.</strong>"));
  CHECK(has(page, "<strong>Unusable scores.</strong> 1 score is"));
  CHECK(has(page, "No pairs were compared"));
  CHECK(has(page, "nothing is known about the course of time"));
}

TEST_CASE("what is not known of an old run is said") {
  CourseOptions options = three();
  options.with_moments = false;
  const std::string page = page_of(options);
  CHECK(has(page, "an older version of joust did not record when and where"));
  CHECK(has(page, "Neither the journal nor events.jsonl say when worlds were done."));
  CHECK(has(page, "There are no samples in events.jsonl"));
}

TEST_CASE("ticks are round numbers within the axis") {
  CHECK(labels(html::number_ticks(0, 1, 5)) == "0.0 0.2 0.4 0.6 0.8 1.0");
  CHECK(labels(html::number_ticks(-0.07, 0.13, 4)) == "\u22120.05 0.00 0.05 0.10");
  CHECK(labels(html::number_ticks(3, 1234, 3)) == "500 1000");
  CHECK(labels(html::number_ticks(0.41, 0.59, 1)) == "0.45 0.50 0.55");  // one gives no scale
  CHECK(labels(html::time_ticks(125, 5)) == "0 30s 1m 1m30s 2m");
  CHECK(labels(html::time_ticks(3 * 86400.0, 3)) == "0 1d 2d 3d");
  for (const double high : {1e-9, 0.3, 7.0, 1e4, 1e12}) {
    const auto ticks = html::number_ticks(-high / 3, high, 6);
    CAPTURE(high);
    CHECK(ticks.size() >= 3);
    CHECK(ticks.size() <= 14);
    CHECK(ticks.back().value <= high * 1.0001);
    CHECK(ticks.front().value >= -high / 3 * 1.0001);
  }
}

TEST_CASE("a scale maps its ends to the ends of the drawing") {
  const auto linear = html::Scale::linear(-1, 3, 10, 90);
  CHECK(linear(-1) == doctest::Approx(10));
  CHECK(linear(1) == doctest::Approx(50));
  const auto logarithmic = html::Scale::logarithmic(0.01, 100, 0, 100);
  CHECK(logarithmic(1) == doctest::Approx(50));
  CHECK(html::coordinate(12.04) == "12");
  CHECK(html::coordinate(-0.26) == "-0.3");
  CHECK(html::coordinate(std::numeric_limits<double>::quiet_NaN()) == "0");
}

TEST_CASE("numbers are written for people") {
  constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  CHECK(html::score_text(kNothing) == "\u2013");
  CHECK(html::score_text(-0.12345) == "\u22120.1235");
  CHECK(html::signed_text(2.5) == "+2.5000");
  CHECK(html::score_text(123456) == "123456");
  CHECK(html::score_text(1.5e-7) == "1.5e-07");
  CHECK(html::percent_text(0.004) == "< 1 %");
  CHECK(html::percent_text(0.999) == "> 99 %");
  CHECK(html::percent_text(1) == "100 %");
  CHECK(html::p_text(0.0002) == "< 0.001");
  CHECK(html::grouped(0) == "0");
  CHECK(html::grouped(1234567) == "1,234,567");
  CHECK(html::grouped(1, "world") == "1 world");
  CHECK(html::grouped(21000, "world") == "21,000 worlds");
  CHECK(html::grouped_numbers("winner (of 10439 of 10440 worlds; 1 missing)") ==
        "winner (of 10,439 of 10,440 worlds; 1 missing)");
  std::string ordinals;
  for (const std::uint64_t number : {1U, 2U, 3U, 4U, 11U, 12U, 13U, 21U, 22U, 103U, 112U}) {
    ordinals += html::ordinal(number) + " ";
  }
  CHECK(ordinals == "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 103rd 112th ");
  CHECK(html::seconds_text(4e-8) == "40 ns");
  CHECK(html::seconds_text(0.0123) == "12.3 ms");
  CHECK(html::seconds_text(125) == "2m05s");
  CHECK(html::moment_text(1740830400000) == "2025-03-01 12:00:00 UTC");
  CHECK(html::moment_text(0) == "unknown");
  CHECK(html::moment_text(std::numeric_limits<std::int64_t>::max()) == "unknown");
}
