// The journal's round trips: what was submitted is what a reader finds, also in the middle of a
// run.

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "common/hash.hpp"
#include "runner/journal/reader.hpp"
#include "tests/support/forked_child.hpp"
#include "tests/support/journal_samples.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace joust;
using namespace joust::journal;
using joust::test::add_result;
using joust::test::ForkedChild;
using joust::test::read_text;
using joust::test::ScratchFolder;

namespace {

struct Fixture {
  ScratchFolder folder;
  std::filesystem::path dir = folder.path() / "run";
  RunDirectory lock = RunDirectory::create(dir, joust::test::sample_identity());
  std::function<void()> nothing = [] {};
};

FailedAttempt sample_failure(TaskIndex task, AttemptNumber attempt) {
  return {.task = task,
          .attempt = attempt,
          .cause = Cause::crashed,
          .detail = "signal 11 (SIGSEGV)",
          .slot = 3,
          .epoch = 9,
          .played = Duration(1'500'000),
          .at = 1'700'000'000'123,
          .log = "attempts/5.1.log",
          .charged = true};
}

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const JournalError& error) {
    return error.what();
  }
  return "(no error)";
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every kind of row comes back as it was submitted") {
  Fixture run;
  const FailedAttempt failure = sample_failure(5, 1);
  FailedAttempt uncharged = sample_failure(4, 2);
  uncharged.charged = false;
  uncharged.log.clear();
  const std::string odd("zero\0byte", 9);
  {
    Writer writer(run.dir, {.workers = 4}, run.nothing);
    Batch batch;
    add_result(batch, 2);
    batch.add(ResultRow{.task = 0, .attempt = 3, .played = Duration(17), .encoded = odd});
    batch.add(
        ResultRow{.task = (1ULL << 62) - 1, .attempt = 1, .played = Duration(0), .encoded = ""});
    batch.add(failure);
    batch.add(uncharged);
    batch.add(QuarantineRow{.task = 5, .cause = Cause::stalled});
    batch.add(WorkerStart{.slot = 1, .epoch = 2, .pid = 4711, .at = 12});
    batch.add(WorkerEnd{.slot = 1,
                        .epoch = 2,
                        .at = 13,
                        .lost = true,
                        .ending = "signal 9 (SIGKILL)",
                        .cause = Cause::out_of_memory});
    batch.add(WorkerEnd{
        .slot = 2, .epoch = 1, .at = 14, .lost = false, .ending = "exit code 0", .cause = {}});
    CHECK(batch.rows() == 9);
    CHECK(batch.result_rows() == 3);
    CHECK(writer.try_submit(batch));
    CHECK(batch.empty());
    writer.finish("finished");
    const WriterStatus status = writer.status();
    CHECK(status.rows_committed == 9);
    CHECK(status.results_committed == 3);
    CHECK(status.quarantines_committed == 1);
    CHECK_FALSE(status.error.has_value());
  }

  const Reader reader(run.dir);
  CHECK(reader.counts() == Counts{.results = 3,
                                  .failed_attempts = 2,
                                  .quarantined = 1,
                                  .workers_started = 1,
                                  .workers_lost = 1});
  std::vector<TaskIndex> tasks;
  reader.for_each_result([&](const ResultRow& row) {
    tasks.push_back(row.task);
    if (row.task == 0) {
      CHECK(row.attempt == 3);
      CHECK(row.played == Duration(17));
      CHECK(row.encoded == odd);
    }
    if (row.task == 2) CHECK(row.encoded == joust::test::sample_result(2));
    if (row.task > 2) CHECK(row.encoded.empty());
  });
  CHECK(tasks == std::vector<TaskIndex>{0, 2, (1ULL << 62) - 1});

  std::vector<FailedAttempt> failures;
  reader.for_each_failed_attempt([&](const FailedAttempt& row) { failures.push_back(row); });
  REQUIRE(failures.size() == 2);
  CHECK(failures[0].task == 4);
  CHECK_FALSE(failures[0].charged);
  CHECK(failures[0].log.empty());
  CHECK(failures[1].task == failure.task);
  CHECK(failures[1].attempt == failure.attempt);
  CHECK(failures[1].cause == failure.cause);
  CHECK(failures[1].detail == failure.detail);
  CHECK(failures[1].slot == failure.slot);
  CHECK(failures[1].epoch == failure.epoch);
  CHECK(failures[1].played == failure.played);
  CHECK(failures[1].at == failure.at);
  CHECK(failures[1].log == failure.log);
  CHECK(failures[1].charged);

  REQUIRE(reader.quarantined().size() == 1);
  CHECK(reader.quarantined()[0].task == 5);
  CHECK(reader.quarantined()[0].cause == Cause::stalled);
  REQUIRE(reader.worker_starts().size() == 1);
  CHECK(reader.worker_starts()[0].pid == 4711);
  REQUIRE(reader.worker_ends().size() == 2);
  CHECK(reader.worker_ends()[0].cause == Cause::out_of_memory);
  CHECK(reader.worker_ends()[0].ending == "signal 9 (SIGKILL)");
  CHECK_FALSE(reader.worker_ends()[1].lost);
  CHECK_FALSE(reader.worker_ends()[1].cause.has_value());
}

