// The run directory: made in one step, never overwritten, held by one supervisor at a time.

#include "runner/journal/run_directory.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <thread>

#include "runner/journal/own_files.hpp"
#include "runner/journal/reader.hpp"
#include "tests/support/forked_child.hpp"
#include "tests/support/journal_samples.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace joust::journal;
using joust::test::ForkedChild;
using joust::test::read_text;
using joust::test::sample_identity;
using joust::test::ScratchFolder;

namespace {

template <class Error = JournalError>
std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "(no error)";
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_CASE("a new run directory holds the spec, the inputs and an empty journal with the identity") {
  ScratchFolder folder;
  const auto dir = folder.path() / "deep" / "er" / "x #1%20?";
  const RunIdentity identity = sample_identity();
  const RunDirectory made = RunDirectory::create(dir, identity);
  CHECK(made.path() == dir);
  CHECK(names_in(dir.parent_path()) == std::vector<std::string>{"x #1%20?"});
  CHECK(names_in(dir) ==
        std::vector<std::string>{"attempts", "blobs", "inputs", "run.db", "spec.toml"});
  CHECK(read_text(dir / "spec.toml") == identity.spec_text);
  CHECK(read_text(dir / "inputs" / "catalog.json") == "{\"a\": 1}\n");
  CHECK(read_text(dir / "inputs" / "empty.txt").empty());

  const RunIdentity read = read_identity(Reader(dir), dir);
  CHECK(read.name == identity.name);
  CHECK(read.spec_text == identity.spec_text);
  CHECK(read.inputs == identity.inputs);
  CHECK(read.overrides == identity.overrides);
  CHECK(read.deciding == identity.deciding);
  CHECK(read.worlds == identity.worlds);
  CHECK(Reader(dir).counts() == Counts{});
  CHECK(Reader(dir).meta().at("deciding.tournament.seed") == "7");
}

TEST_CASE("an existing folder is never overwritten, and the error says how to go on") {
  ScratchFolder folder;
  const auto dir = folder.path() / "x";
  SUBCASE("a run directory") { RunDirectory::create(dir, sample_identity()); }
  SUBCASE("an empty folder") { std::filesystem::create_directory(dir); }
  SUBCASE("a file") { joust::test::write_text(dir, "mine"); }
  SUBCASE("a link to nowhere") { std::filesystem::create_symlink("nowhere", dir); }
  const std::string error = error_of([&] { RunDirectory::create(dir, sample_identity()); });
  CHECK(error == fmt::format("{0} exists already; go on with it: joust resume {0}, or choose "
                             "another folder with --out",
                             dir.string()));
  CHECK(names_in(folder.path()) == std::vector<std::string>{"x"});
}

TEST_CASE("a run directory that cannot be made leaves nothing behind") {
  ScratchFolder folder;
  RunIdentity identity = sample_identity();
  identity.inputs["../outside"] = "content";
  const std::string error = error_of([&] { RunDirectory::create(folder.path() / "x", identity); });
  CHECK(contains(error, "'../outside'"));
  CHECK(names_in(folder.path()).empty());

  joust::test::write_text(folder.path() / "file", "");
  const std::string below_file =
      error_of([&] { RunDirectory::create(folder.path() / "file" / "x", sample_identity()); });
  CAPTURE(below_file);
  CHECK(contains(below_file, (folder.path() / "file").string()));
}

TEST_CASE("of two creators at once exactly one wins, and its directory is whole") {
  for (int round = 0; round < 20; ++round) {
    ScratchFolder folder;
    const auto dir = folder.path() / "x";
    const auto create = [&dir](const ForkedChild::Say& say) {
      RunIdentity identity = sample_identity();
      identity.name = fmt::format("{}", ::getpid());
      say(error_of([&] { RunDirectory::create(dir, identity); }));
    };
    ForkedChild first(create);
    ForkedChild second(create);
    const std::string winner_is_first = fmt::format("{}", first.pid());
    const std::string one = first.wait().said;
    const std::string two = second.wait().said;
    CAPTURE(one);
    CAPTURE(two);
    CHECK((one == "(no error)") != (two == "(no error)"));
    CHECK(contains(one + two, "exists already"));
    CHECK((read_identity(Reader(dir), dir).name == winner_is_first) == (one == "(no error)"));
    CHECK(names_in(folder.path()) == std::vector<std::string>{"x"});
  }
}

TEST_CASE("a creator killed at any moment leaves no directory, or a whole one") {
  int whole = 0;
  for (int round = 0; round < 40; ++round) {
    ScratchFolder folder;
    const auto dir = folder.path() / "x";
    ForkedChild child([&dir, round](const ForkedChild::Say& say) {
      say("s");
      RunIdentity identity = sample_identity();
      for (int i = 0; i < 20; ++i) identity.inputs[fmt::format("{}.txt", i)] = "content";
      RunDirectory::create(dir, identity);
      say("done");
    });
    child.wait_until_said(1);
    // each round waits for one more thing to appear, so that the kill falls into another step
    for (int i = 0; i < round && !std::filesystem::exists(dir); ++i) {
      static_cast<void>(names_in(folder.path()));
      std::this_thread::yield();
    }
    if (round == 39) child.wait_until_said(5);
    child.send_signal(SIGKILL);
    child.wait();
    if (!std::filesystem::exists(dir)) continue;
    ++whole;
    CHECK(read_identity(Reader(dir), dir).inputs.size() == 22);
    CHECK(names_in(dir / "inputs").size() == 22);
    CHECK_NOTHROW(RunDirectory::open(dir));
  }
  CHECK(whole >= 1);
}

TEST_CASE("a second supervisor is kept out, and told which process holds the lock") {
  ScratchFolder folder;
  const auto dir = folder.path() / "x";
  ForkedChild holder([&dir](const ForkedChild::Say& say) {
    const RunDirectory held = RunDirectory::create(dir, sample_identity());
    say("held");
    ::pause();
  });
  REQUIRE(holder.wait_until_said(4));
  const std::string error = error_of<LockedError>([&] { RunDirectory::open(dir); });
  CAPTURE(error);
  CHECK(contains(error, dir.string() + ": another joust"));
  if (std::filesystem::exists("/proc/locks")) {
    CHECK(contains(error, fmt::format("(process {})", holder.pid())));
  }
  CHECK(Reader(dir).counts() == Counts{});  // reading needs no lock

  holder.send_signal(SIGKILL);
  holder.wait();
  CHECK_NOTHROW(RunDirectory::open(dir));  // the lock died with its holder
}

TEST_CASE("the lock is held as long as the object lives, wherever it was moved") {
  ScratchFolder folder;
  const auto dir = folder.path() / "x";
  const auto locked = [&] {
    return error_of<LockedError>([&] { RunDirectory::open(dir); }) != "(no error)";
  };
  {
    RunDirectory first = RunDirectory::create(dir, sample_identity());
    CHECK(locked());
    const RunDirectory second = std::move(first);
    CHECK(locked());
    CHECK(second.path() == dir);
  }
  CHECK_FALSE(locked());
  const RunDirectory again = RunDirectory::open(dir.string() + "/");
  CHECK(again.path() == dir);
  CHECK(locked());
}

TEST_CASE("opening what is no run directory says what is wrong with it") {
  ScratchFolder folder;
  const auto dir = folder.path() / "x";
  const auto open = [&] { RunDirectory::open(dir); };
  const auto read = [&] { Reader reader(dir); };
  CHECK(error_of(open) == dir.string() + ": there is no such run directory");
  CHECK(contains(error_of(read), dir.string() + " is no run directory: there is no "));
  SUBCASE("a file") {
    joust::test::write_text(dir, "mine");
    CHECK(contains(error_of(open), "Not a directory"));
    CHECK(contains(error_of(read), "is no run directory"));
  }
  SUBCASE("a folder without a journal") {
    std::filesystem::create_directory(dir);
    CHECK(error_of(open) == dir.string() + " is no run directory: it has no run.db");
  }
}

TEST_CASE("differences between two specs name the keys and both values") {
  const std::map<std::string, std::string> recorded = {{"a", "1"}, {"b", "2"}, {"d", "4"}};
  const std::map<std::string, std::string> now = {{"a", "1"}, {"b", "3"}, {"c", "5"}};
  CHECK(differences(recorded, recorded).empty());
  CHECK(differences(recorded, now) ==
        std::vector<std::string>{"b: 2 in the run, 3 in spec.toml",
                                 "c: (none) in the run, 5 in spec.toml",
                                 "d: 4 in the run, (none) in spec.toml"});
}

TEST_CASE("the files that joust keeps in a run directory are known by whatever path") {
  ScratchFolder folder;
  const auto dir = folder.path() / "x";
  RunDirectory::create(dir, sample_identity());
  std::filesystem::create_directory(dir / "x-stage-0001");
  joust::test::write_text(dir / "x-stage-0001" / "scores.csv", "");
  std::filesystem::create_symlink(dir / "run.db", folder.path() / "link");
  std::filesystem::create_directory_symlink(dir, folder.path() / "other");
  for (const char* own :
       {"x/run.db", "x/run.db-wal", "x/run.db-shm", "x/run.db-journal", "x/spec.toml",
        "x/events.jsonl", "x/status.json", "x/standings.csv", "x/x-stage-0001/scores.csv", "link",
        "other/run.db", "x/attempts/../run.db", "other/../x/spec.toml"}) {
    CAPTURE(own);
    CHECK(is_own_file(folder.path() / own));
  }
  for (const char* free : {"x/report.html", "x/report.json", "x/x-stage-0001/new.csv", "run.db",
                           "x/new/run.db", "spec.toml"}) {
    CAPTURE(free);
    CHECK_FALSE(is_own_file(folder.path() / free));
  }
}
