// Damaged and foreign files in the place of a journal: each gives an error with its name, and none
// is touched.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>
#include <vector>

#include "runner/journal/reader.hpp"
#include "tests/support/journal_samples.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace joust;
using namespace joust::journal;
using joust::test::read_text;
using joust::test::ScratchFolder;

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// A finished journal of some pages.
std::string sample_journal(const std::filesystem::path& dir) {
  RunDirectory::create(dir, joust::test::sample_identity());
  Writer writer(dir, {}, [] {});
  Batch batch;
  for (TaskIndex task = 0; task < 60; ++task) joust::test::add_result(batch, task, 200);
  for (AttemptNumber attempt = 1; attempt <= 3; ++attempt) {
    batch.add(FailedAttempt{.task = 61,
                            .attempt = attempt,
                            .cause = Cause::timed_out,
                            .detail = "after 15m",
                            .slot = 1,
                            .epoch = attempt,
                            .played = Duration(7),
                            .at = 8,
                            .log = "",
                            .charged = true});
  }
  batch.add(QuarantineRow{.task = 61, .cause = Cause::timed_out});
  joust::test::submit(writer, batch);
  writer.finish("finished");
  return read_text(dir / "run.db");
}

// What opening says: a reader first, then a writer. Both must fail, with the file's name.
std::string refusal(const std::filesystem::path& dir) {
  std::string of_reader;
  std::string of_writer;
  try {
    const Reader reader(dir);
  } catch (const JournalError& error) {
    of_reader = error.what();
  }
  try {
    const Writer writer(dir, {}, [] {});
  } catch (const JournalError& error) {
    of_writer = error.what();
  }
  CHECK(contains(of_reader, (dir / "run.db").string()));
  CHECK(of_reader == of_writer);
  return of_reader;
}

void change(const std::filesystem::path& dir, const char* sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open((dir / "run.db").c_str(), &database) == SQLITE_OK);
  CHECK(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
}

}  // namespace

TEST_CASE("what is not a sound journal is refused with its name and left as it was") {
  ScratchFolder folder;
  const auto dir = folder.path() / "run";
  std::string bytes = sample_journal(dir);
  REQUIRE(bytes.size() > 5 * 4096);
  std::string expected;
  SUBCASE("an empty file") {
    bytes.clear();
    expected = "no joust journal";
  }
  SUBCASE("some text") {
    bytes = std::string(5000, 'x');
    expected = "not a joust journal, or a damaged one; nothing was overwritten";
  }
  SUBCASE("a lost tail") {
    bytes.resize(bytes.size() - 4096);
    expected = "damaged";
  }
  SUBCASE("a page of zeros") {
    bytes.replace(3 * 4096, 4096, 4096, '\0');
    expected = "damaged";
  }
  SUBCASE("another program's database") {
    change(dir, "PRAGMA application_id=1");
    bytes = read_text(dir / "run.db");
    expected = "no joust journal (application_id 1";
  }
  SUBCASE("a journal of the future") {
    change(dir, "PRAGMA user_version=4");
    bytes = read_text(dir / "run.db");
    expected = "schema version 4, but this joust reads versions 1 to 3";
  }
  joust::test::write_text(dir / "run.db", bytes);
  const std::string refused = refusal(dir);
  CAPTURE(refused);
  CHECK(contains(refused, expected));
  CHECK(read_text(dir / "run.db") == bytes);
}

TEST_CASE("a journal cut at any place is refused") {
  ScratchFolder folder;
  const auto dir = folder.path() / "run";
  const std::string bytes = sample_journal(dir);
  for (std::size_t size = 0; size < bytes.size(); size += 251) {
    joust::test::write_text(dir / "run.db", bytes.substr(0, size));
    CAPTURE(size);
    CHECK_THROWS_AS(joust::test::dump(dir), JournalError);
  }
}

TEST_CASE("a damaged byte anywhere is noticed, or changes nothing that counts") {
  ScratchFolder folder;
  const auto dir = folder.path() / "run";
  std::string bytes = sample_journal(dir);
  const std::vector<std::string> sound = joust::test::dump(dir);
  std::size_t noticed = 0;
  std::size_t tried = 0;
  for (std::size_t place = 0; place < bytes.size(); place += 29, ++tried) {
    const char original = bytes[place];
    bytes[place] = static_cast<char>(original ^ (1 << (place % 8)));
    joust::test::write_text(dir / "run.db", bytes);
    CAPTURE(place);
    try {
      const std::vector<std::string> found = joust::test::dump(dir);
      CHECK(found == sound);
    } catch (const JournalError& error) {
      ++noticed;
      CHECK(contains(error.what(), dir.string()));
    }
    if (read_text(dir / "run.db") != bytes) FAIL("reading changed the file");
    bytes[place] = original;
  }
  INFO(fmt::format("{} of {} damages were noticed", noticed, tried));
  CHECK(noticed > tried / 4);
}

TEST_CASE("a damaged journal with a log beside it is left as it was, with its log") {
  ScratchFolder folder;
  const auto dir = folder.path() / "run";
  RunDirectory::create(dir, joust::test::sample_identity());
  std::string log;
  {
    Writer writer(dir, {}, [] {});
    log = read_text(dir / "run.db-wal");
  }
  const std::string garbage(8192, 'g');
  joust::test::write_text(dir / "run.db", garbage);
  joust::test::write_text(dir / "run.db-wal", log);
  CHECK(!log.empty());
  refusal(dir);
  CHECK(read_text(dir / "run.db") == garbage);
  CHECK(read_text(dir / "run.db-wal") == log);
}
