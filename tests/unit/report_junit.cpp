#include "runner/report/junit.hpp"

#include <doctest/doctest.h>

#include <regex>

#include "tests/support/report_samples.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/xml_check.hpp"

using namespace joust;
using namespace joust::report;
using namespace joust::test;

namespace {

std::string junit_of(const RunRecord& record, const ReportOptions& options,
                     const Tournament& tournament = small_tournament()) {
  const Plan plan(tournament.shape);
  const Report report = build_report(options, tournament, plan, record);
  std::string xml;
  write_junit([&](std::string_view text) { xml += text; }, report, options, tournament, plan,
              record);
  return xml;
}

std::string faults(const std::string& xml) { return xml_faults(xml, "junit/report.rng"); }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

// The test case of a world, from its tag to the end of it.
std::string case_of(const std::string& xml, TaskIndex task) {
  const std::size_t begin =
      xml.find("<testcase name=\"" + Plan(small_tournament().shape).run_id(task) + "\"");
  REQUIRE(begin != std::string::npos);
  return xml.substr(begin, xml.find("</testcase>", begin) - begin);
}

}  // namespace

TEST_CASE("the check of XML finds what is wrong") {
  CHECK(faults("<testsuite name='a' tests='0' errors='0' skipped='0' failures='0'/>").empty());
  CHECK_FALSE(faults("<testsuite name='a' tests='0' errors='0' skipped='0'/>").empty());
  CHECK_FALSE(faults("<testsuite").empty());
  const std::string head = "<testsuite name='a' tests='1' errors='0' skipped='0' failures='1'>";
  CHECK(faults(head + "<testcase name='b' time='1.5'><failure type='t'/></testcase></testsuite>")
            .empty());
  CHECK_FALSE(faults(head + "<testcase name='b' time='1e9'/></testsuite>").empty());
  CHECK_FALSE(
      faults(head + "<testcase name='b' time='1'><rerunFailure type='t'/></testcase></testsuite>")
          .empty());
  CHECK_FALSE(faults(head + "<testcase name='b' time='1'><system-out/><failure type='t'/>"
                            "</testcase></testsuite>")
                  .empty());
}

TEST_CASE("a run in which all is well is a suite of passed test cases") {
  MemoryRecord record = small_record();
  record.played = std::chrono::milliseconds(1500);
  const std::string xml = junit_of(record, in_folder("runs/small"));
  CAPTURE(xml);
  CHECK(faults(xml) == "");
  CHECK(has(xml, "tests=\"24\" errors=\"0\" skipped=\"0\" failures=\"0\""));
  CHECK(count(xml, "<testcase ") == 24);
  CHECK(count(xml, "time=\"1.500\"") == 24);
  CHECK(has(xml, "<property name=\"joust.seed\" value=\"42\"/>"));
  CHECK_FALSE(has(xml, "ailure "));
}

TEST_CASE("failed attempts are failures, reruns and flaky failures; what is left is skipped") {
  const ScratchFolder run;
  write_text(run.path() / "attempts/20.1.log", "step 1\ndouble free or corruption\n");
  const std::string xml = junit_of(troubled_record(), in_folder(run.path().string()));
  CAPTURE(xml);
  CHECK(faults(xml) == "");
  CHECK(has(xml, "tests=\"24\" errors=\"0\" skipped=\"2\" failures=\"2\""));
  CHECK(count(xml, "<testcase ") == 24);
  CHECK(count(xml, "<failure ") == 2);
  CHECK(count(xml, "<skipped ") == 2);
  const std::string poison = case_of(xml, 20);
  CHECK(has(poison, "<failure message=\"detail of 20.1\" type=\"crashed\">"));
  CHECK(count(poison, "<rerunFailure ") == 2);
  CHECK(has(poison, "double free or corruption"));
  CHECK(has(poison, "joust replay "));
  const std::string recovered = case_of(xml, 3);
  CHECK(has(recovered, "<flakyFailure message=\"detail of 3.1\" type=\"timed_out\">"));
  CHECK_FALSE(has(recovered, "<failure "));
  // joust ended the attempt at 22 itself: that is no failure
  CHECK(has(case_of(xml, 22), "<skipped message=\"not played yet\"/>"));
}