TEST_CASE("each writer is a session, and one that did not finish looks killed") {
  Fixture run;
  { Writer killed(run.dir, {.workers = 2}, run.nothing); }
  {
    Writer finished(run.dir, {.workers = 8}, run.nothing);
    finished.finish("interrupted");
    finished.finish("a second call does nothing");
  }
  const std::vector<Session> sessions = Reader(run.dir).sessions();
  REQUIRE(sessions.size() == 2);
  CHECK(sessions[0].number == 1);
  CHECK(sessions[0].workers == 2);
  CHECK(sessions[0].started > 1'600'000'000'000);
  CHECK_FALSE(sessions[0].ended.has_value());
  CHECK(sessions[0].ending.empty());
  CHECK(sessions[1].number == 2);
  CHECK(sessions[1].workers == 8);
  REQUIRE(sessions[1].ended.has_value());
  CHECK(*sessions[1].ended >= sessions[1].started);
  CHECK(sessions[1].ending == "interrupted");
}

TEST_CASE("a second result for a task does not enter, and says so") {
  Fixture run;
  Writer writer(run.dir, {}, run.nothing);
  Batch batch;
  add_result(batch, 41);
  joust::test::submit(writer, batch);
  while (writer.status().results_committed < 1) std::this_thread::yield();
  batch.add(ResultRow{.task = 41, .attempt = 2, .played = Duration(1), .encoded = "other"});
  joust::test::submit(writer, batch);
  add_result(batch, 42);
  joust::test::submit(writer, batch);
  writer.finish("finished");

  const WriterStatus status = writer.status();
  REQUIRE(status.error.has_value());
  CAPTURE(status.error->what());
  CHECK(contains(status.error->what(), "two results for task 41"));
  CHECK(contains(status.error->what(), "run.db"));
  CHECK_FALSE(status.error->disk_full);
  CHECK(status.results_committed == 1);
  std::size_t rows = 0;
  Reader(run.dir).for_each_result([&](const ResultRow& row) {
    ++rows;
    CHECK(row.task == 41);
    CHECK(row.encoded == joust::test::sample_result(41));
  });
  CHECK(rows == 1);
}

