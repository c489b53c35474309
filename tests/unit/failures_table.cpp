#include "runner/report/failures_table.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/report_samples.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace joust;
using namespace joust::report;
using namespace joust::test;

namespace {

std::string failures_of(const RunRecord& record,
                        const Tournament& tournament = small_tournament()) {
  const ScratchFolder folder;
  const std::filesystem::path path = folder.path() / kFailuresFile;
  scoring::AtomicFile file(path);
  write_failures(file, tournament, Plan(tournament.shape), record, std::nullopt);
  file.commit(scoring::Sync::none);
  return read_text(path);
}

// A reader of CSV with quotes; rows of cells.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted && c == '"' && at + 1 < text.size() && text[at + 1] == '"') {
      rows.back().back() += '"';
      ++at;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      rows.back().emplace_back();
    } else if (c == '\n' && !quoted) {
      rows.emplace_back(1);
    } else {
      rows.back().back() += c;
    }
  }
  rows.pop_back();  // after the last line break
  return rows;
}

}  // namespace

TEST_CASE("every failed attempt is a row with the columns that are documented") {
  const auto rows = parse_csv(failures_of(troubled_record()));
  REQUIRE(rows.size() == 7);
  const std::string documentation = read_text(JOUST_SOURCE_DIR "/runner/report/README.md");
  const std::string section = documentation.substr(documentation.find("## failures.csv"));
  std::size_t at = 0;
  for (const std::string& column : rows[0]) {
    CAPTURE(column);
    at = section.find(column, at);
    CHECK(at != std::string::npos);  // in that order
  }
  for (const auto& row : rows) CHECK(row.size() == rows[0].size());
}

TEST_CASE("a row says what failed, who sat there, who is to blame and where the evidence is") {
  MemoryRecord record = small_record();
  journal::FailedAttempt row = failed(3, 2, Cause::stalled);
  row.detail = "a, \"b\"\nc";
  row.slot = 4;
  row.epoch = 5;
  row.played = std::chrono::milliseconds(1250);
  row.at = 1795262400017;
  row.stack = "attempts/3.2.stack";
  const Plan plan(small_tournament().shape);
  std::vector<std::uint32_t> seats;
  plan.seats(plan.cell(3), seats);
  row.culprit = seats[1];
  record.failed = {row};
  const auto names = small_tournament().setup.competitors;
  const auto cells = parse_csv(failures_of(record)).at(1);
  const nlohmann::json seated = {names[seats[0]].name, names[seats[1]].name};
  CHECK(cells == std::vector<std::string>{"3", plan.run_id(3), "2", "stalled", "a, \"b\" c", "True",
                                          seated.dump(), names[seats[1]].name, "4", "5", "1.25",
                                          "2026-11-21T12:00:00.017Z", "attempts/3.2.log",
                                          "attempts/3.2.stack", "False"});
}

TEST_CASE("the competitors' names survive commas, quotes, semicolons and line breaks") {
  Tournament tournament = small_tournament();
  tournament.setup.competitors[0].name = "a;b,\"c\"\nd";
  tournament.setup.competitors[1].name = "[\"x\"]";
  tournament.setup.competitors[2].name = "\\";
  MemoryRecord record;
  for (TaskIndex task = 0; task < 24; ++task) {
    record.failed.push_back(failed(task, 1, Cause::crashed));
  }
  const Plan plan(tournament.shape);
  const auto rows = parse_csv(failures_of(record, tournament));
  REQUIRE(rows.size() == 25);
  for (TaskIndex task = 0; task < 24; ++task) {
    std::vector<std::uint32_t> seats;
    plan.seats(plan.cell(task), seats);
    const auto seated = nlohmann::json::parse(rows[task + 1][6]);
    CHECK(seated[0] == tournament.setup.competitors[seats[0]].name);
    CHECK(seated[1] == tournament.setup.competitors[seats[1]].name);
  }
}

TEST_CASE("the rows are in the order of tasks and attempts, and have no culprit of their own") {
  MemoryRecord record = troubled_record();
  const std::string forwards = failures_of(record);
  std::reverse(record.failed.begin(), record.failed.end());
  CHECK(failures_of(record) == forwards);
  for (const auto& row : parse_csv(forwards)) CHECK((row[7].empty() || row[7] == "culprit"));
  CHECK(parse_csv(forwards).back()[5] == "False");  // task 22: joust ended it
}

TEST_CASE("a run without failures has a table without rows") {
  CHECK(parse_csv(failures_of(small_record())).size() == 1);
}
