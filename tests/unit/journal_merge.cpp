// Several journals of one tournament become one.

#include "runner/journal/merge.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>

#include "common/shard.hpp"
#include "runner/journal/reader.hpp"
#include "runner/journal/run_directory.hpp"
#include "runner/journal/sqlite.hpp"
#include "runner/journal/writer.hpp"
#include "tests/support/journal_samples.hpp"
#include "tests/support/scratch_folder.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;
using journal::Batch;

constexpr std::uint64_t kWorlds = 40;

// A run of `workers` that one session has worked on.
struct MadeRun {
  ScratchFolder folder;
  fs::path dir = folder.path() / "run";

  explicit MadeRun(const Batch& rows = {}, std::uint32_t workers = 2) {
    journal::RunDirectory::create(dir, sample_identity());
    play(rows, workers);
  }
  // One session more.
  void play(Batch rows, std::uint32_t workers = 2, const std::string& containment = "cgroup") {
    journal::WriterOptions options;
    options.workers = workers;
    options.containment = containment;
    journal::Writer writer(dir, options, {});
    submit(writer, rows);
    writer.finish("interrupted");
    REQUIRE_FALSE(writer.status().error);
  }
  void write_log(const std::string& name, const std::string& text) const {
    std::ofstream(dir / "attempts" / name) << text;
  }
};

Batch results_of_shard(const Shard& shard, std::size_t size = 40) {
  Batch rows;
  for (std::uint64_t i = 0; i < shard.size(kWorlds); ++i) add_result(rows, shard.task(i), size);
  return rows;
}

journal::FailedAttempt failure(TaskIndex task, AttemptNumber attempt, const std::string& detail,
                               bool charged = true) {
  journal::FailedAttempt row;
  row.task = task;
  row.attempt = attempt;
  row.cause = Cause::exited;
  row.detail = detail;
  row.slot = 1;
  row.epoch = attempt;
  row.at = 1000 + attempt;
  row.charged = charged;
  return row;
}

struct Merged {
  ScratchFolder folder;
  fs::path dir = folder.path() / "merged";
  journal::MergeResult result;

  explicit Merged(const std::vector<fs::path>& runs, std::size_t at_once = 200) {
    journal::RunDirectory::create(dir, sample_identity(), [&](const fs::path& made) {
      result = journal::merge_journals(runs, made, {.worlds = kWorlds, .at_once = at_once});
    });
  }
};

std::vector<journal::FailedAttempt> failures_in(const fs::path& dir) {
  std::vector<journal::FailedAttempt> rows;
  journal::Reader(dir).for_each_failed_attempt([&](const auto& row) { rows.push_back(row); });
  return rows;
}

// All but where they were played.
std::map<TaskIndex, std::string> results_by_task(const fs::path& dir) {
  std::map<TaskIndex, std::string> results;
  journal::Reader(dir).for_each_result([&](const journal::ResultRow& row) {
    results[row.task] = fmt::format("{} {} {} {}", row.attempt, row.played.count(), row.at,
                                    std::string(row.encoded));
  });
  return results;
}

std::string refusal(const std::vector<fs::path>& runs) {
  try {
    const Merged merged(runs);
    return "merged";
  } catch (const journal::JournalError& error) {
    return error.what();
  }
}

TEST_CASE("shards that are merged hold what one run would have held") {
  Batch all;
  for (TaskIndex task = 0; task < kWorlds; ++task) add_result(all, task);
  const MadeRun whole(all);
  std::vector<std::unique_ptr<MadeRun>> shards;
  std::vector<fs::path> dirs;
  for (std::uint32_t index = 1; index <= 7; ++index) {
    shards.push_back(std::make_unique<MadeRun>(results_of_shard({index, 7})));
    dirs.push_back(shards.back()->dir);
  }
  // also in groups, and in groups of groups
  for (const std::size_t at_once : {200U, 7U, 6U, 3U, 2U}) {
    CAPTURE(at_once);
    const Merged merged(dirs, at_once);
    CHECK(results_by_task(merged.dir) == results_by_task(whole.dir));
    CHECK(merged.result.worlds == kWorlds);
    CHECK(merged.result.shared == 0);
    REQUIRE(merged.result.runs.size() == 7);
    std::uint64_t sum = 0;
    for (const journal::MergedRun& run : merged.result.runs) sum += run.results;
    CHECK(sum == kWorlds);
    // nothing is left of the groups
    for (const auto& entry : fs::directory_iterator(merged.dir)) {
      CHECK_FALSE(entry.path().filename().string().starts_with("group"));
    }
    const auto sessions = journal::Reader(merged.dir).sessions();
    REQUIRE(sessions.size() == 1);
    CHECK(sessions[0].ending == "finished");
    CHECK(sessions[0].workers == 14);
    CHECK(sessions[0].containment == "cgroup");
  }
}