TEST_CASE("a large result lies in a file, and is checked when it is read") {
  Fixture run;
  constexpr std::size_t kThreshold = 64 << 10;
  {
    Writer writer(run.dir, {}, run.nothing);
    Batch batch;
    add_result(batch, 1, kThreshold);
    add_result(batch, 2, kThreshold + 1);
    add_result(batch, 3, 5 << 20);
    joust::test::submit(writer, batch);
    writer.finish("finished");
    CHECK_FALSE(writer.status().error.has_value());
  }
  std::vector<std::filesystem::path> blobs;
  for (const auto& entry : std::filesystem::directory_iterator(run.dir / "blobs")) {
    blobs.push_back(entry.path());
  }
  REQUIRE(blobs.size() == 2);
  std::sort(blobs.begin(), blobs.end());
  const std::string content = joust::test::sample_result(2, kThreshold + 1);
  CHECK(blobs[0].filename() == "2.1-" + hash_hex(content));
  CHECK(read_text(blobs[0]) == content);

  std::vector<std::size_t> sizes;
  Reader(run.dir).for_each_result([&](const ResultRow& row) {
    sizes.push_back(row.encoded.size());
    CHECK(row.encoded == joust::test::sample_result(row.task, row.encoded.size()));
  });
  CHECK(sizes == std::vector<std::size_t>{kThreshold, kThreshold + 1, 5 << 20});

  const auto read_all = [&] { Reader(run.dir).for_each_result([](const ResultRow&) {}); };
  SUBCASE("a flipped bit") {
    std::string damaged = content;
    damaged[1000] = static_cast<char>(damaged[1000] ^ 1);
    joust::test::write_text(blobs[0], damaged);
    CHECK(contains(error_of(read_all), "the result of task 2 is damaged: its hash"));
  }
  SUBCASE("a missing tail") {
    joust::test::write_text(blobs[0], content.substr(1));
    CHECK(contains(error_of(read_all), "65536 bytes, not 65537"));
  }
  SUBCASE("a missing file") {
    std::filesystem::remove(blobs[0]);
    const std::string error = error_of(read_all);
    CAPTURE(error);
    CHECK(contains(error, blobs[0].string()));
    CHECK(contains(error, "No such file"));
  }
}

TEST_CASE("a changed row is noticed by its checksum, and named") {
  Fixture run;
  {
    Writer writer(run.dir, {}, run.nothing);
    Batch batch;
    add_result(batch, 7);
    batch.add(sample_failure(8, 1));
    batch.add(QuarantineRow{.task = 9, .cause = Cause::frozen});
    joust::test::submit(writer, batch);
    writer.finish("finished");
  }
  const auto change = [&](const char* sql) {
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open((run.dir / "run.db").c_str(), &database) == SQLITE_OK);
    CHECK(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(database);
  };
  const auto read = [&] { joust::test::dump(run.dir); };
  CHECK(error_of(read) == "(no error)");
  SUBCASE("the duration of a result") {
    change("UPDATE result SET played = played + 1");
    CHECK(contains(error_of(read), "the result of task 7 is damaged"));
  }
  SUBCASE("the task of a result") {
    change("UPDATE result SET task = 70");
    CHECK(contains(error_of(read), "the result of task 70 is damaged"));
  }
  SUBCASE("the detail of a failed attempt") {
    change("UPDATE failed_attempt SET detail = 'signal 6'");
    CHECK(contains(error_of(read), "the failed attempt of task 8 is damaged"));
  }
  SUBCASE("the cause of a quarantine") {
    change("UPDATE quarantine SET cause = 'crashed'");
    CHECK(contains(error_of(read), "the quarantine of task 9 is damaged"));
  }
  SUBCASE("a cause that there is not") {
    change("UPDATE failed_attempt SET cause = 'bored'");
    CHECK(contains(error_of(read), "'bored' is no cause"));
  }
  SUBCASE("the identity") {
    change("UPDATE meta SET value = '8' WHERE key = 'deciding.tournament.seed'");
    CHECK(contains(error_of(read), "the identity of the run is damaged"));
  }
}

TEST_CASE("a reader follows a writer at work in another process") {
  ScratchFolder folder;
  const std::filesystem::path dir = folder.path() / "run";
  ForkedChild child([&dir](const ForkedChild::Say& say) {
    const RunDirectory lock = RunDirectory::create(dir, joust::test::sample_identity());
    Writer writer(dir, {}, [] {});
    for (TaskIndex task = 0;; ++task) {  // until the parent kills us
      Batch batch;
      add_result(batch, task);
      joust::test::submit(writer, batch);
      while (writer.status().results_committed <= task) std::this_thread::yield();
      say("c");
    }
  });
  std::uint64_t before = 0;
  for (std::size_t said = 1; said < 2000; said += 97) {
    REQUIRE(child.wait_until_said(said));
    const Reader reader(dir);
    const std::uint64_t results = reader.counts().results;
    CHECK(results >= said);
    CHECK(results >= before);
    before = results;
    TaskIndex next = 0;
    std::uint64_t wrong = 0;
    reader.for_each_result([&](const ResultRow& row) { wrong += row.task == next++ ? 0U : 1U; });
    CHECK(wrong == 0);
    CHECK(next >= results);
  }
}
