// Journals of which pages are damaged: all that lies on the other pages is read.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <numeric>
#include <random>
#include <set>

#include "runner/journal/key_scan.hpp"
#include "runner/journal/reader.hpp"
#include "tests/support/journal_samples.hpp"
#include "tests/support/scratch_folder.hpp"

namespace joust::test {
namespace {

using journal::Reader;

constexpr std::size_t kPage = 4096;
constexpr TaskIndex kResults = 1500;
constexpr TaskIndex kFailures = 900;  // of every second task, entered backwards

// What can be read: results by task, failed attempts by task.
struct Found {
  std::vector<TaskIndex> results;
  std::vector<TaskIndex> failures;
  std::vector<std::string> damage;

  std::size_t lost() const { return kResults + kFailures - results.size() - failures.size(); }
};

class DamagedJournal {
 public:
  DamagedJournal() {
    journal::RunDirectory::create(dir_, sample_identity());
    journal::Writer writer(dir_, {}, [] {});
    for (TaskIndex from = 0; from < kResults; from += 100) {
      journal::Batch batch;
      for (TaskIndex task = from; task < from + 100; ++task) add_result(batch, task, 200);
      submit(writer, batch);
    }
    for (TaskIndex i = 0; i < kFailures; i += 100) {
      journal::Batch batch;
      for (TaskIndex k = i; k < i + 100; ++k) batch.add(failure(2 * (kFailures - 1 - k)));
      submit(writer, batch);
    }
    writer.finish("finished");
    sound_ = read_text(dir_ / "run.db");
  }

  std::size_t pages() const { return sound_.size() / kPage; }

  Found with_zeroed(const std::vector<std::size_t>& pages) const {
    std::string bytes = sound_;
    for (const std::size_t page : pages) bytes.replace(page * kPage, kPage, kPage, '\0');
    return with(bytes);
  }
  Found cut_to(std::size_t pages) const { return with(sound_.substr(0, pages * kPage)); }

 private:
  static journal::FailedAttempt failure(TaskIndex task) {
    journal::FailedAttempt row;
    row.task = task;
    row.attempt = 1;
    row.detail = std::string(80, 'd');
    return row;
  }
  Found with(const std::string& bytes) const {
    write_text(dir_ / "run.db", bytes);
    const Reader reader(dir_, journal::Damage::skip);
    Found found;
    reader.for_each_result([&](const journal::ResultRow& row) {
      CHECK(row.encoded == sample_result(row.task, 200));
      found.results.push_back(row.task);
    });
    reader.for_each_failed_attempt(
        [&](const journal::FailedAttempt& row) { found.failures.push_back(row.task); });
    CHECK(std::is_sorted(found.results.begin(), found.results.end()));
    CHECK(std::is_sorted(found.failures.begin(), found.failures.end()));
    found.damage = reader.damage();
    return found;
  }

  ScratchFolder folder_;
  std::filesystem::path dir_ = folder_.path() / "run";
  std::string sound_;
};

bool any_has(const std::vector<std::string>& lines, std::string_view part) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

// The rows on each page, by what is lost without it. The first page, without which nothing can be
// read, has none.
std::vector<std::size_t> rows_by_page(const DamagedJournal& journal) {
  std::vector<std::size_t> rows(1);
  for (std::size_t page = 1; page < journal.pages(); ++page) {
    const Found found = journal.with_zeroed({page});
    CAPTURE(page);
    rows.push_back(found.lost());
    if (found.lost() > 0) CHECK(any_has(found.damage, " cannot be read: those of "));
  }
  return rows;
}

TEST_CASE("a damaged page hides its own rows and no others") {
  const DamagedJournal journal;
  const std::vector<std::size_t> rows = rows_by_page(journal);
  // all rows lie below the root of their table as well
  CHECK(std::accumulate(rows.begin(), rows.end(), std::size_t{0}) == 2 * (kResults + kFailures));
  CHECK(std::count_if(rows.begin(), rows.end(), [](std::size_t lost) { return lost > 100; }) == 2);

  std::mt19937 engine(5);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::size_t> zeroed;
    std::size_t expected = 0;
    for (std::size_t page = 1; page < rows.size(); ++page) {
      if (rows[page] > 100 || engine() % 20 >= static_cast<unsigned>(round)) continue;
      zeroed.push_back(page);
      expected += rows[page];
    }
    CAPTURE(round);
    CHECK(journal.with_zeroed(zeroed).lost() == expected);
  }
}

TEST_CASE("of a journal without its last page all the rest is read") {
  const DamagedJournal journal;
  const Found found = journal.cut_to(journal.pages() - 1);
  CHECK(found.lost() < 50);
  CHECK_FALSE(found.damage.empty());
  for (const std::string& line : found.damage) {
    CAPTURE(line);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.find("overwritten") == std::string::npos);
  }
}

TEST_CASE("what was lost is told by its keys") {
  const DamagedJournal journal;
  std::set<TaskIndex> lost;
  Found found;
  for (std::size_t page = 1; lost.empty(); ++page) {
    found = journal.with_zeroed({page});
    const bool is_leaf = found.results.size() < kResults && found.results.size() > kResults / 2;
    for (TaskIndex task = 0; is_leaf && task < kResults; ++task) lost.insert(task);
    for (const TaskIndex task : found.results) lost.erase(task);
  }
  REQUIRE(*lost.rbegin() - *lost.begin() + 1 == lost.size());
  CHECK(any_has(found.damage,
                fmt::format("run.db: up to {} results cannot be read: those of task {} to {}",
                            lost.size(), *lost.begin(), *lost.rbegin())));
}

TEST_CASE("gaps are named shortly") {
  CHECK(journal::gaps_text({{7, 7}}, "results", "task") ==
        "up to 1 results cannot be read: those of task 7");
  CHECK(journal::gaps_text({{7, 8}, {11, std::nullopt}}, "results", "task") ==
        "results cannot be read: those of task 7 to 8, 11 and all after it");
  const std::vector<journal::Gap> many(8, {1, 2});
  CHECK(journal::gaps_text(many, "results", "task") ==
        "up to 16 results cannot be read: those of task 1 to 2, 1 to 2, 1 to 2, 1 to 2, 1 to 2, 3 "
        "more");
}

}  // namespace
}  // namespace joust::test
