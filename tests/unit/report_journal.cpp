#include "runner/report/journal_record.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "common/result_codec.hpp"
#include "runner/journal/run_directory.hpp"
#include "runner/journal/writer.hpp"
#include "runner/report/report.hpp"
#include "runner/scoring/tables.hpp"
#include "tests/support/journal_samples.hpp"
#include "tests/support/process_spec.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/small_tournament.hpp"

using namespace joust;
using namespace joust::report;
using namespace joust::test;

namespace {

struct Story {
  std::vector<TaskIndex> order;  // in which results are counted
  std::size_t per_session = 24;
  std::uint32_t workers = 1;
  bool with_failures = false;
};

void play_session(const std::filesystem::path& dir, const Story& story, std::size_t from) {
  journal::WriterOptions options;
  options.workers = story.workers;
  journal::Writer writer(dir, options, [] {});
  const std::size_t to = std::min(from + story.per_session, story.order.size());
  for (std::size_t i = from; i < to; ++i) {
    const TaskIndex task = story.order[i];
    journal::Batch batch;
    if (story.with_failures) {
      journal::FailedAttempt failed;
      failed.task = task;
      failed.attempt = 1;
      failed.cause = Cause::crashed;
      batch.add(failed);
    }
    std::string encoded;
    encode_result(small_result(task), encoded);
    batch.add(journal::ResultRow{.task = task,
                                 .attempt = story.with_failures ? 2U : 1U,
                                 .played = Duration(static_cast<std::int64_t>(i)),
                                 .encoded = encoded});
    submit(writer, batch);
  }
  writer.finish(to == story.order.size() ? "finished" : "interrupted");
}

using Files = std::map<std::string, std::string>;

// Plays the story in a fresh run directory and returns its tables: as a run writes them, and as
// they are exported to compare them.
std::pair<Files, Files> tables_of(const std::filesystem::path& dir, const Story& story) {
  const Tournament tournament = small_tournament();
  const Plan plan(tournament.shape);
  const journal::RunDirectory lock = journal::RunDirectory::create(dir, sample_identity());
  for (std::size_t from = 0; from < story.order.size(); from += story.per_session) {
    play_session(dir, story, from);
  }
  const journal::Reader reader(dir);
  const JournalRecord record(reader);
  scoring::write_tables(scoring::tables_folder(dir, tournament), tournament, plan, record);
  scoring::write_tables(dir / "exported", tournament, plan, record,
                        {.reproducible = true, .per_run = true});
  return {test::tables_of(dir), files_under(dir / "exported")};
}

}  // namespace

TEST_CASE("tables from a journal have the same bytes whatever happened on the way") {
  const ScratchFolder folder;
  Story story;
  story.order.resize(24);
  std::iota(story.order.begin(), story.order.end(), 0U);
  const auto expected = ::tables_of(folder.path() / "straight", story);
  CHECK(expected.first.at("scores.csv").find("\n47,") != std::string::npos);
  CHECK(expected.second.size() == expected.first.size() + 3 + 1 + 24);

  std::mt19937 engine(11);
  story.with_failures = true;
  for (const std::size_t per_session : {24U, 7U, 2U}) {
    CAPTURE(per_session);
    std::shuffle(story.order.begin(), story.order.end(), engine);
    story.per_session = per_session;
    ++story.workers;
    CHECK(::tables_of(folder.path() / std::to_string(per_session), story) == expected);
  }
}

TEST_CASE("a report reads sessions, workers and failures from the journal") {
  const ScratchFolder folder;
  const std::filesystem::path dir = folder.path() / "run";
  Story story;
  story.order = {5, 1, 9, 0};
  story.per_session = 2;
  story.workers = 3;
  story.with_failures = true;
  ::tables_of(dir, story);

  const Tournament tournament = small_tournament();
  const journal::Reader reader(dir);
  const Report report =
      build_report({.dir = dir.string(), .lock_held = false, .worst = 5, .last_lines = 3},
                   tournament, Plan(tournament.shape), JournalRecord(reader));
  CHECK(report.state == RunState::interrupted);
  CHECK(report.standings.coverage.done == 4);
  REQUIRE(report.sessions.size() == 2);
  CHECK(report.sessions[0].ending == "interrupted");
  CHECK(report.sessions[1].workers == 3);
  REQUIRE(report.failures.size() == 1);
  CHECK(report.failures[0].recovered == 4);
  CHECK(report.tables_written);
}