TEST_CASE("large results keep their files") {
  constexpr std::size_t kLarge = 100'000;
  const MadeRun first(results_of_shard({1, 20}, kLarge));
  const MadeRun second(results_of_shard({2, 20}, kLarge));
  const Merged merged({first.dir, second.dir});
  std::uint64_t seen = 0;
  journal::Reader(merged.dir).for_each_result([&](const journal::ResultRow& row) {
    CHECK(row.encoded == sample_result(row.task, kLarge));
    ++seen;
  });
  CHECK(seen == 4);
  CHECK(merged.result.worlds == 4);
  CHECK(journal::Reader(merged.dir).sessions().at(0).ending == "interrupted");
}

TEST_CASE("results that several runs have must agree") {
  Batch some;
  for (const TaskIndex task : {1U, 2U, 3U}) add_result(some, task);
  const MadeRun first(some);
  Batch others;
  for (const TaskIndex task : {2U, 3U, 4U}) add_result(others, task);
  const MadeRun second(others);
  const Merged merged({first.dir, second.dir});
  CHECK(merged.result.shared == 2);
  CHECK(merged.result.worlds == 4);
  CHECK(journal::Reader(merged.dir).counts().results == 4);

  Batch different;
  add_result(different, 3, 41);
  const MadeRun third(different);
  const std::string text = refusal({first.dir, third.dir, second.dir});
  CAPTURE(text);
  CHECK(text.starts_with(fmt::format(
      "world 3 has one result in {} and another in {}: ", first.dir.string(), third.dir.string())));
  // of groups, the runs are named all the same
  Batch elsewhere;
  add_result(elsewhere, 30);
  const MadeRun fourth(elsewhere);
  const MadeRun fifth(elsewhere);
  try {
    const Merged in_groups({fourth.dir, first.dir, fifth.dir, third.dir}, 2);
    FAIL("merged");
  } catch (const journal::JournalError& error) {
    const std::string said = error.what();
    CAPTURE(said);
    CHECK(said.starts_with(fmt::format("world 3 has one result in {} and another in {}: ",
                                       first.dir.string(), third.dir.string())));
  }
}

TEST_CASE("what is told of a world comes from one run: done, given up, or with the most attempts") {
  Batch done;
  add_result(done, 5);
  done.add(failure(5, 1, "before it was done"));
  Batch given_up;
  given_up.add(failure(5, 1, "elsewhere"));
  given_up.add(failure(5, 2, "elsewhere"));
  given_up.add(journal::QuarantineRow{5, Cause::exited});
  given_up.add(failure(6, 1, "given up"));
  given_up.add(journal::QuarantineRow{6, Cause::exited});
  Batch open;
  open.add(failure(6, 1, "open"));
  open.add(failure(7, 1, "once"));
  Batch twice;
  twice.add(failure(7, 1, "twice"));
  twice.add(failure(7, 2, "twice"));
  twice.add(failure(7, 3, "an injury", false));
  const MadeRun a(given_up);
  const MadeRun b(done);
  const MadeRun c(open);
  const MadeRun d(twice);
  const Merged merged({a.dir, b.dir, c.dir, d.dir});

  const journal::Reader reader(merged.dir);
  CHECK(reader.counts().results == 1);
  REQUIRE(reader.quarantined().size() == 1);
  CHECK(reader.quarantined()[0].task == 6);
  std::vector<std::string> told;
  for (const auto& row : failures_in(merged.dir)) {
    told.push_back(fmt::format("{}.{} {}", row.task, row.attempt, row.detail));
  }
  CHECK(told == std::vector<std::string>{"5.1 before it was done", "6.1 given up", "7.1 twice",
                                         "7.2 twice", "7.3 an injury"});
  CHECK(merged.result.worlds == 2);
  CHECK(merged.result.runs[0].quarantined == 2);
  CHECK(merged.result.runs[1].results == 1);
  CHECK(merged.result.runs[2].open == 2);
  CHECK(merged.result.runs[3].open == 1);
}