TEST_CASE("a world that was given up and counted later is a passed one") {
  MemoryRecord record = small_record();
  record.given_up = {{.task = 4, .cause = Cause::crashed}};
  const std::string xml = junit_of(record, in_folder("runs/small"));
  CHECK(faults(xml) == "");
  CHECK(has(xml, "skipped=\"0\" failures=\"0\""));
  CHECK_FALSE(has(case_of(xml, 4), "<failure"));
}

TEST_CASE("a world given up of which no attempt is left has its cause") {
  MemoryRecord record = small_record(23);
  record.given_up = {{.task = 23, .cause = Cause::stalled}};
  const std::string xml = junit_of(record, in_folder("runs/small"));
  CHECK(faults(xml) == "");
  CHECK(has(case_of(xml, 23), "<failure type=\"stalled\">"));
}

TEST_CASE("an empty run is a suite of skipped test cases") {
  const std::string xml = junit_of(MemoryRecord{}, in_folder("runs/small", true));
  CHECK(faults(xml) == "");
  CHECK(count(xml, "<skipped ") == 24);
  CHECK(has(xml, "skipped=\"24\""));
}

TEST_CASE("whatever is in names, details and logs, the XML is well-formed and shows it") {
  const ScratchFolder run;
  const std::string nasty =
      "<script>&\"']]> \x01\x1b[2J\xFF\xC0\x80 \xEF\xBF\xBE\xEF\xBF\xBF \xF0\x9F\x98\x80";
  Tournament tournament = small_tournament();
  tournament.name = "t.x \"" + nasty;
  tournament.setup.competitors[0].name = nasty;
  tournament.setup.competitors[1].name = "</testcase>";
  MemoryRecord record = troubled_record();
  for (journal::FailedAttempt& row : record.failed) {
    row.detail = nasty;
    write_text(run.path() / row.log, nasty + "\n" + nasty + std::string(9000, '\xFF'));
    row.stack = row.log;
  }
  const std::string xml = junit_of(record, in_folder(run.path().string()), tournament);
  CAPTURE(xml);
  CHECK(faults(xml) == "");
  CHECK(has(xml, "&lt;script&gt;&amp;&quot;&apos;]]&gt;"));
  CHECK(has(xml, "\xF0\x9F\x98\x80"));
  CHECK(has(xml, "&lt;/testcase&gt;"));
}

TEST_CASE("the rotations of a set of competitors share a class, and dots make no packages") {
  const std::string xml = junit_of(small_record(), in_folder("runs/small"));
  std::map<std::string, int> classes;
  static const std::regex kClass("classname=\"([^\"]*)\"");
  for (std::sregex_iterator at(xml.begin(), xml.end(), kClass), end; at != end; ++at) {
    ++classes[(*at)[1]];
  }
  CHECK(classes.size() == 3);
  CHECK(classes["small.Cid + v1_2"] == 8);
}

TEST_CASE("more failed attempts than are kept at once are all written") {
  // 120,000 attempts at 40,000 worlds: two batches
  Tournament tournament = small_tournament();
  tournament.shape.configs = 8000;  // 48,000 worlds
  MemoryRecord record;
  const WorldResult result = small_result(0);
  for (TaskIndex task = 0; task < 48'000; ++task) {
    if (task % 6 == 5) {
      record.add(task, result);
      continue;
    }
    for (AttemptNumber attempt = 1; attempt <= 3; ++attempt) {
      record.failed.push_back(failed(task, attempt, Cause::exited));
      record.failed.back().log.clear();
    }
    record.given_up.push_back({.task = task, .cause = Cause::exited});
  }
  const std::string xml = junit_of(record, in_folder("runs/none"), tournament);
  CHECK(count(xml, "<testcase ") == 48'000);
  CHECK(count(xml, "<failure ") == 40'000);
  CHECK(count(xml, "<rerunFailure ") == 80'000);
  CHECK(has(xml, "tests=\"48000\" errors=\"0\" skipped=\"0\" failures=\"40000\""));
  CHECK(faults(xml) == "");
}
