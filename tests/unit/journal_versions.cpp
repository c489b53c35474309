// Journals that earlier versions of joust have made: they can be read, and are not written to.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "runner/journal/reader.hpp"
#include "runner/journal/schema.hpp"
#include "runner/journal/writer.hpp"
#include "tests/support/journal_samples.hpp"
#include "tests/support/scratch_folder.hpp"

namespace joust::test {
namespace {

using journal::Batch;
using journal::Database;
using journal::Reader;

// A journal of three results, a failed attempt and a session, as that schema has it.
class OldJournal {
 public:
  explicit OldJournal(std::int64_t version) {
    journal::RunDirectory::create(dir(), sample_identity());
    fill();
    const Database database(dir() / "run.db", Database::Mode::write);
    if (version < 3) {
      database.execute("ALTER TABLE result DROP COLUMN slot");
      database.execute("ALTER TABLE result DROP COLUMN at");
      database.execute("ALTER TABLE failed_attempt DROP COLUMN stack");
      database.execute("ALTER TABLE failed_attempt DROP COLUMN culprit");
    }
    if (version < 2) database.execute("ALTER TABLE session DROP COLUMN containment");
    for (TaskIndex task = 0; task < 3; ++task) {
      const std::string bytes = sample_result(task, 100);
      const journal::ResultRow row{.task = task,
                                   .attempt = 1,
                                   .played = Duration(1000 + static_cast<std::int64_t>(task)),
                                   .encoded = bytes};
      database.execute(fmt::format("UPDATE result SET checksum = {} WHERE task = {}",
                                   journal::row_checksum(row, version), task));
    }
    database.execute(fmt::format("UPDATE failed_attempt SET checksum = {}",
                                 journal::row_checksum(failure(), version)));
    database.execute(fmt::format("PRAGMA user_version = {}", version));
  }
  std::filesystem::path dir() const { return folder_.path() / "run"; }

 private:
  static journal::FailedAttempt failure() {
    journal::FailedAttempt row;
    row.task = 2;
    row.attempt = 1;
    row.detail = "signal 11 (SIGSEGV)";
    return row;
  }
  void fill() const {
    journal::Writer writer(dir(), {}, [] {});
    Batch batch;
    for (TaskIndex task = 0; task < 3; ++task) add_result(batch, task, 100);
    batch.add(failure());
    submit(writer, batch);
    writer.finish("finished");
  }
  ScratchFolder folder_;
};

TEST_CASE("journals of the first and the second schema can be read") {
  for (const std::int64_t version : {1, 2}) {
    CAPTURE(version);
    const OldJournal old(version);
    const Reader reader(old.dir());
    std::vector<TaskIndex> tasks;
    reader.for_each_result([&](const journal::ResultRow& row) {
      tasks.push_back(row.task);
      CHECK(row.encoded == sample_result(row.task, 100));
      CHECK(row.slot == 0);
      CHECK(row.at == 0);
    });
    CHECK(tasks == std::vector<TaskIndex>{0, 1, 2});
    std::uint64_t failures = 0;
    reader.for_each_failed_attempt([&](const journal::FailedAttempt& row) {
      ++failures;
      CHECK(row.stack.empty());
      CHECK(!row.culprit);
    });
    CHECK(failures == 1);
    REQUIRE(reader.sessions().size() == 1);
    CHECK(reader.sessions()[0].ending == "finished");
    CHECK(reader.sessions()[0].containment == (version == 1 ? "" : "none"));
    CHECK(reader.damage().empty());
  }
}

TEST_CASE("a journal of an older schema is not written to, and the error says who can") {
  const OldJournal old(2);
  try {
    const journal::Writer writer(old.dir(), {}, [] {});
    FAIL("it was opened");
  } catch (const journal::JournalError& error) {
    const std::string text = error.what();
    CAPTURE(text);
    CHECK(text.find("schema version 2, which this joust can read but not go on with") !=
          std::string::npos);
  }
}

TEST_CASE("what a damaged journal still holds can be read, and it tells what it left out") {
  ScratchFolder folder;
  const auto dir = folder.path() / "run";
  journal::RunDirectory::create(dir, sample_identity());
  {
    journal::Writer writer(dir, {}, [] {});
    Batch batch;
    for (TaskIndex task = 0; task < 10; ++task) add_result(batch, task, 100);
    submit(writer, batch);
    writer.finish("finished");
  }
  {
    const Database database(dir / "run.db", Database::Mode::write);
    database.execute("UPDATE result SET played = 1 WHERE task = 4");
  }
  CHECK_THROWS_AS(Reader(dir).for_each_result([](const journal::ResultRow&) {}),
                  journal::JournalError);
  const Reader reader(dir, journal::Damage::skip);
  std::vector<TaskIndex> tasks;
  reader.for_each_result([&](const journal::ResultRow& row) { tasks.push_back(row.task); });
  CHECK(tasks == std::vector<TaskIndex>{0, 1, 2, 3, 5, 6, 7, 8, 9});
  REQUIRE(reader.damage().size() == 1);
  CHECK(reader.damage()[0].find("result of task 4 is damaged") != std::string::npos);
}

TEST_CASE("of a journal that was cut short the beginning can be read") {
  ScratchFolder folder;
  const auto dir = folder.path() / "run";
  journal::RunDirectory::create(dir, sample_identity());
  {
    journal::Writer writer(dir, {}, [] {});
    Batch batch;
    for (TaskIndex task = 0; task < 2000; ++task) add_result(batch, task, 200);
    submit(writer, batch);
    writer.finish("finished");
  }
  const std::string bytes = read_text(dir / "run.db");
  write_text(dir / "run.db", bytes.substr(0, bytes.size() / 2 / 4096 * 4096));
  CHECK_THROWS_AS(Reader{dir}, journal::JournalError);
  const Reader reader(dir, journal::Damage::skip);
  std::uint64_t read = 0;
  reader.for_each_result([&](const journal::ResultRow& row) {
    CHECK(row.task == read);
    ++read;
  });
  CHECK(read > 500);
  CHECK(read < 1900);
  CHECK(reader.damage().size() >= 2);
}

}  // namespace
}  // namespace joust::test