TEST_CASE("the evidence of failures comes along, and nothing from outside of the run") {
  Batch rows;
  auto logged = failure(8, 1, "with a log");
  logged.log = "attempts/8.1.log";
  logged.stack = "attempts/8.1.stack";
  rows.add(logged);
  auto outside = failure(9, 1, "made up");
  outside.log = "../secret";
  outside.stack = "attempts/../../secret";
  rows.add(outside);
  const MadeRun run(rows);
  run.write_log("8.1.log", "last words");
  std::ofstream(run.folder.path() / "secret") << "secret";
  const Merged merged({run.dir});
  std::ifstream log(merged.dir / "attempts/8.1.log");
  std::string text;
  std::getline(log, text);
  CHECK(text == "last words");
  CHECK_FALSE(fs::exists(merged.dir / "attempts/8.1.stack"));  // the user had removed it
  CHECK_FALSE(fs::exists(merged.folder.path() / "secret"));
  CHECK(std::distance(fs::directory_iterator(merged.dir / "attempts"), {}) == 1);
}

TEST_CASE("evidence that cannot be read is told of, and links are not followed") {
  Batch rows;
  for (const TaskIndex task : {1U, 2U}) {
    auto failed = failure(task, 1, "with a log");
    failed.log = fmt::format("attempts/{}.1.log", task);
    rows.add(failed);
  }
  const MadeRun run(rows);
  run.write_log("1.1.log", "last words");
  fs::create_symlink("/etc/passwd", run.dir / "attempts/2.1.log");
  const Merged merged({run.dir});
  CHECK(merged.result.unreadable == std::vector<fs::path>{run.dir / "attempts/2.1.log"});
  CHECK(fs::exists(merged.dir / "attempts/1.1.log"));
  CHECK_FALSE(fs::exists(fs::symlink_status(merged.dir / "attempts/2.1.log")));
}

TEST_CASE("a merge that is stopped leaves nothing") {
  const MadeRun run(results_of_shard({1, 1}));
  ScratchFolder folder;
  const auto merge = [&] {
    journal::RunDirectory::create(
        folder.path() / "out", sample_identity(), [&](const fs::path& made) {
          journal::merge_journals({run.dir}, made,
                                  {.worlds = kWorlds, .is_stopped = [] { return true; }});
        });
  };
  CHECK_THROWS_AS(merge(), journal::MergeStopped);
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("slots stand side by side, and epochs count on from session to session") {
  const auto start = [](SlotIndex slot, Epoch epoch, journal::UnixMillis at) {
    return journal::WorkerStart{.slot = slot, .epoch = epoch, .pid = 7, .at = at};
  };
  const auto end = [](SlotIndex slot, Epoch epoch, journal::UnixMillis at) {
    return journal::WorkerEnd{
        .slot = slot, .epoch = epoch, .at = at, .lost = true, .ending = "x", .cause = {}};
  };
  Batch first;
  first.add(start(0, 1, 10));
  first.add(start(1, 1, 11));
  first.add(end(1, 1, 12));
  first.add(start(1, 2, 13));
  MadeRun a(first, 2);
  Batch second;
  second.add(start(1, 1, 20));
  auto failed = failure(3, 1, "in the second session");
  failed.slot = 1;
  failed.epoch = 1;
  second.add(failed);
  a.play(second, 2, "mark");
  Batch other;
  other.add(start(0, 1, 5));
  const MadeRun b(other, 3);

  const Merged merged({a.dir, b.dir});
  std::vector<std::string> starts;
  for (const auto& row : journal::Reader(merged.dir).worker_starts()) {
    starts.push_back(fmt::format("{}.{} at {}", row.slot, row.epoch, row.at));
  }
  CHECK(starts ==
        std::vector<std::string>{"0.1 at 10", "1.1 at 11", "1.2 at 13", "1.3 at 20", "2.1 at 5"});
  const auto failures = failures_in(merged.dir);
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].slot == 1);
  CHECK(failures[0].epoch == 3);
  const auto sessions = journal::Reader(merged.dir).sessions();
  CHECK(sessions.at(0).workers == 5);
  CHECK(sessions.at(0).containment == "mark");  // what all of them had
}

TEST_CASE("a damaged journal is not merged, and leaves nothing behind") {
  const MadeRun sound(results_of_shard({1, 2}));
  const MadeRun damaged(results_of_shard({2, 2}));
  journal::Database(damaged.dir / "run.db", journal::Database::Mode::write)
      .execute("UPDATE result SET checksum = checksum + 1 WHERE task > 20");
  ScratchFolder folder;
  const fs::path out = folder.path() / "merged";
  CHECK_THROWS_AS(journal::RunDirectory::create(
                      out, sample_identity(),
                      [&](const fs::path& made) {
                        journal::merge_journals({sound.dir, damaged.dir}, made, {kWorlds});
                      }),
                  journal::JournalError);
  CHECK(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace joust::test
